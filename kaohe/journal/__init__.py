"""The record (痕迹): one entry for each thing done, append-only."""
