"""What operators do with instances, and what goes wrong in them: incidents, standstill, suspend, cancel, place."""
