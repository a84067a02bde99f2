"""What any request may be told, whatever it asks for. Alphabetic by code."""

from typing import Final

from app.web.sentences.entry import Sentence

REQUESTS: Final = {
    "bad_credentials": Sentence(
        "用户名或密码不正确。连续5次错误将锁定30分钟。",
        "User name or password is wrong. Five failures lock the account for 30 minutes.",
    ),
    "bad_request": Sentence(
        "请求的格式不正确，请返回上一页重试。", "The request could not be read. Please go back and try again."
    ),
    "body_too_large": Sentence("请求内容超过{max} MB。", "The request is larger than {max} MB."),
    "csrf_failed": Sentence(
        "页面已过期，请刷新后重新提交。", "This page has expired. Please reload it and submit again."
    ),
    "cursor_invalid": Sentence(
        "列表已更新，请从第一页重新查看。", "The list has changed. Please start again from its first page."
    ),
    "edit_conflict": Sentence(
        "内容已被他人更新，请对照后再保存。", "Someone changed this meanwhile. Compare, then save."
    ),
    "forbidden": Sentence(
        "您没有办理此事项的权限，请联系本单位管理员。",
        "You may not do this. Please ask your organisation's administrator.",
    ),
    "idempotency_key_reused": Sentence(
        "同一幂等键已用于另一份内容。", "This idempotency key was already used with other content."
    ),
    "idempotency_mismatch": Sentence(
        "同一幂等键已用于另一份内容。", "This idempotency key was already used with other content."
    ),
    "internal_error": Sentence(
        "系统繁忙，您的提交未生效，请稍后重试。编号：{id}",
        "Something went wrong and nothing was saved. Please try again. Reference: {id}",
    ),
    "invalid": Sentence("有内容需要修改，尚未提交。", "Something needs to be corrected; nothing was submitted yet."),
    "json_invalid": Sentence("“{label}”的内容格式不正确。", "{label} is not well formed."),
    "json_malformed": Sentence("请求内容不是有效的JSON。", "The request is not well-formed JSON."),
    "json_shape": Sentence(
        "“{label}”的内容结构不符合约定，请核对后重新填写。",
        "{label} does not have the agreed structure. Please check and fill it in again.",
    ),
    "json_too_deep": Sentence("“{label}”的内容嵌套超过{max}层。", "{label} is nested more than {max} levels deep."),
    "json_too_large": Sentence("“{label}”的内容超过{max_kb} KB。", "{label} is larger than {max_kb} KB."),
    "method_not_allowed": Sentence("此地址不支持该操作。", "This address does not support that operation."),
    "not_acceptable": Sentence("无法按所要求的格式返回。", "The requested format is not available."),
    "not_found": Sentence("未找到该记录，或您无权查看。", "Not found, or not visible to you."),
    "nothing_chosen": Sentence(
        "请先勾选要处理的事项。",
        "Please choose what to act on first.",
    ),
    "rate_limited": Sentence(
        "操作过于频繁，请{seconds}秒后再试。", "Too many requests. Try again in {seconds} seconds."
    ),
    "session_expired": Sentence(
        "登录已失效，请重新登录。已填写的内容已保存为草稿。",
        "Your session has ended. Please sign in again; what you wrote was kept as a draft.",
    ),
    "token_required": Sentence(
        "请在请求头中提供访问令牌。", "Please send an access token in the Authorization header."
    ),
    "too_many_chosen": Sentence(
        "一次最多处理{max}件，请分批办理。",
        "At most {max} cases at a time; please act in several batches.",
    ),
    "too_many_entries": Sentence("“{label}”一次至多{max}项。", "{label} takes at most {max} entries at once."),
    "too_many_listed": Sentence(
        "拟列{n}项，超过名额{quota}项。", "{n} items are listed, more than the {quota} awards."
    ),
    "too_many_values": Sentence("提交的字段超过{max}个。", "More than {max} fields were sent."),
    "unsupported_media_type": Sentence("不支持的内容格式。", "This content type is not supported."),
}
