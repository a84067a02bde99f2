"""专家库: who may be drawn, and what speaks against it."""
