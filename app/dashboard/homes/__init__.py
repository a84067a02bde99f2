"""One module per group of roles: each puts a home page together from the rooms' queries."""
