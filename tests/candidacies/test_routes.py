"""Pages of the candidacies: who sees them, what they say, what they change."""

import pytest

from app.accounts.vocabulary import Role
from app.candidacies.queries import get_candidacy, standings_told
from app.candidacies.telling import tell_award
from app.candidacies.usecases import ensure_not_pooled, set_standing
from app.candidacies.vocabulary import UNTOLD, DecisionStep, Finding, RuleCode, Standing
from app.candidacies.words import DECISIONS, FINDINGS, RULES
from app.filings.queries import get_filing
from app.kernel.errors import ConflictError
from app.kernel.transaction import transaction
from app.web.outcomes import STATUSES
from tests.candidacies.test_usecases import (
    auditor,
    award,
    complete,
    enter,
    filer,
    frozen,
    open_nodes,
    organisation_id,
    round_id,
    standing,
)
from tests.factories.accounts import make_actor, make_user
from tests.factories.candidacies import PROVINCE
from tests.support.browser import sign_in

__all__ = ["auditor", "award", "enter", "filer", "frozen", "organisation_id", "round_id"]


def text_of(answer):
    return answer.get_data(as_text=True)


def test_every_rule_finding_decision_and_standing_has_its_words():
    assert set(RULES.table) == set(RuleCode)
    assert set(FINDINGS.table) == set(Finding)
    assert {key.partition(".")[0] for key in DECISIONS.table} == set(DecisionStep)
    assert set(Standing) <= set(STATUSES)


def test_the_list_shows_what_lies_in_the_reader_s_scope(enter, client):
    enter(title="稀土永磁专利导航")
    own, other = (make_user(Role.PROVINCE_CONTACT, scope_code=code).id for code in (PROVINCE, "110000"))

    assert "稀土永磁专利导航" in text_of(sign_in(client, own).get("/candidacies?standing=screening&q=永磁"))
    assert "稀土永磁专利导航" not in text_of(sign_in(client, other).get("/candidacies"))


def test_the_list_goes_on_behind_fifty(enter, client, auditor):
    for _ in range(51):
        enter()

    html = text_of(sign_in(client, auditor.id).get("/candidacies"))

    assert 'rel="next"' in html


def test_a_candidacy_shows_every_rule_s_result_faults_first(enter, award, client, filer):
    candidacy_id = enter(proofs=(), abstract="")
    award(candidacy_id)

    html = text_of(sign_in(client, filer.id).get(f"/candidacies/{candidacy_id}"))

    for words in ("材料完整：材料不全", "摘要", "没有有效应用证明", "8条规则符合", "自愿参评：符合"):
        assert words in html
    assert html.index("材料不全") < html.index("自愿参评：符合")


def test_strangers_do_not_learn_that_a_candidacy_exists(enter, client):
    candidacy_id = enter()
    stranger = sign_in(client, make_user(Role.FILER, scope_code="999").id)

    assert stranger.get(f"/candidacies/{candidacy_id}").status_code == 404
    assert stranger.post(f"/candidacies/{candidacy_id}/withdraw", data={"reason": "x"}).status_code == 404


def test_the_filer_leaves_the_award_on_its_page(enter, award, client, filer):
    candidacy_id = enter()
    award(candidacy_id)
    page = sign_in(client, filer.id)

    refused = page.post(f"/candidacies/{candidacy_id}/withdraw", data={"reason": ""})
    page.post(f"/candidacies/{candidacy_id}/withdraw", data={"reason": "单位另有安排"})

    assert refused.status_code == 422
    assert standing(candidacy_id) == Standing.WITHDRAWN
    html = text_of(page.get(f"/candidacies/{candidacy_id}"))
    assert "单位另有安排" in html
    assert "退出原因" not in html


def test_e1_a_filing_in_the_pool_is_not_withdrawn(enter):
    candidacy_id = enter()
    filing = get_filing(get_candidacy(candidacy_id).filing_id)
    ensure_not_pooled(filing)
    with transaction():
        set_standing(candidacy_ids=[candidacy_id], standing=Standing.IN_POOL)

    with pytest.raises(ConflictError, match="filing_in_pool"):
        ensure_not_pooled(filing)


def test_a_filing_shows_its_filer_the_award_and_the_way_out(enter, app, filer):
    candidacy_id = enter()
    filing = get_filing(get_candidacy(candidacy_id).filing_id)

    with app.test_request_context():
        own, strange = tell_award(filing, filer), tell_award(filing, make_actor(Role.FILER, scope_code="999"))

    assert own.leave == ("退出评选", f"/candidacies/{candidacy_id}#withdraw")
    assert strange is None


