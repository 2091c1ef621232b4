"""What of a conversation lives, how tall it is, and what stays put when something changes."""
