"""Markdown: whole, growing, mended."""
