"""The preferences dialog: pages drawn from the settings schema, and the hand-made ones."""
