"""Desktop Chat: a native desktop client for OpenAI-compatible endpoints."""

__version__ = "0.1.0"
