"""One writing for one name: width, spaces, invisible characters, script, brackets."""

import re
import unicodedata

from app.conflicts.lexicon import read_characters

OPENING, CLOSING = "〔【[{〈《「『<", "〕】]}〉》」』>"
BRACKETS = str.maketrans(OPENING + CLOSING, "(" * len(OPENING) + ")" * len(CLOSING))
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－·•・‧", "-"))
DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
NUMBERED = re.compile(r"第?([零〇○一二三四五六七八九十百两]+|\d+)(?=(?:研究|设计|工程|医|总)?(?:所|院|局|厂|室|分院))")


def fold(name: str) -> str:
    """`name` in the one writing that comparisons use: NFKC, no spaces, simplified characters, lower case."""
    text = unicodedata.normalize("NFKC", name)
    text = "".join(char for char in text if unicodedata.category(char)[0] not in "ZC")
    return text.translate(read_characters()).translate(BRACKETS).translate(DASHES).casefold()


def fold_numbers(text: str) -> str:
    """Ordinals of institutes, bureaus and hospitals as digits: 第五十五研究所 and 第55研究所 are one."""
    return NUMBERED.sub(lambda match: str(read_number(match.group(1))), text)


def read_number(text: str) -> int:
    """A number written in digits or Chinese numerals below 1,000, positional (七〇二) or not (五十五)."""
    if text.isdigit() and text.isascii():
        return int(text)
    if not set(text) & {"十", "百"}:
        return int("".join(str(DIGITS[char]) for char in text))
    total, digit = 0, 0
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        else:
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
    return total + digit
