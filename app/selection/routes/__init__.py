"""Doors of the room: the office, the experts, and what is kept for reading."""
