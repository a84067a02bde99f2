"""Regions, organisations, users, role grants with scope, sign-in, tokens."""
