"""Forms of the restricted profile, built piece by piece."""

from typing import Any

import orjson

from app.formdefs.compiled import CompiledForm
from app.formdefs.schema import compile_form


def component(type_: str, key: str, **more: Any) -> dict[str, Any]:
    properties = {"label_en": f"The {key}", **more.pop("properties", {})}
    return {"type": type_, "id": f"Field_{key}", "key": key, "label": f"字段{key}", "properties": properties, **more}


def options(*values: str) -> list[dict[str, str]]:
    return [{"value": value, "label": f"选项{value}", "label_en": f"Option {value}"} for value in values]


def schema(*components: dict[str, Any], key: str = "sample", **more: Any) -> bytes:
    root = {
        "schemaVersion": 18,
        "type": "default",
        "id": key,
        "properties": {"title": "样表", "title_en": "Sample"},
        "components": list(components),
    }
    return orjson.dumps(root | more)


def form(*components: dict[str, Any], key: str = "sample") -> CompiledForm:
    return compile_form(schema(*components, key=key), file=f"{key}.form", key=key, version=1)
