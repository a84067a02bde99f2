"""Pure rules of the parameters: defaults, reading, merging, validation. No database, no clock."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from app.kernel.errors import FieldError
from app.rounds.settings import SETTINGS, Setting

Parameters = Mapping[str, Any]
Faults = dict[str, list[FieldError]]


def nest(values: Mapping[str, Any]) -> dict[str, Any]:
    """Dotted keys as a nested object: {"push.min_provinces": 3} becomes {"push": {"min_provinces": 3}}."""
    tree: dict[str, Any] = {}
    for key, value in values.items():
        *path, name = key.split(".")
        branch = tree
        for part in path:
            branch = branch.setdefault(part, {})
        branch[name] = value
    return tree


def flatten(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """A nested object as dotted keys; undoes `nest`."""
    flat: dict[str, Any] = {}
    for name, value in tree.items():
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat


DEFAULT_PARAMETERS: dict[str, Any] = nest({key: setting.default for key, setting in SETTINGS.items()})
"""Every setting with its default, nested; a round keeps its own copy and freezes it at the release."""


def complete_parameters(wishes: Mapping[str, Any]) -> dict[str, Any]:
    """The defaults with `wishes` (nested or dotted) laid over them; unknown keys stay, so that validation names them."""
    return nest({**flatten(DEFAULT_PARAMETERS), **flatten(wishes)})


def read_parameter(parameters: Parameters, key: str) -> Any:  # noqa: ANN401 -- a setting is a number, text, flag or list
    """The setting under a dotted key, e.g. "push.targets_per_item", or the group under a shorter one.

    A round frozen before a setting existed gets its default. KeyError for a key that no setting has.
    """
    value = _walk(parameters, key)
    return _walk(DEFAULT_PARAMETERS, key, needed=True) if value is None else value


def _walk(tree: Mapping[str, Any], key: str, *, needed: bool = False) -> Any:  # noqa: ANN401 -- see read_parameter
    value: Any = tree
    for part in key.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
        if value is None:
            if needed:
                raise KeyError(key)
            return None
    return value


def find_faults(parameters: Parameters) -> Faults:
    """What is wrong with complete parameters, by dotted key; empty when all is well."""
    flat = flatten(parameters)
    faults: Faults = {key: [FieldError("setting_unknown", key=key)] for key in flat.keys() - SETTINGS.keys()}
    for key, setting in SETTINGS.items():
        fault = _find_fault(setting, flat.get(key))
        if fault is not None:
            faults[key] = [fault]
    return faults or _find_contradictions(parameters)


def _find_fault(setting: Setting, value: object) -> FieldError | None:
    if isinstance(setting.default, bool):
        return None if isinstance(value, bool) else FieldError("field_required", label=setting.zh)
    if isinstance(setting.default, list):
        return _find_list_fault(setting, value)
    if isinstance(setting.default, str):
        return None if _is_share(value) else FieldError("share_invalid", label=setting.zh)
    return _find_number_fault(setting, value)


def _find_list_fault(setting: Setting, value: object) -> FieldError | None:
    fits = isinstance(value, list) and len(set(value)) == len(value) and set(value) <= set(setting.options)
    return None if fits else FieldError("option_unknown", label=setting.zh)


def _find_number_fault(setting: Setting, value: object) -> FieldError | None:
    kinds = (int,) if isinstance(setting.default, int) else (int, float)
    if isinstance(value, kinds) and not isinstance(value, bool) and setting.low <= value <= setting.high:
        return None
    return FieldError("number_range", label=setting.zh, min=setting.low, max=setting.high)


def _is_share(value: object) -> bool:
    """A fraction such as 2/3, above 0 and at most 1; a text, since 0.67 is not two thirds."""
    if not isinstance(value, str):
        return False
    try:
        return 0 < Fraction(value) <= 1
    except (ValueError, ZeroDivisionError):
        return False


def _find_contradictions(parameters: Parameters) -> Faults:
    """Settings that are fine each by itself but not together."""
    read = flatten(parameters)
    checks: Iterable[tuple[str, str, bool]] = (
        ("sheet.weights.goal", "weights_sum_100", _sum_of(read, "sheet.weights.") == 100),
        ("pool.weights.rating", "weights_sum_1", abs(_sum_of(read, "pool.weights.") - 1) < 1e-9),
        ("panel.size", "panel_size_odd", read["panel.size"] % 2 == 1),
        ("panel.items_max", "limits_crossed", read["panel.items_min"] <= read["panel.items_max"]),
        (
            "quorum.default_enterprises",
            "limits_crossed",
            read["quorum.default_enterprises"] <= read["quorum.default_organisations"],
        ),
        ("composite.cap", "limits_crossed", read["composite.floor"] < read["composite.cap"]),
    )
    return {key: [FieldError(code)] for key, code, holds in checks if not holds}


def _sum_of(flat: Mapping[str, Any], prefix: str) -> float:
    return float(sum(value for key, value in flat.items() if key.startswith(prefix)))
