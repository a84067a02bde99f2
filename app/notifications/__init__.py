"""What people are told: on their page at once, by mail after the commit."""
