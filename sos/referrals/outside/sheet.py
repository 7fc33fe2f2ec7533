"""One A4 page to print for an agency without an account: the consented fields and nothing else. No name of a shelter or of this line, no address.

Words stand in Albanian, Serbian (either script) and English; what was written for her stands as it was written. Pure: no database, no clock.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

import cyrtranslit
from font_roboto import font_directory
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from sos.referrals.consents.states import Field

LANGUAGES: Final = ("sq", "sr", "sr-Cyrl", "en")
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "title": "Request",
        "number": "Number",
        "printed": "Printed",
        "until": "May be used until",
        "after": "Destroy this paper after that day, or at once when you are asked to. Pass it on to nobody.",
        "answer": "Answer",
        "yes": "yes",
        "no": "no",
        "who": "Answered by, date",
        "alias": "Called here",
        "language": "Language",
        "contact_way": "How and when to reach",
        "area": "Municipality",
        "needs": "Needs",
        "children": "Children",
        "step_free": "Without steps",
        "safety": "To be minded",
        "summary": "Summary, approved by the person",
        "documents": "Papers",
    },
    "sq": {
        "title": "Kërkesë",
        "number": "Numri",
        "printed": "Shtypur",
        "until": "Mund të përdoret deri",
        "after": "Shkatërrojeni këtë letër pas asaj dite, ose menjëherë kur ju kërkohet. Mos ia jepni askujt.",
        "answer": "Përgjigjja",
        "yes": "po",
        "no": "jo",
        "who": "U përgjigj, data",
        "alias": "Quhet këtu",
        "language": "Gjuha",
        "contact_way": "Si dhe kur mund të kontaktohet",
        "area": "Komuna",
        "needs": "Çka duhet",
        "children": "Fëmijët",
        "step_free": "Pa shkallë",
        "safety": "Çka duhet pasur kujdes",
        "summary": "Përmbledhja, e miratuar nga personi",
        "documents": "Dokumentet",
    },
    "sr": {
        "title": "Zahtev",
        "number": "Broj",
        "printed": "Odštampano",
        "until": "Sme da se koristi do",
        "after": "Uništite ovaj papir posle tog dana, ili odmah kada se to zatraži. Ne dajte ga nikome.",
        "answer": "Odgovor",
        "yes": "da",
        "no": "ne",
        "who": "Odgovorila osoba, datum",
        "alias": "Ime koje se ovde koristi",
        "language": "Jezik",
        "contact_way": "Kako i kada se sme javiti",
        "area": "Opština",
        "needs": "Šta je potrebno",
        "children": "Deca",
        "step_free": "Bez stepenica",
        "safety": "Na šta treba paziti",
        "summary": "Sažetak, odobrila ga je sama osoba",
        "documents": "Dokumenta",
    },
}


def sheet(fields: Mapping[Field, str], *, number: str, until: datetime | None, printed: datetime, language: str) -> bytes:
    """The page as PDF. `language`: one of LANGUAGES; raises KeyError for another."""
    words = _words(language)
    paper = _paper(words["title"], language)
    paper.set_font("Roboto", size=20, style="B")
    paper.cell(text=f"{words['title']} {number}", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.set_font("Roboto", size=10)
    dates = [f"{words['printed']} {printed:%d.%m.%Y}"] + ([f"{words['until']} {until:%d.%m.%Y}"] if until else [])
    paper.cell(text="   ".join(dates), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.ln(4)
    for one in Field:
        if fields.get(one):
            _entry(paper, words[one.value], fields[one])
    _answer(paper, words)
    return bytes(paper.output())


def _paper(title: str, language: str) -> FPDF:
    paper = FPDF(format="A4")
    for style, name in (("", "Regular"), ("B", "Bold")):
        paper.add_font("Roboto", style, Path(font_directory) / f"Roboto-{name}.ttf")
    paper.set_title(title)
    paper.set_lang(language)
    paper.set_creator("")
    paper.set_producer("")
    paper.set_margins(20, 20)
    paper.set_auto_page_break(auto=True, margin=20)
    paper.add_page()
    return paper


def _entry(paper: FPDF, label: str, text: str) -> None:
    paper.set_font("Roboto", size=10, style="B")
    paper.multi_cell(0, text=label, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.set_font("Roboto", size=12)
    paper.multi_cell(0, text=text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.ln(3)


def _answer(paper: FPDF, words: Mapping[str, str]) -> None:
    paper.ln(4)
    paper.set_font("Roboto", size=12, style="B")
    paper.cell(text=f"{words['answer']}:", new_x=XPos.END, new_y=YPos.TOP)
    paper.set_font("Roboto", size=12)
    for word in (words["yes"], words["no"]):
        paper.rect(paper.get_x() + 8, paper.get_y() + 0.6, 4, 4)
        paper.set_x(paper.get_x() + 14)
        paper.cell(text=word, new_x=XPos.END, new_y=YPos.TOP)
    paper.ln(12)
    paper.cell(text=f"{words['who']}: ", new_x=XPos.END, new_y=YPos.TOP)
    paper.line(paper.get_x(), paper.get_y() + 5, 190, paper.get_y() + 5)
    paper.ln(14)
    paper.set_font("Roboto", size=10)
    paper.multi_cell(0, text=words["after"], new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _words(language: str) -> Mapping[str, str]:
    if language == "sr-Cyrl":
        return {name: str(cyrtranslit.to_cyrillic(text, "sr")) for name, text in _WORDS["sr"].items()}
    return _WORDS[language]
