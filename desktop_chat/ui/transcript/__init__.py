"""The conversation as a painted page: boxes in a virtualised scroll area."""
