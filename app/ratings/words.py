"""The room's codes in words."""

from app.ratings.vocabulary import Doubt, Exclusion, FeedbackKind, Fit, Purpose, Shortage
from app.web.words import Words

EXCLUSION_NAMES = Words(
    {
        Exclusion.OWN: ("备案单位本身", "Filed the result"),
        Exclusion.PARTY: ("成果参与方", "Party to the result"),
        Exclusion.RELATED: ("与参与方同属一个集团或有隶属关系", "Same group as a party"),
        Exclusion.NAME_RELATED: ("名称与参与方相关，未经人工排除", "Name related to a party's, not cleared"),
        Exclusion.DISHONEST: ("列入失信名单", "On a dishonesty list"),
        Exclusion.ASKED_BEFORE: ("已推送过", "Asked before"),
        Exclusion.AT_CAP: ("评价件数已达上限", "Has its full number of items"),
    }
)
SHORTAGE_NAMES = Words(
    {
        Shortage.TARGETS: ("推送单位不足", "Too few organisations"),
        Shortage.PROVINCES: ("省份数不足", "Too few provinces"),
        Shortage.ENTERPRISE: ("没有企业", "No enterprise"),
        Shortage.RESEARCH: ("没有高校或科研机构", "No university or institute"),
    }
)
FIT_NAMES = Words(
    {
        Fit.DOMAIN: ("领域相同", "Same domain"),
        Fit.PARENT: ("同一产业", "Same industry"),
        Fit.INVITED: ("受邀单位", "Invited"),
    }
)
PURPOSE_NAMES = Words(
    {
        Purpose.ENTERPRISE: ("保证有企业", "So that an enterprise rates"),
        Purpose.RESEARCH: ("保证有高校或科研机构", "So that a university or institute rates"),
        Purpose.PROVINCES: ("保证省份数", "So that enough provinces rate"),
        Purpose.DOMAIN: ("按领域与负荷排序选取", "By domain and load"),
        Purpose.REPLACEMENT: ("谢绝后补位", "In place of one that declined"),
    }
)
DOUBT_NAMES = Words(
    {
        Doubt.NOT_READ: ("未阅读评价版，且用时不足", "Rating version not opened, too little time"),
        Doubt.STRAIGHT_LINE: ("多项成果各方面均评同一分", "Several results rated with one and the same mark"),
        Doubt.COPIED_TEXT: ("意见与其他评价雷同", "Comment equals that of another rating"),
        Doubt.RECIPROCAL: ("两单位互评且均为高分", "Two organisations rate each other high"),
    }
)
FEEDBACK_NAMES = Words(
    {
        FeedbackKind.NEED: ("需求", "Need"),
        FeedbackKind.SUGGESTION: ("改进建议", "Suggestion"),
    }
)
