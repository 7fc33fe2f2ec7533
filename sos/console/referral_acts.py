"""What an operator does about consents and referrals: one function an act, each in the one transaction it is given. Shows no page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sos.access.permission_map import Signed
from sos.console import case, sharing_words
from sos.console.case import Case
from sos.db.database import Unit
from sos.referrals.access import Viewer
from sos.referrals.consents.receipts import Recipient
from sos.referrals.consents.states import LONGEST, Field, Purpose, ordered
from sos.referrals.errors import NoSuchReferral
from sos.referrals.override.states import ToldHer
from sos.referrals.summaries.actions import Summary
from sos.rooms import Rooms
from sos.staff.states import TaskKind

LONGEST_FIELD: Final = 500
LONGEST_TEXT: Final = 2000
NOT_SHE: Final = frozenset({"third"})
"""Where her conversation stands while somebody else writes."""


class Refused(Exception):
    """The page says why in these words."""


@dataclass(frozen=True, slots=True)
class Doing:
    """One act: who, for whom, with which form. `shown`: what the page shows once, and keeps nowhere."""

    rooms: Rooms
    unit: Unit
    survivor_id: str
    by: Signed
    form: Mapping[str, str] = field(repr=False)
    shown: dict[str, Any] = field(repr=False)
    public_url: str = ""

    def text(self, name: str, most: int = LONGEST_FIELD) -> str:
        return self.form.get(name, "").strip()[:most]

    def recipient(self) -> Recipient:
        """Raises Refused."""
        found = sharing_words.chosen(self.rooms, self.unit.conn, self.form.get("to", ""), self.form.get("outside", ""))
        if found is None:
            raise Refused("Choose to whom, or write the name of an agency outside. Nothing was kept.")
        return found

    def fields(self) -> frozenset[Field]:
        return frozenset(one for one in Field if f"field-{one.value}" in self.form)

    def values(self) -> dict[Field, str]:
        """What is written beside each field; the summary never is: it is the approved one."""
        written = {one: self.text(f"value-{one.value}") for one in Field}
        summary = self.rooms.summaries.of(self.unit, self.survivor_id)
        written[Field.SUMMARY] = summary.text if summary and "send-summary" in self.form else ""
        return {one: text for one, text in written.items() if text}


def known(rooms: Rooms, hers: Case, summary: Summary | None) -> dict[str, str]:
    """What she has told already, so that nobody asks her again."""
    wanted = rooms.categories.by_slug.get(hers.wanted)
    return {
        Field.ALIAS.value: hers.alias,
        Field.LANGUAGE.value: hers.speaks if hers.language else "",
        Field.AREA.value: hers.place.municipality if hers.place else "",
        Field.NEEDS.value: wanted.label if wanted else "",
        Field.SAFETY.value: "No police without asking her." if hers.police_barred else "",
        Field.SUMMARY.value: summary.text if summary and summary.approved_at else "",
    }


def read_back(doing: Doing) -> str:
    """The words to read to her, before anything is kept."""
    _she_herself(doing)
    recipient, fields, purpose, days = doing.recipient(), doing.fields(), _purpose(doing), _days(doing)
    if not fields and purpose is not Purpose.COUNTED:
        raise Refused("Tick what may be shared. Nothing was kept.")
    doing.shown["read_back"] = {
        "texts": [(code, _spoken(doing, code, recipient, fields, days)) for code in dict.fromkeys((_language(doing), "en"))],
        "to": recipient.spelt if recipient.kind == "service" else "",
        "outside": recipient.id if recipient.kind == "outside" else "",
        "fields": ordered(fields),
        "purpose": purpose.value,
        "days": days,
    }
    return ""


def consent(doing: Doing) -> str:
    """She heard the words and said yes."""
    _she_herself(doing)
    if "said-yes" not in doing.form:
        raise Refused("Keep it only when she herself has said yes to these words. Nothing was kept.")
    until = doing.unit.now + timedelta(days=_days(doing))
    given = doing.rooms.consents.give(
        doing.unit,
        survivor_id=doing.survivor_id,
        recipient=doing.recipient(),
        fields=doing.fields(),
        purpose=_purpose(doing),
        until=until,
        by=doing.by.id,
    )
    return f"Kept as {given.code}. Tell her the code: {given.code} and STOP ends it at any time."


def withdraw(doing: Doing) -> str:
    """She told a person so: final."""
    doing.rooms.consents.withdraw(doing.unit, doing.survivor_id, code=doing.text("code", 4), verified=True, by=doing.by.id)
    _asked(doing)
    return "Ended, everywhere, now."


def confirm(doing: Doing) -> str:
    """A person asked her, and it was not she who had ended it."""
    if "said-yes" not in doing.form:
        raise Refused("Confirm only what she herself has said to you. Nothing was changed.")
    code = doing.text("code", 4)
    found = next((one for one in doing.rooms.consents.of(doing.unit, doing.survivor_id) if one.code == code), None)
    if found is None:
        raise NoSuchReferral
    doing.rooms.consents.confirm_again(doing.unit, found.id, by=doing.by.id)
    _asked(doing)
    return f"{code} stands again."


def draft(doing: Doing) -> str:
    """Another draft takes the place of the first; what she approved before is not approved any more."""
    doing.rooms.summaries.draft(doing.unit, doing.survivor_id, doing.text("text", LONGEST_TEXT), by=doing.by.id)
    return "Kept as a draft. Read it to her, word for word."


def approve(doing: Doing) -> str:
    """She heard this very draft."""
    if "said-yes" not in doing.form:
        raise Refused("Keep it only when she herself has approved these words. Nothing was changed.")
    doing.rooms.summaries.approve(doing.unit, doing.survivor_id, doing.text("summary", 32), by=doing.by.id)
    return "Approved as it stands."


def refer(doing: Doing) -> str:
    """Send what she agreed to, and nothing else. Across a border only with a legal note."""
    recipient, note = doing.recipient(), doing.text("legal-note", LONGEST_TEXT)
    hers = case.read(doing.unit, doing.rooms, doing.survivor_id, viewer=doing.by.id)
    there = sharing_words.country_of(doing.unit.conn, recipient)
    across = "across" in doing.form or bool(note) or bool(hers.place and there and there != hers.place.country)
    doing.rooms.referrals.send(
        doing.unit,
        survivor_id=doing.survivor_id,
        recipient=recipient,
        values=doing.values(),
        by=doing.by.id,
        across_border=across,
        legal_note=note,
    )
    return "Sent. They are told that a new item waits, and nothing else."


def link(doing: Doing) -> str:
    """Both halves, shown this once: the address goes in writing, the secret by voice."""
    made = doing.rooms.outside_links.make(doing.unit, doing.text("referral", 32), Viewer(doing.by.id))
    doing.shown["link"] = {"address": f"{doing.public_url}/outside/{made.token}", "secret": made.secret}
    return ""


def bar(doing: Doing) -> str:
    """For this agency the case does not exist from now on."""
    doing.rooms.referrals.bar_agency(doing.unit, doing.survivor_id, doing.recipient(), by=doing.by.id)
    return "For this agency the case does not exist any more."


def report(doing: Doing) -> str:
    """A person has reported under a duty."""
    duty = doing.text("duty", 40)
    doing.rooms.overrides.report(doing.unit, doing.survivor_id, duty, doing.text("text", LONGEST_TEXT), by=doing.by.id)
    return "Noted. It ends only when you note that she was told, or that it is unsafe."


def report_told(doing: Doing) -> str:
    """How the report ends."""
    doing.rooms.overrides.close_report(doing.unit, doing.text("report", 32), _told(doing), by=doing.by.id)
    return "Noted, and closed."


def _told(doing: Doing) -> ToldHer:
    chosen = doing.form.get("told", "")
    if chosen not in set(ToldHer):
        raise Refused("Say whether she was told, or that it is unsafe. Nothing was changed.")
    return ToldHer(chosen)


def _she_herself(doing: Doing) -> None:
    """Somebody who writes for her cannot agree for her."""
    key = case.key_of(doing.unit, doing.rooms, doing.survivor_id)
    state = doing.rooms.conversations.state(doing.unit, survivor_id=doing.survivor_id, key=key.raw) if key else {}
    if state.get("step") in NOT_SHE or "for_another" in (state.get("told") or ()):
        raise Refused("Somebody else writes from this address. Only she herself can agree. Nothing was kept.")


def _asked(doing: Doing) -> None:
    from_device = any(not one.opens(doing.unit.now) for one in doing.rooms.consents.of(doing.unit, doing.survivor_id))
    if not from_device:
        doing.rooms.tasks.done_for(doing.unit, TaskKind.CONSENT_WITHDRAWN, doing.survivor_id, doing.by.id)


def _language(doing: Doing) -> str:
    key = case.key_of(doing.unit, doing.rooms, doing.survivor_id)
    state = doing.rooms.conversations.state(doing.unit, survivor_id=doing.survivor_id, key=key.raw) if key else {}
    return str(state.get("language") or "en")


def _spoken(doing: Doing, code: str, recipient: Recipient, fields: frozenset[Field], days: int) -> str:
    """Every field by name: on the telephone nothing has to be short."""
    texts, until = doing.rooms.texts, doing.unit.now + timedelta(days=days)
    named = ", ".join(texts.say(f"consent.field.{name}", code) for name in ordered(fields)) or texts.say("consent.what.nothing", code)
    who = sharing_words.called(doing.rooms, doing.unit.conn, recipient)
    return texts.say("consent.given", code, agency=who, fields=named, date=f"{until:%d.%m.%Y}", code="...")


def _purpose(doing: Doing) -> Purpose:
    chosen = doing.form.get("purpose", "")
    return Purpose(chosen) if chosen in set(Purpose) else Purpose.ARRANGE


def _days(doing: Doing) -> int:
    text = doing.form.get("days", "")
    most = LONGEST[_purpose(doing)].days
    return max(1, min(int(text), most)) if text.isdecimal() and len(text) < 5 else min(14, most)


ACTS: Final[Mapping[str, Callable[[Doing], str]]] = {
    "read-back": read_back,
    "consent": consent,
    "withdraw": withdraw,
    "confirm": confirm,
    "draft": draft,
    "approve": approve,
    "refer": refer,
    "link": link,
    "bar": bar,
    "report": report,
    "report-told": report_told,
}
