"""Doors for the command line; the commands themselves live in their rooms' usecases."""

from flask import Flask


def register(app: Flask) -> None:
    """Adds the commands of contract.md to `flask --app app`."""
    del app
