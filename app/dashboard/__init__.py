"""The home page of every role, the boards of provinces and of the national office, site search."""
