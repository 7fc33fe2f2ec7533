"""A checklist on A4, for when the line or the power is gone. Pure. Never bears a house, an address, a name or a number of a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Final, cast

from font_roboto import Roboto, RobotoBold  # type: ignore[attr-defined]
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from sos.safety_plans.states import Item, Section
from sos.safety_plans.templates import Template

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "staff": "For staff",
        "residents": "With those who stay here",
        "who": "who",
        "day": "day",
        "signed": "Signed by two persons",
        "heads": "Heads by number: adults ______ children ______ missing ______ minutes ______",
        "no_names": "No names on this sheet. Keep it where only staff sees it; tear it up when it is copied into the console.",
        "version": "version",
        "not_here": "not here",
    },
    "sq": {
        "staff": "Për stafin",
        "residents": "Me ato që rrinë këtu",
        "who": "kush",
        "day": "data",
        "signed": "Nënshkruar nga dy persona",
        "heads": "Kokat me numër: të rritura ______ fëmijë ______ mungojnë ______ minuta ______",
        "no_names": "Pa emra në këtë fletë. Mbaje ku e sheh vetëm stafi; grise kur të jetë shënuar në sistem.",
        "version": "versioni",
        "not_here": "nuk ka këtu",
    },
    "sr": {
        "staff": "Za osoblje",
        "residents": "S onima koje borave ovde",
        "who": "ko",
        "day": "datum",
        "signed": "Potpis dve osobe",
        "heads": "Ljudi po broju: odrasle ______ deca ______ nedostaje ______ minuta ______",
        "no_names": "Bez imena na ovom listu. Čuvati gde ga vidi samo osoblje; pocepati kad se unese u sistem.",
        "version": "verzija",
        "not_here": "nema ovde",
    },
}
_MARGIN: Final = 16
_BOX: Final = 4.5
_LINE: Final = 5.2


@dataclass(frozen=True, slots=True)
class SheetItem:
    """One line of the sheet."""

    section: Section
    text: str = field(repr=False)
    state: Item


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on paper. `name`: the plan's opaque name."""

    name: str
    language: str
    title: str = field(repr=False)
    version: int
    items: tuple[SheetItem, ...] = field(repr=False)
    printed: date

    @property
    def words(self) -> Mapping[str, str]:
        return WORDS[self.language]

    @property
    def day(self) -> str:
        """As it is written in all three languages."""
        return f"{self.printed:%d.%m.%Y}"

    def of(self, section: str) -> Sequence[SheetItem]:
        return [one for one in self.items if one.section == section]


def sheet(template: Template, states: Mapping[str, Item], *, name: str, language: str, printed: date) -> Sheet:
    """The sheet of a plan in one of the languages of `WORDS`. Raises KeyError for another."""
    WORDS[language]
    items = tuple(
        SheetItem(one.section, one.in_language(language), states.get(one.id, Item.TO_DO)) for one in template.items if one.id in states
    )
    title = template.title.get(language) or template.title["en"]
    return Sheet(name, language, title, template.version, items, printed)


def pdf(one: Sheet) -> bytes:
    """The sheet as PDF, A4, without author or place; of its making only the day."""
    page = _Paper(one)
    page.add_page()
    page.set_font("Roboto", "B", 18)
    page.multi_cell(0, 9, one.title, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    for section in Section:
        page.section(one, section)
    page.foot(one)
    return bytes(page.output())


class _Paper(FPDF):
    def __init__(self, one: Sheet) -> None:
        super().__init__(format="A4")
        self.add_font("Roboto", "", Roboto)
        self.add_font("Roboto", "B", RobotoBold)
        self.set_margins(_MARGIN, _MARGIN)
        self.set_auto_page_break(auto=True, margin=18)
        self.set_creation_date(datetime.combine(one.printed, time(), UTC))
        self.set_lang(one.language)
        self._one = one

    def footer(self) -> None:
        self.set_y(-14)
        self.set_font("Roboto", "", 9)
        one = self._one
        self.cell(0, 5, f"{one.name} · {one.words['version']} {one.version} · {one.day} · {self.page_no()}", align="R")

    def section(self, one: Sheet, section: Section) -> None:
        items = one.of(section)
        if not items:
            return
        self.ln(2)
        self.set_font("Roboto", "B", 12)
        self.cell(0, 8, one.words[section.value], new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_font("Roboto", "", 11)
        for item in items:
            self._item(one, item)

    def _item(self, one: Sheet, item: SheetItem) -> None:
        text = item.text if item.state is not Item.NOT_HERE else f"{item.text} ({one.words['not_here']})"
        left, width = _MARGIN + _BOX + 3, self.w - 2 * _MARGIN - _BOX - 3 - 48
        lines = self.multi_cell(width, _LINE, text, dry_run=True, output="LINES")
        if self.get_y() + _LINE * len(cast("list[str]", lines)) + 4 > self.page_break_trigger:
            self.add_page()
        top = self.get_y()
        self.rect(_MARGIN, top + 0.4, _BOX, _BOX)
        if item.state is Item.DONE:
            self.line(_MARGIN, top + 0.4, _MARGIN + _BOX, top + 0.4 + _BOX)
            self.line(_MARGIN, top + 0.4 + _BOX, _MARGIN + _BOX, top + 0.4)
        self.set_xy(left, top)
        self.multi_cell(width, _LINE, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        below = self.get_y()
        self.set_font_size(9)
        self.set_xy(left + width + 2, top)
        self.cell(46, _LINE, f"{one.words['who']} ________ {one.words['day']} ________", align="R")
        self.set_font_size(11)
        self.set_xy(_MARGIN, below + 2)

    def foot(self, one: Sheet) -> None:
        if self.get_y() + 40 > self.page_break_trigger:
            self.add_page()
        self.ln(4)
        self.set_font("Roboto", "", 11)
        self.multi_cell(0, 8, one.words["heads"], new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.cell(0, 12, f"{one.words['signed']}:  1 ____________________   2 ____________________", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_font_size(9)
        self.multi_cell(0, 5, one.words["no_names"], new_x=XPos.LMARGIN, new_y=YPos.NEXT)
