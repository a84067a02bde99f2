"""Words of fields that a use case refuses by their name alone; fields of forms bring their own label."""

LABELS: dict[str, tuple[str, str]] = {
    "adjustments": ("加减分", "Adjustments"),
    "choices": ("选择", "Choices"),
    "deduction": ("扣分", "Deduction"),
    "domain": ("技术领域", "Domain"),
    "kind": ("类别", "Kind"),
    "name": ("名称", "Name"),
    "note": ("说明", "Note"),
    "opinion": ("意见", "Opinion"),
    "outcome": ("办理结果", "Outcome"),
    "period_from": ("评价期起", "Period from"),
    "period_to": ("评价期止", "Period to"),
    "programme": ("评价项目", "Programme"),
    "province": ("省份", "Province"),
    "reason": ("原因", "Reason"),
    "rule": ("规则", "Rule"),
    "sort": ("排序", "Order"),
    "starts_on": ("启动日期", "Start"),
    "targets": ("转到的环节", "Target steps"),
    "text": ("内容", "Text"),
    "until": ("延至", "New end"),
}
"""Field name -> Chinese and English word."""


def named(params: dict[str, object], locale: str) -> dict[str, object]:
    """The parameters of a sentence with the field's word for its name."""
    words = LABELS.get(str(params.get("label", "")))
    return params if words is None else {**params, "label": words[locale == "en"]}
