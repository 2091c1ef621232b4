"""Facts about this machine: folders, files, logs, locks; imports no other floor."""
