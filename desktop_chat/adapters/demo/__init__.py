"""The endpoint built into the app: a real server on 127.0.0.1 with scripted answers."""
