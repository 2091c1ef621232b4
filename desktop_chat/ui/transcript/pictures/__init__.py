"""Pictures of the page: found, shown in the size of the page, and looked at."""
