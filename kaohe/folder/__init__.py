"""Assessment folders: find, decode, read, check, write."""
