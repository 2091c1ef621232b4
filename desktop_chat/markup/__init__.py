"""Markdown to flat, frozen leaves, also while the text is still growing; knows no Qt."""
