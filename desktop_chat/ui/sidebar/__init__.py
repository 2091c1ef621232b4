"""The list of conversations, its search, and the foot with the endpoints."""
