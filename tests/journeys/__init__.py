"""The real window against a real server, as a person would use it."""
