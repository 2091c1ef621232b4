"""The window: the only floor that speaks Qt."""
