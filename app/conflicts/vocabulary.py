"""Words of the conflicts room."""

from enum import StrEnum


class ConflictKind(StrEnum):
    """domain.md c.3, ConflictKind, from the laws of its Annex 4."""

    KIN = "KIN"
    SAME_ENTITY = "SAME_ENTITY"
    EMPLOYED_3Y = "EMPLOYED_3Y"
    DIRECTOR_3Y = "DIRECTOR_3Y"
    SHAREHOLDER_3Y = "SHAREHOLDER_3Y"
    PARTICIPANT = "PARTICIPANT"
    COMPETING = "COMPETING"
    ADVISOR = "ADVISOR"
    COOP = "COOP"
    OTHER = "OTHER"


CONFLICT_NAMES: dict[ConflictKind, tuple[str, str]] = {
    ConflictKind.KIN: ("近亲属", "Near relative"),
    ConflictKind.SAME_ENTITY: ("同一法人单位", "Same legal entity"),
    ConflictKind.EMPLOYED_3Y: ("近三年劳动关系", "Employed there within three years"),
    ConflictKind.DIRECTOR_3Y: ("近三年董事监事", "Director or supervisor within three years"),
    ConflictKind.SHAREHOLDER_3Y: ("近三年控股或实际控制，或同一集团", "Controlled within three years, or one group"),
    ConflictKind.PARTICIPANT: ("参与该项目", "Took part in the project"),
    ConflictKind.COMPETING: ("本人或本单位亦参评", "Own result competes as well"),
    ConflictKind.ADVISOR: ("师生关系", "Teacher and student"),
    ConflictKind.COOP: ("近三年合作", "Worked together within three years"),
    ConflictKind.OTHER: ("其他", "Other"),
}


class Decision(StrEnum):
    """What a declaration led to."""

    NONE = "none"
    RECUSED = "recused"
    OVERRULED = "overruled"


class Verdict(StrEnum):
    """What two written names are to each other. `related`: a person decides; never cleared automatically."""

    SAME = "same"
    RELATED = "related"
    DIFFERENT = "different"


class MatchReason(StrEnum):
    """Why two names got their verdict."""

    IDENTICAL = "identical"
    SPELLING = "spelling"
    LEGAL_FORM = "legal_form"
    ALIAS = "alias"
    SHORT_NAME = "short_name"
    PLACE_LEFT_OUT = "place_left_out"
    BRANCH = "branch"
    INNER_UNIT = "inner_unit"
    AFFILIATED = "affiliated"
    GROUP = "group"
    RECORDED = "recorded"
    PLACE_DIFFERS = "place_differs"
    NUMBER_DIFFERS = "number_differs"
    NAMES_DIFFER = "names_differ"


MATCH_REASONS: dict[MatchReason, tuple[str, str]] = {
    MatchReason.IDENTICAL: ("写法完全相同", "Written alike"),
    MatchReason.SPELLING: ("仅全半角、空格、括号、繁简或旧字形不同", "Only width, spaces, brackets or script differ"),
    MatchReason.LEGAL_FORM: ("仅组织形式的写法不同", "Only the writing of the legal form differs"),
    MatchReason.ALIAS: ("别名表所载的曾用名或通行简称", "A former or customary name of the alias table"),
    MatchReason.SHORT_NAME: ("一方是另一方的简称", "One is the short form of the other"),
    MatchReason.PLACE_LEFT_OUT: ("一方省略了行政区划", "One leaves the place out"),
    MatchReason.BRANCH: ("分公司与其所属公司为同一法人", "A branch is no legal person of its own"),
    MatchReason.INNER_UNIT: ("内设机构与其所属单位为同一法人", "An inner unit belongs to the same legal person"),
    MatchReason.AFFILIATED: (
        "名称带有另一方的名称，可能另有法人登记",
        "Carries the other's name, may be registered apart",
    ),
    MatchReason.GROUP: ("字号相同，可能属于同一集团", "One trade name: perhaps one group"),
    MatchReason.RECORDED: ("关系表所载", "Recorded in the table of relations"),
    MatchReason.PLACE_DIFFERS: ("行政区划不同，不是同一法人", "The places differ: not one legal person"),
    MatchReason.NUMBER_DIFFERS: ("编号不同", "The numbers differ"),
    MatchReason.NAMES_DIFFER: ("名称不同", "The names differ"),
}


FINDINGS: dict[str, tuple[str, str]] = {
    "same_organisation": ("所在单位{judge}与{party}为同一单位", "{judge} and {party} are one organisation"),
    "same_group": ("所在单位{judge}与{party}属同一集团或有隶属关系", "{judge} and {party} belong to one group"),
    "name_same": ("所在单位{judge}与{party}名称对应同一法人", "{judge} and {party} name one legal person"),
    "name_related": (
        "所在单位{judge}与{party}名称相关，须人工判断",
        "{judge} and {party}: names related, to be judged",
    ),
    "employed": ("近{years}年曾在{party}任职", "Worked at {party} within {years} years"),
    "director": ("近{years}年曾任{party}董事或监事", "Director or supervisor of {party} within {years} years"),
    "shareholder": ("近{years}年控股或实际控制{party}", "Controlled {party} within {years} years"),
    "participant": ("参与该项目", "Took part in this project"),
    "kin": ("近亲属参与该项目或任职于{party}", "A near relative took part or works at {party}"),
    "competing": ("本人或本单位成果同组参评", "Own result competes in the same group"),
    "recusal": ("已登记对{party}回避", "Recusal from {party} is on record"),
    "named_by_filer": ("成果备案单位提出回避", "Named by the filer"),
    "declared": ("本人申请回避", "Declared by the person"),
}
"""Why a conflict was found: sentences (zh, en) by code."""
