"""A written name taken apart: places, legal form, core, branch."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from app.conflicts.lexicon import Lexicon, read_rows
from app.conflicts.spelling import fold, fold_numbers
from app.conflicts.vocabulary import Verdict

LEGAL_FORM = re.compile(r"(股份有限公司|有限责任公司|有限公司|股份公司|总公司|公司|有限合伙|厂)$")
BRANCH = re.compile(r"^(?P<head>.+?公司|[^()]{4,}?)(?P<tail>[^司]{0,20}?(?:分公司|分行|支行|办事处|营业部))$")
SCHOOL = re.compile(r"(大学|学院|学校|医院|研究院|研究所|研究生院|科学院|工程院)$")
SCHOOL_UNIT = re.compile(r"^.{2,4}(\(.+\)|.*(?:学院|医院|图书馆|校区|研究院|系|处|中心|实验室))$")
PLACE_SUFFIX = ("维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "自治区", "自治州", "省", "市", "地区", "盟")
MOST_NAMES = 20_000
"""How many names are kept taken apart: the organisations of several rounds."""
ABBREVIATIONS: tuple[tuple[str, str], ...] = (
    (r"^中科院", "中国科学院"),
    (r"^中国科学院[(]?(.+?)[)]?$", r"中国科学院\1"),
    (r"^(?:中国电科|中电科)(?:集团)?(?=第?[\d零〇一二三四五六七八九十])", "中国电子科技集团"),
    (r"^中建(?=第?[\d一二三四五六七八九十]+(?:工程)?局)", "中国建筑"),
    (r"^(?:中船重工)(?:集团)?(?=第?[\d零〇一二三四五六七八九十])", "中国船舶重工集团"),
    (r"^浙大(?=.)", "浙江大学"),
    (r"^北大(?=第|医|人民|口腔|深圳|光华)", "北京大学"),
    (r"^(.*)交大$", r"\1交通大学"),
    (r"^(.+)(理工|工业|电子科|科|师|农|医|林|财|民)大$", r"\1\2大#"),
    (r"师大#$", "师范大学"),
    (r"电子科大#$", "电子科技大学"),
    (r"科大#$", "科技大学"),
    (r"农大#$", "农业大学"),
    (r"医大#$", "医科大学"),
    (r"林大#$", "林业大学"),
    (r"财大#$", "财经大学"),
    (r"民大#$", "民族大学"),
    (r"大#$", "大学"),
    (r"^(.+)(?<!工业)工大$", r"\1工业大学"),
    (r"发改委$", "发展和改革委员会"),
    (r"工信(?=[厅局委]$)", "工业和信息化"),
    (r"科技(?=[厅局]$)", "科学技术"),
    (r"市监局$|市场监管局$", "市场监督管理局"),
)


@dataclass(frozen=True, slots=True)
class ParsedName:
    """`text`: the whole in one writing, without brackets; `core`: without leading place and legal form."""

    folded: str
    text: str
    places: frozenset[str]
    inner_places: frozenset[str]
    core: str
    legal_form: str
    is_branch: bool

    @property
    def is_company(self) -> bool:
        return bool(self.legal_form)

    @property
    def is_school(self) -> bool:
        return not self.legal_form and SCHOOL.search(self.text) is not None


@cache
def lexicon() -> Lexicon:
    """The data files of this room in the writing of `fold`."""
    words: dict[str, list[str]] = {}
    for row in read_rows("words.csv"):
        words.setdefault(row["kind"], []).extend(fold(word) for word in row["words"].split())
    places = {fold(place): row["province_code"] for row in read_rows("places.csv") for place in row["names"].split()}
    heads = [(fold(head), row["group"]) for row in read_rows("groups.csv") for head in row["heads"].split()]
    return Lexicon(
        places=dict(sorted(places.items(), key=lambda item: -len(item[0]))),
        words={kind: tuple(sorted(set(known), key=lambda word: (-len(word), word))) for kind, known in words.items()},
        aliases=_read_aliases(),
        groups=tuple(sorted(heads, key=lambda head: (-len(head[0]), head))),
        relations={
            frozenset((_key(row["a"]), _key(row["b"]))): Verdict(row["verdict"]) for row in read_rows("relations.csv")
        },
    )


def _read_aliases() -> Mapping[str, str]:
    aliases = {}
    for row in read_rows("aliases.csv"):
        aliases[_key(row["alias"])] = _key(row["entity"])
        aliases.setdefault(_key(row["entity"]), _key(row["entity"]))
    return aliases


def _key(name: str) -> str:
    return plain(unify_legal_form(fold(name)))


def plain(text: str) -> str:
    """`text` without brackets: （集团）有限公司 and 集团有限公司 are two writings."""
    return text.replace("(", "").replace(")", "").replace("-", "")


def unify_legal_form(text: str) -> str:
    """有限责任公司 and 有限公司 are two writings of one form."""
    return text.replace("有限责任公司", "有限公司")


@lru_cache(maxsize=MOST_NAMES)
def parse_name(name: str) -> ParsedName:
    """Takes a name apart; a customary short form is spelled out first (中科院 → 中国科学院)."""
    folded = unify_legal_form(fold(name))
    text, is_branch = cut_branch(spell_out(folded))
    form = LEGAL_FORM.search(plain(text))
    body = text[: -len(form.group(1))] if form and text.endswith(form.group(1)) else text
    body = re.sub(r"^中国\((.+?)\)", r"\1", body)
    places, rest = cut_places(body)
    inner = frozenset(found for bracket in re.findall(r"\((.+?)\)", rest) for found in cut_places(bracket)[0])
    core = re.sub(r"\(([^)]*)\)", lambda match: _keep_unless_place(match.group(1)), rest)
    return ParsedName(folded, plain(text), places, inner, plain(core), form.group(1) if form else "", is_branch)


def _keep_unless_place(inside: str) -> str:
    places, rest = cut_places(inside)
    return "" if inside == "中国" or (places and not rest) else inside


def spell_out(text: str) -> str:
    """Customary abbreviations in full, ordinals in digits."""
    text = _spell_out_school(text)
    for pattern, full in ABBREVIATIONS:
        text = re.sub(pattern, full, text)
    return fold_numbers(text)


def _spell_out_school(text: str) -> str:
    """A university's short name before a bracket or a unit: 哈工大（深圳）, 武大图书馆."""
    if SCHOOL_UNIT.search(text) is None:
        return text
    alias = next((text[:size] for size in range(4, 1, -1) if text[:size] in _school_aliases()), None)
    return text if alias is None or alias == text else _school_aliases()[alias] + text[len(alias) :]


