"""The room's codes in words (zh, en)."""

from app.web.words import REPORT_TYPES, Words

WORDS = {
    "pool": Words(
        {
            "quota": ("名额内", "Within the quota"),
            "tie": ("线上同分", "Tied at the line"),
            "type_guarantee": ("类型保底", "Best of its type"),
            "by_proofs": ("凭应用证明", "By proofs"),
            "below_line": ("线下", "Below the line"),
            "below_minimum": ("低于最低分", "Below the minimum"),
        }
    ),
    "panel": Words(
        {
            "forming": ("待抽取", "To be drawn"),
            "committed": ("待监督抽取", "Draw to be witnessed"),
            "drawn": ("应邀中", "Invitations sent"),
            "reviewing": ("评分中", "Scoring"),
            "locked": ("评分已锁定", "Scores locked"),
            "closed": ("评审结束", "Closed"),
        }
    ),
    "seat": Words(
        {
            "waiting": ("候补", "Reserve"),
            "invited": ("待答复", "Invited"),
            "accepted": ("已应邀", "Accepted"),
            "declined": ("已谢绝", "Declined"),
            "expired": ("逾期未答复", "No answer in time"),
        }
    ),
    "review": Words(
        {
            "assigned": ("待声明", "To declare"),
            "declared": ("待评分", "To score"),
            "scored": ("已评分", "Scored"),
            "void": ("已作废", "Void"),
        }
    ),
    "exclusion": Words(
        {
            "integrity": ("科研诚信记录", "Integrity record"),
            "organisation": ("与本组成果同单位", "Organisation of an item"),
            "former_organisation": ("近三年任职单位有成果", "Former employer has an item"),
            "province": ("与本组成果同省份", "Province of an item"),
            "recused": ("回避名单", "Recusal list"),
            "rotation": ("连续参加周期已满", "Rounds in a row used up"),
            "capacity": ("评审量已满", "Capacity used up"),
            "ordered": ("依规责令回避", "Recusal by order"),
            "seated": ("已在本组", "On the panel already"),
            "answered": ("已谢绝或逾期", "Declined or silent"),
        }
    ),
    "tie": Words(
        {
            "application": ("同分，比成果应用", "Tie: application"),
            "rating": ("同分，比线上评价", "Tie: online rating"),
            "proofs": ("同分，比有效证明", "Tie: valid proofs"),
            "vote": ("同分，比推荐比例", "Tie: recommendations"),
            "chair": ("同分，组长裁定", "Tie: chair's order"),
            "none": ("并列", "Shared rank"),
            "score": ("按得分", "By score"),
        }
    ),
    "proposal": Words(
        {
            "quota": ("名额内", "Within the quota"),
            "below_quota": ("名额外", "Below the quota"),
            "tied_at_quota": ("名额线上并列，须作决定", "Tied at the quota: decide"),
            "not_recommended": ("推荐未过半", "Not recommended by most"),
            "unranked": ("有效评分不足，不排名", "Too few sheets: unranked"),
        }
    ),
    "report_type": REPORT_TYPES,
}


def words(kind: str, code: str | None) -> str:
    """The word for a code in the reader's language; nothing for no code."""
    return WORDS[kind](code)
