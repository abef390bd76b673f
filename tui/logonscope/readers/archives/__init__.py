"""Logs inside of archives, read as streams: nothing is ever unpacked to a disk."""