@cache
def _school_aliases() -> Mapping[str, str]:
    return {fold(row["alias"]): fold(row["entity"]) for row in read_rows("aliases.csv") if row["kind"] == "university"}


def cut_branch(text: str) -> tuple[str, bool]:
    """The company to which a branch belongs: a 分公司 is not a legal person (Company Law)."""
    match = BRANCH.match(text)
    if match is None:
        return text, False
    head = match.group("head")
    return (head, True) if head.endswith("公司") else (head + match.group("tail"), False)


def cut_places(text: str) -> tuple[frozenset[str], str]:
    """The places with which a name begins, without their suffixes, and the rest."""
    found: set[str] = set()
    while (place := find_place(text)) is not None:
        found.add(place)
        text = text[len(place) :]
        text = next((text[len(suffix) :] for suffix in PLACE_SUFFIX if text.startswith(suffix)), text)
    return frozenset(found), text


def find_place(text: str) -> str | None:
    """The longest known place with which `text` begins."""
    return next((text[:size] for size in range(min(8, len(text)), 1, -1) if text[:size] in lexicon().places), None)


def holds_place(text: str) -> bool:
    """Whether a known place stands anywhere in `text`."""
    return any(find_place(text[start:]) for start in range(len(text)))


def compatible_places(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether two sets of places can be one seat: nested, or one names the other's province."""
    if a <= b or b <= a:
        return True
    codes = lexicon().places
    return not a.isdisjoint(b) or ({codes[place] for place in a} == {codes[place] for place in b} and len(a | b) > 2)


def trim_words(core: str, *kinds: str) -> str:
    """`core` without the words of `kinds` at its end, as far as two characters remain."""
    words = tuple(word for kind in kinds for word in lexicon().words[kind])
    while True:
        end = next((word for word in words if core.endswith(word)), None)
        if end is None or core == end:
            return "" if core == end else core
        core = core[: -len(end)]
