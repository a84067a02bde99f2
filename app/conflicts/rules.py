"""Pure rules of the conflicts room: what two written names of organisations are to each other.

Must-hits are pairs of one legal person; what may be one interest is `related` and waits for a person's decision.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from app.conflicts.names import (
    MOST_NAMES,
    ParsedName,
    compatible_places,
    holds_place,
    lexicon,
    parse_name,
    plain,
    trim_words,
)
from app.conflicts.vocabulary import MatchReason, Verdict

SET_APART = ("附属", "医院", "研究院", "研究生院", "出版社", "中学", "小学", "幼儿园", "独立学院", "公司", "集团")
"""What carries a university's name and is usually registered apart."""


@dataclass(frozen=True, slots=True)
class Match:
    """The verdict about two names, and why."""

    verdict: Verdict
    reason: MatchReason


def same(reason: MatchReason) -> Match:
    return Match(Verdict.SAME, reason)


def related(reason: MatchReason) -> Match:
    return Match(Verdict.RELATED, reason)


def different(reason: MatchReason) -> Match:
    return Match(Verdict.DIFFERENT, reason)


def match_names(a: str, b: str) -> Match:
    """What two names of organisations are to each other; the order of the two does not matter.

    >>> match_names("中兴通讯股份有限公司", "中兴通讯").verdict
    <Verdict.SAME: 'same'>
    """
    if a == b:
        return same(MatchReason.IDENTICAL)
    first, second = sorted((parse_name(a), parse_name(b)), key=lambda name: (len(name.text), name.text))
    if not first.text or not second.text:
        return different(MatchReason.NAMES_DIFFER)
    for step in STEPS:
        match = step(first, second)
        if match is not None:
            return match
    return different(MatchReason.NAMES_DIFFER)


def _by_spelling(a: ParsedName, b: ParsedName) -> Match | None:
    if plain(a.folded) == plain(b.folded):
        return same(MatchReason.SPELLING)
    if a.text == b.text:
        return same(MatchReason.BRANCH if a.is_branch or b.is_branch else MatchReason.SHORT_NAME)
    return None


def _by_record(a: ParsedName, b: ParsedName) -> Match | None:
    keys = entity_of(a), entity_of(b)
    verdict = lexicon().relations.get(frozenset(keys))
    if verdict is not None:
        return Match(verdict, MatchReason.RECORDED)
    return same(MatchReason.ALIAS) if keys[0] == keys[1] else None


def entity_of(name: ParsedName) -> str:
    """The entity that the alias table knows under this name, or the name itself."""
    aliases = lexicon().aliases
    return aliases.get(plain(name.folded)) or aliases.get(name.text) or name.text


def _by_places(a: ParsedName, b: ParsedName) -> Match | None:
    """Cores alike: then legal form, place and bracket decide."""
    if a.core != b.core or not a.core:
        return None
    if a.is_school or b.is_school:
        return _school_of_place(a, b)
    if a.places and b.places and not compatible_places(a.places, b.places):
        return different(MatchReason.PLACE_DIFFERS)
    if a.inner_places != b.inner_places and a.places | a.inner_places != b.places | b.inner_places:
        return related(MatchReason.GROUP)
    if a.is_company != b.is_company:
        return same(MatchReason.SHORT_NAME)
    return same(MatchReason.LEGAL_FORM if a.places == b.places else MatchReason.PLACE_LEFT_OUT)


def _school_of_place(a: ParsedName, b: ParsedName) -> Match:
    """A university's place is part of its name; only a bracket behind it may be a campus."""
    if a.places == b.places:
        return related(MatchReason.AFFILIATED) if a.inner_places != b.inner_places else same(MatchReason.SPELLING)
    return different(MatchReason.PLACE_DIFFERS if a.places and b.places else MatchReason.NAMES_DIFFER)


def _by_institute(a: ParsedName, b: ParsedName) -> Match | None:
    """Numbered institutes of one house, and short names such as 大连化物所."""
    digits = [("".join(char for char in name.text if char.isdigit())) for name in (a, b)]
    bare = [_bare_institute(name.text) for name in (a, b)]
    if all(digits) and bare[0] == bare[1]:
        return same(MatchReason.SHORT_NAME) if digits[0] == digits[1] else different(MatchReason.NUMBER_DIFFERS)
    house = "中国科学院"
    if not a.text.startswith(house) or not b.text.startswith(house) or a.text == house:
        return None
    short, long = a.text.removeprefix(house), b.text.removeprefix(house)
    if short[-1] in "所院" and is_abbreviation(short, long):
        return same(MatchReason.SHORT_NAME)
    return different(MatchReason.NAMES_DIFFER)


