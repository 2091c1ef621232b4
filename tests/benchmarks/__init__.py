"""Figures of the app, each beside a baseline that ran in the same minutes."""
