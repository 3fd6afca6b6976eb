"""Accounts, roles, tokens, jurisdictions, jobs and the installation over the API."""
