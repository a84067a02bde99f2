"""What commands print: JSON for programs, lines for people, and refusals as sentences."""

from typing import Any

import click
import orjson
from flask.cli import ScriptInfo

from app.kernel.errors import DomainError, InvalidError
from app.web.locale import Locale
from app.web.sentences import sentence
from config import Settings


class CommandGroup(click.Group):
    """Commands whose refusals are told in a sentence, with exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 -- click's signature
        try:
            return super().invoke(ctx)
        except DomainError as refused:
            settings: Settings = ctx.ensure_object(ScriptInfo).load_app().config["SETTINGS"]
            locale: Locale = "en" if settings.locale == "en" else "zh"
            raise click.ClickException(_told(refused, locale)) from refused


def _told(refused: DomainError, locale: Locale) -> str:
    fields = refused.fields.values() if isinstance(refused, InvalidError) else ()
    said = [(error.code, error.params) for errors in fields for error in errors] or [(refused.code, refused.params)]
    return " ".join(sentence(code, locale, **params) for code, params in said)


def print_json(value: Any) -> None:  # noqa: ANN401 -- any JSON value
    """One JSON document on standard output."""
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())
