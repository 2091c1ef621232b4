"""The OpenAI chat API as a `Provider`; `provider.py` is light, `client.py` imports the SDK."""
