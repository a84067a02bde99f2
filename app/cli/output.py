"""What commands print: JSON for programs, lines for people."""

from typing import Any

import click
import orjson


def print_json(value: Any) -> None:  # noqa: ANN401 -- any JSON value
    """One JSON document on standard output."""
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())
