"""A conversation on paper and as PDF."""
