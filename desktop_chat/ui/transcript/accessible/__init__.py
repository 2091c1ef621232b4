"""The page as a screen reader meets it."""