def test_an_ended_candidacy_offers_no_way_out(enter, client, filer):
    candidacy_id = enter()
    with transaction():
        set_standing(candidacy_ids=[candidacy_id], standing=Standing.AWARDED)

    assert "退出原因" not in text_of(sign_in(client, filer.id).get(f"/candidacies/{candidacy_id}"))


@pytest.mark.parametrize("secret", sorted(UNTOLD))
def test_a_filer_learns_with_the_list_whether_a_result_is_in_the_pool(enter, filer, auditor, secret):
    candidacy_id, other_id = enter(), enter()
    with transaction():
        set_standing(candidacy_ids=[candidacy_id], standing=secret)
    candidacy = get_candidacy(candidacy_id)

    before = [standings_told([candidacy], reader) for reader in (filer, auditor)]
    with transaction():
        set_standing(candidacy_ids=[other_id], standing=Standing.IN_NOTICE)
    after = standings_told([candidacy], filer)

    assert before == [{candidacy_id: Standing.IN_RATING}, {candidacy_id: secret}]
    assert after == {candidacy_id: secret}


def test_manual_screening_is_done_on_its_page(enter, award, client, auditor):
    candidacy_id = enter(accepted_on=None)
    item_id = open_nodes(award(candidacy_id))["screen_manual"]
    page = sign_in(client, auditor.id)

    asked = page.get(f"/work-items/{item_id}", follow_redirects=True)
    refused = page.post(f"/work-items/{item_id}/complete", data={"outcome": "fail", "reason": "未见验收"})
    page.post(f"/work-items/{item_id}/complete", data={"outcome": "pass"})

    assert "完成或验收日期不明" in text_of(asked)
    assert refused.status_code == 422
    assert "未见验收" in text_of(refused)
    assert standing(candidacy_id) == Standing.IN_RATING
    assert "该事项已办结或由他人办理" in text_of(page.get(f"/candidacies/items/{item_id}"))


def test_the_filer_asks_for_a_recheck_and_the_same_auditor_may_not_do_it(enter, award, client, filer, auditor):
    candidacy_id = enter(accepted_on=None)
    instance_id = award(candidacy_id)
    refusal = {"outcome": "fail", "rule": "in_period", "reason": "未见验收"}
    first = open_nodes(instance_id)["screen_manual"]
    sign_in(client, auditor.id).post(f"/work-items/{first}/complete", data=refusal)

    page = sign_in(client, filer.id)
    offer = open_nodes(instance_id)["offer_recheck"]
    assert "申请复核的理由" in text_of(page.get(f"/candidacies/items/{offer}"))
    page.post(f"/work-items/{offer}/complete", data={"outcome": "request_recheck", "grounds": "已补证书"})

    recheck = open_nodes(instance_id)["recheck"]
    html = text_of(sign_in(client, auditor.id).get(f"/candidacies/items/{recheck}"))
    assert "本环节由其他人员办理" in html
    assert "已补证书" in html


def test_the_screening_stage_tells_what_is_undecided(enter, award, client, round_id):
    for fault in ({}, {"accepted_on": None}, {"proofs": ()}):
        award(enter(**fault))

    page = sign_in(client, make_user(Role.MANAGER).id)
    html = text_of(page.get(f"/rounds/{round_id}/stages/screening"))

    assert "待人工核定与复核" in html
    assert "待备案单位答复" in html
    assert "待人工核定与复核" not in text_of(page.get(f"/rounds/{round_id}/stages/rating"))


def test_what_a_filer_has_answered_stands_still_for_him_until_the_list_is_published(
    enter, award, client, filer, auditor
):
    instance_id = award(enter(accepted_on=None))
    complete(open_nodes(instance_id)["screen_manual"], auditor, "fail", rule="in_period", reason="未见验收材料")
    item_id = open_nodes(instance_id)["offer_recheck"]
    path = f"/work-items/{item_id}/diagram"
    before = sign_in(client, filer.id).get(path).get_json()

    complete(item_id, filer, "request_recheck", grounds="已补验收证书")

    after = sign_in(client, filer.id).get(path).get_json()
    assert "offer_recheck" in before["waiting"]
    assert (after["waiting"], after["passed"]) == ([], ["offer_recheck"])
    of_nation = f"/work-items/{open_nodes(instance_id)['recheck']}/diagram"
    assert "recheck" in sign_in(client, auditor.id).get(of_nation).get_json()["waiting"]
