"""Proof by exploration: every state that a process can reach, without looking twice at what cannot matter."""
