"""回避: one engine for every assignment, opening, rating and vote."""
