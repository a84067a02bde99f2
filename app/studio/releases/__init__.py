"""A new version before it takes over: what changed, whom it concerns, the move of running cases and the way back."""
