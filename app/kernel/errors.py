"""Refusals. An error carries a code and parameters; its sentences (zh, en) live in web/sentences."""

from collections.abc import Mapping, Sequence


class DomainError(Exception):
    """A refusal that the user is told about; `code` is one of flows.md section 15 or of the room that raises it."""

    status = 422

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


class UnauthorizedError(DomainError):
    """Nobody is signed in, or the credentials are wrong (401)."""

    status = 401


class ForbiddenError(DomainError):
    """The person may see the thing but not do this (403)."""

    status = 403

    def __init__(self, code: str = "forbidden", **params: object) -> None:
        super().__init__(code, **params)


class NotFoundError(DomainError):
    """Not there, or not visible to this person: the two are never told apart (404)."""

    status = 404

    def __init__(self, code: str = "not_found", **params: object) -> None:
        super().__init__(code, **params)


class ConflictError(DomainError):
    """The state moved on (409)."""

    status = 409


class TooLargeError(DomainError):
    """More than is taken in (413)."""

    status = 413


class InvalidError(DomainError):
    """What was sent breaks a rule (422); `fields` gives each field's refusals as (code, params)."""

    def __init__(
        self, code: str = "invalid", *, fields: Mapping[str, Sequence["FieldError"]] | None = None, **params: object
    ) -> None:
        super().__init__(code, **params)
        self.fields = dict(fields or {})


class FieldError:
    """One refusal at one field; its sentence comes from the same table as that of an error."""

    __slots__ = ("code", "params")

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FieldError) and (self.code, self.params) == (other.code, other.params)

    def __hash__(self) -> int:
        return hash(self.code)

    def __repr__(self) -> str:
        return f"FieldError({self.code!r}, {self.params!r})"


def field_error(field: str, code: str, **params: object) -> InvalidError:
    """An InvalidError with one refusal at one field; the field's code is the error's code."""
    return InvalidError(code, fields={field: [FieldError(code, **params)]}, **params)