def _bare_institute(text: str) -> str:
    kept = "".join(char for char in text if not char.isdigit())
    for long, brief in (
        ("集团公司", "集团"),
        ("集团有限公司", "集团"),
        ("研究所", "所"),
        ("工程局", "局"),
        ("研究院", "院"),
    ):
        kept = kept.replace(long, brief)
    kept = kept.removesuffix("有限公司").removesuffix("公司")
    return kept.removesuffix("集团") if kept.endswith("局集团") else kept


def is_abbreviation(short: str, long: str) -> bool:
    """Whether `short` takes its characters from `long` in order, beginning and ending alike."""
    if not short or short[0] != long[0] or short[-1] != long[-1]:
        return False
    rest = iter(long)
    return all(char in rest for char in short)


def _by_short_company(a: ParsedName, b: ParsedName) -> Match | None:
    """A trade name without legal form against a registered name."""
    short, long = (a, b) if not a.is_company else (b, a)
    if short.is_company or not long.is_company or short.is_school or not compatible_places(short.places, long.places):
        return None
    full = long.core + ("股份" if long.legal_form.startswith("股份") else "")
    if len(short.core) < 2 or not full.startswith(short.core):
        return None
    if len(short.core) == 2 and short.core in lexicon().words["ordinary"]:
        return None
    rest = long.core[len(short.core) :]
    only_generic = trim_words("#" + rest, "generic") == "#"
    if only_generic or (len(short.core) >= 4 and not holds_place(rest)):
        return same(MatchReason.SHORT_NAME)
    return related(MatchReason.GROUP)


def _by_unit(a: ParsedName, b: ParsedName) -> Match | None:
    """One name begins with the other: an inner unit is the same, what may be registered apart is related."""
    if a.is_company or len(a.text) < 3 or not b.text.startswith(a.text) or not _owns_units(a.text):
        return None
    rest = b.text[len(a.text) :]
    if rest.endswith("校区"):
        return same(MatchReason.INNER_UNIT)
    if b.is_company or holds_place(rest) or any(word in rest for word in SET_APART):
        return related(MatchReason.AFFILIATED)
    return same(MatchReason.INNER_UNIT) if is_inner_unit(rest) else related(MatchReason.AFFILIATED)


def _owns_units(text: str) -> bool:
    return text.endswith(
        ("大学", "学院", "医院", "研究院", "研究所", "科学院", "工程院", "局", "厅", "部", "委员会", "中心")
    )


def is_inner_unit(rest: str) -> bool:
    """Whether what follows a university's name is one of its own departments, libraries or faculties."""
    words = lexicon().words
    if rest.endswith(("学院", "学部")):
        stem = rest.removesuffix("学院").removesuffix("学部")
        return any(stem.endswith(subject) or stem.startswith(subject) for subject in words["subject"])
    return rest.endswith(words["inner"])


def _by_group(a: ParsedName, b: ParsedName) -> Match | None:
    """One known group, one name that continues the other, or one trade name."""
    groups = {group_of(name) for name in (a, b)}
    if len(groups) == 1 and None not in groups:
        return related(MatchReason.GROUP)
    if not (a.is_company or b.is_company) or (a.places and b.places and not compatible_places(a.places, b.places)):
        return None
    brands = sorted((brand_of(a), brand_of(b)), key=len)
    if len(brands[0]) < 2 or brands[0] in lexicon().words["ordinary"]:
        return None
    return related(MatchReason.GROUP) if brands[1].startswith(brands[0]) else None


@lru_cache(maxsize=MOST_NAMES)
def group_of(name: ParsedName) -> str | None:
    """The corporate group that the table knows by the head of the name, with or without its place."""
    texts = name.text, name.core, entity_of(name)
    return next((group for head, group in lexicon().groups if any(text.startswith(head) for text in texts)), None)


def brand_of(name: ParsedName) -> str:
    """The trade name: the core without the words of the trade; a school has none, 中国… is known by the whole core."""
    if name.is_school:
        return ""
    if name.core.startswith("中国"):
        return name.core
    return trim_words(name.core, "generic", "industry")


STEPS: tuple[Callable[[ParsedName, ParsedName], Match | None], ...] = (
    _by_spelling,
    _by_record,
    _by_places,
    _by_institute,
    _by_short_company,
    _by_unit,
    _by_group,
)
"""Asked in this order; the first that knows an answer gives it."""
