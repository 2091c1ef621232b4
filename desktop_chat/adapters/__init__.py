"""One outside thing each: the OpenAI API, SQLite, the keyring, servers on this computer."""
