"""Pure rules of the accounts room."""

import hashlib
from collections.abc import Collection
from datetime import date

from app.accounts.vocabulary import MOST_ABSENT_DAYS, SUBSTITUTES, Role

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))


def find_uscc_fault(code: str) -> int | None:
    """The position (from 1) at which a unified social credit code is wrong, or None; GB 32100-2015.

    18 characters of the alphabet without I, O, S, V, Z; the last is a check character modulo 31.
    """
    for position, char in enumerate(code[:18], start=1):
        if char not in USCC_ALPHABET:
            return position
    if len(code) != 18:
        return min(len(code) + 1, 19)
    return None if code[17] == uscc_check_character(code[:17]) else 18


def uscc_check_character(body: str) -> str:
    """The 18th character for the first 17 (GB 32100-2015)."""
    total = sum(USCC_ALPHABET.index(char) * weight for char, weight in zip(body, USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[(31 - total % 31) % 31]


def may_stand_in(role: str, held: Collection[str]) -> bool:
    """Whether somebody who holds `held` may do the work of `role` while its holder is away (AB角, flows.md section 14)."""
    return not SUBSTITUTES.get(Role(role), frozenset()).isdisjoint(held)


def is_away(*, starts_on: date, ends_on: date, is_ended: bool, today: date) -> bool:
    """Whether an absence holds today; both its days count."""
    return not is_ended and starts_on <= today <= ends_on


def find_period_fault(*, starts_on: date, ends_on: date, today: date) -> tuple[str, str] | None:
    """(field, code) of what is wrong with the days of an absence, or None."""
    if starts_on < today:
        return "starts_on", "absence_past"
    if ends_on < starts_on:
        return "ends_on", "absence_backwards"
    if (ends_on - starts_on).days >= MOST_ABSENT_DAYS:
        return "ends_on", "absence_long"
    return None


def find_password_fault(password: str) -> str | None:
    """The code of what is wrong with a new password: at least 8 characters, 3 of 4 classes (domain.md, Annex 3)."""
    if len(password) < 8:
        return "password_short"
    classes = (
        any(char.islower() for char in password),
        any(char.isupper() for char in password),
        any(char.isdigit() for char in password),
        any(not char.isalnum() for char in password),
    )
    return None if sum(classes) >= 3 else "password_simple"


def hash_token(token: str) -> str:
    """What is kept of a bearer token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()
