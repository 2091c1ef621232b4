"""What the person chose, on disk as one JSON file."""
