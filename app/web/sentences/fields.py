"""What a value of a form, an account or a setting may be told, and a file. Alphabetic by code."""

from typing import Final

from app.web.sentences.entry import Sentence

FIELDS: Final = {
    "attachment_unknown": Sentence(
        "附件不存在或不可使用，请重新上传。", "This attachment is not available. Please upload it again."
    ),
    "choice_invalid": Sentence("“{label}”的选项无效，请重新选择。", "Please choose one of the options of {label}."),
    "choice_unknown": Sentence(
        "所选内容不存在或不在可选范围内，请重新选择。", "What was chosen is not among the options. Please choose again."
    ),
    "comment_too_short": Sentence(
        "评为1分或5分时，请填写不少于20字的评价意见。", "With 1 or 5 please write at least 20 characters."
    ),
    "date_invalid": Sentence("“{label}”应为有效日期，例如2026-03-05。", "{label} must be a date such as 2026-03-05."),
    "date_not_later": Sentence("新的截止时间应晚于{time}。", "The new end must be later than {time}."),
    "email_invalid": Sentence("“{label}”不是有效的邮箱地址。", "{label} is not a valid email address."),
    "field_required": Sentence("“{label}”为必填项。", "{label} is required."),
    "field_unknown": Sentence("没有名为“{label}”的字段。", "There is no field called {label}."),
    "file_empty": Sentence("请选择要上传的文件，文件内容不能为空。", "Please choose a file that is not empty."),
    "file_too_large": Sentence("文件超过{max} MB，请压缩或拆分后上传。", "The file is larger than {max} MB."),
    "file_type": Sentence("不支持的文件类型，仅限{types}。", "File type not allowed; use {types}."),
    "file_unmarkable": Sentence(
        "该文件无法加注阅读水印，暂不能打开，请联系评审秘书。",
        "This file cannot carry the reader's watermark and stays closed. Please ask the panel's secretary.",
    ),
    "form_refused": Sentence(
        "表单{file}的组件“{component}”未通过校验。", "Component “{component}” of the form {file} was refused."
    ),
    "mark_required": Sentence("请为每个方面选择1至5分。", "Please choose a mark from 1 to 5 for every aspect."),
    "number_digits": Sentence("“{label}”最多保留{digits}位小数。", "{label} takes at most {digits} decimal places."),
    "number_range": Sentence("“{label}”应为{min}至{max}之间的数字。", "{label} must be a number from {min} to {max}."),
    "number_too_large": Sentence("“{label}”不大于{max}。", "{label} must be at most {max}."),
    "number_too_small": Sentence("“{label}”不小于{min}。", "{label} must be at least {min}."),
    "opinion_too_short": Sentence(
        "评审意见不少于{min}字，目前{n}字。", "The opinion needs {min} characters; it has {n}."
    ),
    "option_unknown": Sentence("“{label}”的选项无效，请重新选择。", "Please choose one of the options of {label}."),
    "organisation_has_account": Sentence(
        "该单位已有账户，请在账户列表中重置密码。",
        "This organisation has an account already; reset its password instead.",
    ),
    "organisation_unknown": Sentence(
        "本省没有登记该单位，请核对单位全称。",
        "No such organisation is registered in your province. Please check its full name.",
    ),
    "password_differs": Sentence("两次输入的新密码不一致。", "The two new passwords differ."),
    "password_weak": Sentence(
        "新密码不少于{min}位，且不同于用户名和当前密码。",
        "The new password needs at least {min} characters and differs from the user name and the present one.",
    ),
    "password_wrong": Sentence("当前密码不正确。", "The present password is wrong."),
    "period_reversed": Sentence("评价期的截止日期不能早于起始日期。", "The evaluation period ends before it begins."),
    "phone_invalid": Sentence("“{label}”不是有效的电话号码。", "{label} is not a valid telephone number."),
    "reason_needed": Sentence("调整须说明理由（编号{title}）。", "Please give a reason for this change ({title})."),
    "setting_unknown": Sentence("没有名为“{key}”的参数。", "There is no setting called {key}."),
    "share_invalid": Sentence(
        "“{label}”应为不大于1的分数，例如2/3。", "{label} must be a fraction of at most 1, such as 2/3."
    ),
    "text_not_allowed": Sentence(
        "内容含有不允许的字符（U+0000）。", "The text holds a character that is not allowed (U+0000)."
    ),
    "text_too_long": Sentence("“{label}”不超过{max}字。", "{label} may have at most {max} characters."),
    "text_too_short": Sentence("“{label}”不少于{min}字。", "{label} needs at least {min} characters."),
    "type_invalid": Sentence("“{label}”的格式不正确。", "{label} has the wrong format."),
    "uscc_invalid": Sentence(
        "统一社会信用代码校验不通过，请核对第{n}位。",
        "The unified social credit code is not valid; check position {n}.",
    ),
    "username_shape": Sentence(
        "用户名为4至64位小写字母、数字或._-，以字母开头。",
        "A user name has 4 to 64 small letters, digits or ._- and begins with a letter.",
    ),
    "username_taken": Sentence("该用户名已被使用，请换一个。", "This user name is taken. Please choose another."),
    "weights_sum_1": Sentence("各项权重之和应为1。", "The weights must add up to 1."),
    "weights_sum_100": Sentence("各项权重之和应为100。", "The weights must add up to 100."),
}
