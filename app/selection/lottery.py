"""The draw of experts: committed before, witnessed, and recomputable by anybody from its export (E8).

commitment = sha256("<secret>:<pool hash>") is shown before the draw. The seed mixes the secret with the
witness's own number, so neither of the two alone decides. Each expert's lot is sha256("<seed>:<expert id>");
the lots are opened in rising order and each is taken if the panel can still be completed with it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from app.kernel.db import canonical_json
from app.selection.flow_network import FlowNetwork
from app.selection.vocabulary import Exclusion


@dataclass(frozen=True, slots=True)
class DrawLimits:
    """What a panel must be: odd size, at most so many of one organisation and of one province."""

    size: int
    reserves: int
    max_per_organisation: int
    max_per_province: int


@dataclass(frozen=True, slots=True)
class LotHolder:
    """An expert who takes part in the lot."""

    id: int
    organisation_id: int
    province_code: str


@dataclass(frozen=True, slots=True)
class Drawn:
    members: tuple[int, ...]
    reserves: tuple[int, ...]


def fingerprint(value: object) -> str:
    """SHA-256 of the canonical JSON of `value`."""
    return sha256(canonical_json(value).encode()).hexdigest()


def commitment_of(secret: str, pool_hash: str) -> str:
    """What is shown before the draw: it binds the secret to this very pool."""
    return sha256(f"{secret}:{pool_hash}".encode()).hexdigest()


def mix_seed(secret: str, witness_number: str, pool_hash: str) -> str:
    """The seed of the draw: the committed secret and the number that the witness chose himself."""
    return sha256(f"{secret}:{witness_number}:{pool_hash}".encode()).hexdigest()


def lot_of(seed: str, expert_id: int) -> str:
    """An expert's lot; the smallest is opened first."""
    return sha256(f"{seed}:{expert_id}".encode()).hexdigest()


def find_exclusion(expert: Mapping[str, Any], inputs: Mapping[str, Any]) -> Exclusion | None:
    """The first reason why this expert stays out of the lot, or None (E8; Annex 4)."""
    organisations = {organisation for item in inputs["items"] for organisation in item["organisations"]}
    rules = inputs["rules"]
    reasons = (
        (not expert["is_honest"], Exclusion.INTEGRITY),
        (expert["organisation"] in organisations, Exclusion.ORGANISATION),
        (not organisations.isdisjoint(expert["former"]), Exclusion.FORMER_ORGANISATION),
        (not organisations.isdisjoint(expert["recused"]), Exclusion.RECUSED),
        (rules["bar_item_provinces"] and is_local(expert, inputs), Exclusion.PROVINCE),
        (expert["rounds_in_a_row"] >= rules["max_rounds_in_a_row"], Exclusion.ROTATION),
        (expert["load"] + len(inputs["items"]) > expert["capacity"], Exclusion.CAPACITY),
        (str(expert["id"]) in inputs["barred"], Exclusion.ORDERED),
        (expert["id"] in {seat["id"] for seat in inputs["seated"]}, Exclusion.SEATED),
        (expert["id"] in inputs["answered"], Exclusion.ANSWERED),
    )
    return next((reason for applies, reason in reasons if applies), None)


def is_local(expert: Mapping[str, Any], inputs: Mapping[str, Any]) -> bool:
    """Whether an item of the panel comes from the expert's province."""
    return any(item["province"] == expert["province"] for item in inputs["items"])


def seated_of(inputs: Mapping[str, Any]) -> list[LotHolder]:
    """Members of an earlier draw who stay: a supplementary draw fills the seats beside them."""
    return [LotHolder(seat["id"], seat["organisation"], seat["province"]) for seat in inputs["seated"]]


def limits_of(inputs: Mapping[str, Any]) -> DrawLimits:
    """The limits as they were committed with the pool; the size is what is still missing."""
    rules = inputs["rules"]
    return DrawLimits(
        size=rules["size"] - len(inputs["seated"]),
        reserves=rules["reserves"],
        max_per_organisation=rules["max_per_organisation"],
        max_per_province=rules["max_per_province"],
    )


def split_pool(inputs: Mapping[str, Any]) -> tuple[list[LotHolder], dict[int, Exclusion]]:
    """Who takes part in the lot, and why each other expert of the domain does not."""
    holders: list[LotHolder] = []
    excluded: dict[int, Exclusion] = {}
    for expert in inputs["experts"]:
        reason = find_exclusion(expert, inputs)
        if reason is None:
            holders.append(LotHolder(expert["id"], expert["organisation"], expert["province"]))
        else:
            excluded[expert["id"]] = reason
    return holders, excluded


def count_seats(holders: Iterable[LotHolder], limits: DrawLimits, taken: Sequence[LotHolder] = ()) -> int:
    """How many further seats these experts can fill beside `taken` without breaking a limit (greatest flow)."""
    pairs = Counter((holder.province_code, holder.organisation_id) for holder in holders)
    provinces = {code: n for n, code in enumerate(sorted({pair[0] for pair in pairs}), start=2)}
    organisations = {code: n for n, code in enumerate(sorted({pair[1] for pair in pairs}), start=2 + len(provinces))}
    network = FlowNetwork(2 + len(provinces) + len(organisations))
    used_provinces = Counter(holder.province_code for holder in taken)
    used_organisations = Counter(holder.organisation_id for holder in taken)
    for code, node in provinces.items():
        network.add_arc(0, node, max(0, limits.max_per_province - used_provinces[code]))
    for code_id, node in organisations.items():
        network.add_arc(node, 1, max(0, limits.max_per_organisation - used_organisations[code_id]))
    for (province, organisation), count in sorted(pairs.items()):
        network.add_arc(provinces[province], organisations[organisation], count)
    return network.send_all(0, 1)


def keeps_limits(holder: LotHolder, taken: Sequence[LotHolder], limits: DrawLimits) -> bool:
    """Whether this expert fits beside `taken`."""
    return (
        sum(other.organisation_id == holder.organisation_id for other in taken) < limits.max_per_organisation
        and sum(other.province_code == holder.province_code for other in taken) < limits.max_per_province
    )


def open_lots(
    holders: Sequence[LotHolder], limits: DrawLimits, seed: str, seated: Sequence[LotHolder] = ()
) -> Drawn | None:
    """Members and reserves in the order of their lots; None when no panel of that size exists.

    Reserves keep the limits beside all members, so each may step in for anybody; there may be fewer than asked.
    """
    places = count_seats(holders, limits, seated)
    if places < limits.size:
        return None
    waiting = sorted(holders, key=lambda holder: lot_of(seed, holder.id))
    target = len(seated) + min(limits.size + limits.reserves, places)
    taken = list(seated)
    while waiting and len(taken) < target:
        holder = waiting.pop(0)
        if keeps_limits(holder, taken, limits):
            with_holder = [*taken, holder]
            if len(with_holder) + count_seats(waiting, limits, with_holder) >= target:
                taken = with_holder
    ids = tuple(holder.id for holder in taken[len(seated) :])
    return Drawn(ids[: limits.size], ids[limits.size :])
