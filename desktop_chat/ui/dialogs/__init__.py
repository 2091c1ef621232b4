"""Windows that are opened for one purpose and closed again."""
