"""Processes that are killed and disks that fail: whatever was said to be kept is there afterwards."""
