"""What readers are told of an objection, (Chinese, English)."""

from app.web.words import Words

STATUSES = Words(
    {
        "registered": ("已登记，形式审查中", "Registered, under formal check"),
        "supplement_asked": ("请补充材料", "A supplement is asked for"),
        "accepted": ("已受理，调查核实中", "Accepted, under investigation"),
        "refused": ("不予受理", "Not accepted"),
        "withdrawn": ("已撤回", "Withdrawn"),
        "decided": ("已答复", "Answered"),
    }
)
DECISIONS = Words(
    {
        "uphold": ("异议成立", "Upheld"),
        "uphold_in_part": ("异议部分成立", "Upheld in part"),
        "dismiss": ("异议不成立", "Dismissed"),
    }
)
GROUNDS = Words(
    {
        "anonymous": ("未署真实姓名", "No real name"),
        "no_evidence": ("未提供证据或未按期补充", "No evidence, or no supplement in time"),
        "late": ("已超过公示期", "After the end of the notice"),
        "judgement": ("仅对等级或专家学术判断不服", "Only against grade or academic judgement"),
        "other": ("其他原因", "Other"),
    }
)
KINDS = Words(
    {
        "SUBSTANTIVE": ("实质性异议", "Substantive"),
        "NON_SUBSTANTIVE": ("非实质性异议", "Not substantive"),
    }
)
OBJECTORS = Words({"person": ("个人", "Person"), "organisation": ("单位", "Organisation")})
PROPOSALS = Words(
    {
        "propose_uphold": ("建议异议成立", "Propose to uphold"),
        "propose_part": ("建议部分成立", "Propose to uphold in part"),
        "propose_dismiss": ("建议不成立", "Propose to dismiss"),
    }
)
