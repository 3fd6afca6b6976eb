"""Signing in and out: how allauth is fitted to us."""
