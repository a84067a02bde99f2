"""The demo: invented organisations and people, a seeded world, and a player who carries rounds through the use cases."""
