"""Declarations bar from the thing they are about, and from nothing else."""

import pytest

from app.accounts.vocabulary import Role
from app.conflicts.findings import Judge, JudgedItem
from app.conflicts.queries import find_conflicts, list_declarations, read_index_of, related_organisations
from app.conflicts.usecases import declare_conflict, ensure_no_conflict
from app.conflicts.vocabulary import ConflictKind
from app.kernel.errors import ForbiddenError
from app.kernel.transaction import transaction
from tests.factories.accounts import make_actor, make_organisation


def test_declared_conflict_bars_from_this_thing_only(app):
    person = make_actor(Role.EXPERT)
    with transaction():
        declare_conflict(actor=person, object_type="candidacy", object_id=1, kind=ConflictKind.ADVISOR, detail="导师")
    judge = Judge(user_id=person.id, organisation_ids=frozenset())

    found = [
        [conflict.kind for conflict in find_conflicts(judge=judge, item=JudgedItem("candidacy", key, frozenset()))]
        for key in (1, 2)
    ]

    assert found == [[ConflictKind.ADVISOR], []]


def test_declaring_none_is_kept_and_bars_nobody(app):
    person = make_actor(Role.EXPERT)
    with transaction():
        declare_conflict(actor=person, object_type="candidacy", object_id=1, kind=None)

    (row,) = list_declarations(object_type="candidacy", object_ids=[1])
    item = JudgedItem("candidacy", 1, frozenset())

    assert (row.kind, row.decision) == (None, "none")
    assert find_conflicts(judge=Judge(person.id, frozenset()), item=item) == []


def test_refusal_names_the_reason(app):
    parent = make_organisation(name="澄海装备集团有限公司")
    child = make_organisation(name="远岫材料有限公司", parent_id=parent)
    item = JudgedItem("candidacy", 1, frozenset({parent}))
    conflicts = find_conflicts(judge=Judge(None, frozenset({child})), item=item)

    with pytest.raises(ForbiddenError) as refused:
        ensure_no_conflict(conflicts, locale="zh")

    assert refused.value.code == "conflict_of_interest"
    assert refused.value.params["reason"] == "所在单位远岫材料有限公司与澄海装备集团有限公司属同一集团或有隶属关系"


def test_small_index_finds_what_the_whole_index_finds(app):
    parent = make_organisation(name="澄海装备集团有限公司")
    child = make_organisation(name="远岫材料有限公司", parent_id=parent)
    sister = make_organisation(name="白鹭传感有限公司", parent_id=parent)

    assert related_organisations([child]) == {parent, child, sister}
    assert related_organisations([child], index=read_index_of([child, sister])) == {parent, child, sister}
