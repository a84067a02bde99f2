"""A document as DOCX for the office's document system: title, number, text, list, signature (公文 layout)."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.run import Run

from app.announcements.vocabulary import ISSUER_ZH
from app.web.dates import full_date
from app.web.words import REPORT_TYPES

TITLE_FONT, TEXT_FONT = "方正小标宋简体", "仿宋"
TITLE_SIZE, TEXT_SIZE, LIST_SIZE = Pt(22), Pt(16), Pt(12)
INDENT = Pt(32)
"""Two characters of the text."""
COLUMNS = ("序号", "成果名称", "完成单位", "类型", "省份")


def write_docx(
    *,
    title: str,
    paragraphs: Sequence[str],
    lines: Sequence[Mapping[str, Any]],
    provinces: Mapping[str, str],
    document_number: str = "",
    issued_on: date | None = None,
) -> bytes:
    """The document as bytes; number and date stay blank in a draft."""
    document = Document()
    _line(document, title, TITLE_FONT, TITLE_SIZE, WD_ALIGN_PARAGRAPH.CENTER)
    if document_number:
        _line(document, document_number, TEXT_FONT, TEXT_SIZE, WD_ALIGN_PARAGRAPH.CENTER)
    for text in paragraphs:
        paragraph = _line(document, text, TEXT_FONT, TEXT_SIZE, WD_ALIGN_PARAGRAPH.JUSTIFY)
        paragraph.paragraph_format.first_line_indent = INDENT
    _line(document, ISSUER_ZH, TEXT_FONT, TEXT_SIZE, WD_ALIGN_PARAGRAPH.RIGHT)
    day = full_date(issued_on, "zh") if issued_on else "　　年　　月　　日"
    _line(document, day, TEXT_FONT, TEXT_SIZE, WD_ALIGN_PARAGRAPH.RIGHT)
    if lines:
        document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        _list(document, lines, provinces)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _list(document: DocumentObject, lines: Sequence[Mapping[str, Any]], provinces: Mapping[str, str]) -> None:
    table = document.add_table(rows=1, cols=len(COLUMNS))
    table.style = "Table Grid"
    _fill(table.rows[0].cells, COLUMNS)
    for line in lines:
        kind = REPORT_TYPES(line["report_type"], "zh")
        cells = (
            str(line["position"]),
            line["title"],
            "、".join(line["units"]),
            kind,
            provinces.get(line["province"], line["province"]),
        )
        _fill(table.add_row().cells, cells)


def _fill(cells: Sequence[Any], texts: Sequence[str]) -> None:
    for cell, text in zip(cells, texts, strict=True):
        _set_font(cell.paragraphs[0].add_run(text), TEXT_FONT, LIST_SIZE)


def _line(document: DocumentObject, text: str, font: str, size: Pt, alignment: WD_ALIGN_PARAGRAPH) -> Any:  # noqa: ANN401 -- a paragraph of python-docx
    paragraph = document.add_paragraph()
    paragraph.alignment = alignment
    _set_font(paragraph.add_run(text), font, size)
    return paragraph


def _set_font(run: Run, font: str, size: Pt) -> None:
    run.font.name, run.font.size = font, size
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001 -- the only way to name a Chinese font
