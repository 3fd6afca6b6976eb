"""The log as files (透明日志): tiles, checkpoints, keys, witnesses.  Knows no database of ours."""
