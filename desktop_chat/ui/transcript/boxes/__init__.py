"""What a message is painted with: one kind of box per file, one protocol for all."""
