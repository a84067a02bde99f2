"""Dates and deadlines in words: 2026年3月5日, 剩余3个工作日, 超期2个工作日, 今日到期."""

from datetime import date, datetime
from typing import Literal

from app.kernel.clock import BEIJING, today
from app.web.locale import Locale

SOON_WORKDAYS = 2
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = {
    "zh": ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
DueTone = Literal["late", "soon", ""]


def beijing_day(moment: date) -> date:
    """The day in Beijing; a datetime must be aware."""
    return moment.astimezone(BEIJING).date() if isinstance(moment, datetime) else moment


def full_date(moment: date, locale: Locale) -> str:
    """2026年3月5日 or 5 Mar 2026."""
    day = beijing_day(moment)
    return f"{day.year}年{day.month}月{day.day}日" if locale == "zh" else f"{short_date(day, locale)} {day.year}"


def short_date(moment: date, locale: Locale) -> str:
    """3月5日 or 5 Mar: within a round the year goes without saying."""
    day = beijing_day(moment)
    return f"{day.month}月{day.day}日" if locale == "zh" else f"{day.day} {MONTHS[day.month - 1]}"


def near_date(moment: date, locale: Locale) -> str:
    """The short form within this year, else the full one."""
    return short_date(moment, locale) if beijing_day(moment).year == today().year else full_date(moment, locale)


def moment_text(moment: datetime, locale: Locale) -> str:
    """6月15日 16:42 or 15 Jun 16:42, in Beijing's time; with the year when it is another one."""
    return f"{near_date(moment, locale)} {moment.astimezone(BEIJING):%H:%M}"


def weekday(moment: date, locale: Locale) -> str:
    """星期五 or Friday."""
    return WEEKDAYS[locale][beijing_day(moment).weekday()]


def due_text(workdays: int, locale: Locale) -> str:
    """A deadline in working days from today; negative when it has passed."""
    if workdays == 0:
        return "今日到期" if locale == "zh" else "Due today"
    number = abs(workdays)
    if locale == "zh":
        return f"剩余{number}个工作日" if workdays > 0 else f"超期{number}个工作日"
    unit = "working day" if number == 1 else "working days"
    return f"{number} {unit} left" if workdays > 0 else f"{number} {unit} late"


def due_tone(workdays: int | None) -> DueTone:
    """How a deadline is drawn: late, soon (two working days or fewer), or plainly."""
    if workdays is None:
        return ""
    if workdays < 0:
        return "late"
    return "soon" if workdays <= SOON_WORKDAYS else ""
