"""Recomputing a draw or a ranking from its export: the list of faults is empty when everything agrees."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.selection.aggregation import DEFAULT_METHOD, Method, aggregate
from app.selection.lottery import commitment_of, fingerprint, limits_of, mix_seed, open_lots, seated_of, split_pool
from app.selection.pooling import Standpoint, place_in_pool
from app.selection.vocabulary import DRAW_ALGORITHM

Export = Mapping[str, Any]


def verify_export(export: Export) -> list[str]:
    """Faults of an export of kind draw, pool or scores, in words; a kind that nobody knows is a fault."""
    checks = {"draw": verify_draw, "pool": verify_pool, "scores": verify_scores}
    check = checks.get(str(export.get("kind")))
    if check is None:
        return ["unknown kind of export"]
    try:
        return check(export)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        return [f"the export is incomplete or damaged: {error!r}"]


def verify_draw(export: Export) -> list[str]:
    """Recomputes pool hash, commitment, seed, exclusions and lots (E8)."""
    inputs = export["inputs"]
    faults = []
    if export["algorithm"] != DRAW_ALGORITHM:
        faults.append(f"unknown algorithm {export['algorithm']}")
    if fingerprint(inputs) != export["pool_hash"]:
        faults.append("the pool is not the one that was committed")
    if commitment_of(export["secret"], export["pool_hash"]) != export["commitment"]:
        faults.append("the commitment does not belong to this secret and pool")
    if mix_seed(export["secret"], export["witness_number"], export["pool_hash"]) != export["seed"]:
        faults.append("the seed is not the mix of the secret and the witness's number")
    return faults + _compare_lots(export, inputs)


def _compare_lots(export: Export, inputs: Export) -> list[str]:
    holders, excluded = split_pool(inputs)
    drawn = open_lots(holders, limits_of(inputs), export["seed"], seated_of(inputs))
    result = export["result"]
    faults = []
    if result["excluded"] != {str(expert): str(reason) for expert, reason in excluded.items()}:
        faults.append("the exclusions differ")
    if drawn is None:
        faults.append("no panel of this size can be drawn from the pool")
    elif [list(drawn.members), list(drawn.reserves)] != [result["members"], result["reserves"]]:
        faults.append("the lots give other members or reserves")
    return faults


def verify_pool(export: Export) -> list[str]:
    """Draws the line again (E7)."""
    entries = {entry["candidacy_id"]: entry for entry in export["entries"]}
    standpoints = [
        Standpoint(id_, e["report_type"], e["group"], Decimal(e["composite"]), e["by_proofs"])
        for id_, e in entries.items()
    ]
    placed = place_in_pool(standpoints, quota=export["quota"], minimum=Decimal(export["minimum"]))
    faults = [
        f"candidacy {place.id} stands elsewhere"
        for place in placed
        if (place.rank, place.group_rank, place.in_pool, str(place.reason))
        != tuple(entries[place.id][key] for key in ("rank", "group_rank", "by_line", "reason"))
    ]
    faults += [
        f"candidacy {id_} was changed by hand without a reason"
        for id_, entry in entries.items()
        if entry["in_pool"] != entry["by_line"] and not entry["manual_reason"]
    ]
    return faults


def verify_scores(export: Export) -> list[str]:
    """Aggregates every item again from its sheets (E8)."""
    method = Method(
        trimmed=export["method"]["trimmed"],
        least=export["method"]["least"],
        trim_from=export["method"]["trim_from"],
        widest=DEFAULT_METHOD.widest,
        farthest=DEFAULT_METHOD.farthest,
    )
    faults = []
    for item in export["items"]:
        result = aggregate([Decimal(total) for total in item["totals"]], method)
        expected = None if result is None else str(result.score)
        if expected != item["score"]:
            faults.append(f"candidacy {item['candidacy_id']}: {item['score']} instead of {expected}")
    return faults
