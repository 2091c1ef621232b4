"""Everything a person can have done, as data, as QActions and as calls into the core."""
