"""Who did what, when: append-only, sealed in batches by a chain of hashes."""
