"""Colours for code."""
