"""The record over the API: entries, receipts, checkpoints, witnesses, erasures."""
