"""What the program does: asyncio, one thread, no window."""
