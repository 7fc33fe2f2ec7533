"""What consents and referrals are called on the staff's pages, and to whom one may be sent. Names only; opens nothing of hers."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection

from sos.directory import queries as directory
from sos.referrals.consents.receipts import Recipient
from sos.referrals.consents.states import Field, Purpose
from sos.referrals.states import Decline
from sos.rooms import Rooms

FIELDS: Final[Mapping[Field, str]] = {
    Field.ALIAS: "Alias",
    Field.LANGUAGE: "Language",
    Field.CONTACT_WAY: "How and when to reach her",
    Field.AREA: "Municipality",
    Field.NEEDS: "What she needs",
    Field.CHILDREN: "Children",
    Field.STEP_FREE: "Without steps",
    Field.SAFETY: "What must be minded",
    Field.SUMMARY: "The summary that she approved",
    Field.DOCUMENTS: "Papers",
}
PURPOSES: Final[Mapping[Purpose, str]] = {
    Purpose.ARRANGE: "to arrange it (at most 30 days)",
    Purpose.IN_SERVICE: "while she is there (her choice, at most a year)",
    Purpose.CROSS_BORDER: "across a border (at most 30 days)",
    Purpose.KIN_CHECK: "to check that no kin works there (3 days)",
    Purpose.COUNTED: "to be counted, never as a row",
}
DECLINES: Final[Mapping[Decline, str]] = {
    Decline.FULL: "We are full",
    Decline.NOT_FOR_HER: "We are not there for her situation",
    Decline.OUT_OF_AREA: "Not our area",
    Decline.NO_LANGUAGE: "We do not speak the language",
    Decline.STAFF_SHORT: "Too few staff",
    Decline.CANNOT_BE_SAFE: "We cannot keep it safe",
    Decline.CONFLICT: "A conflict of interest",
    Decline.SHE_CHOSE_OTHERWISE: "She chose otherwise",
    Decline.NOT_REACHED: "We could not reach her",
    Decline.GROUP_REFUSED: "We do not take this group",
    Decline.OTHER: "Another reason",
}
LONGEST_NAME: Final = 80


def recipients(rooms: Rooms, conn: Connection) -> Mapping[str, str]:
    """`kind:id` -> how it is called here: public services, and confidential ones by what operators may see of them."""
    public = {f"service:{one.id}": one.name for one in directory.services(conn)}
    hidden = {f"service:{one.id}": f"Confidential: {one.name}" for one in rooms.cards.all(conn)}
    return dict(sorted((public | hidden).items(), key=lambda pair: pair[1].casefold()))


def chosen(rooms: Rooms, conn: Connection, spelt: str, outside: str) -> Recipient | None:
    """Whom the form names: an agency outside by its name, a service by its id; None where it names nobody."""
    name = " ".join(outside.split())[:LONGEST_NAME]
    if name:
        return Recipient("outside", name)
    return Recipient(*spelt.split(":", 1)) if spelt in recipients(rooms, conn) else None


def called(rooms: Rooms, conn: Connection, recipient: Recipient | None) -> str:
    """How it is called on this page."""
    if recipient is None:
        return "an agency"
    if recipient.kind == "service":
        return recipients(rooms, conn).get(recipient.spelt, "a service that is not listed any more")
    return recipient.id if recipient.kind == "outside" else "The count"


def country_of(conn: Connection, recipient: Recipient) -> str:
    """The country of a public service; empty where it is not known."""
    found = directory.service(conn, recipient.id) if recipient.kind == "service" else None
    return next((place.country for place in found.places if place.country), "") if found else ""
