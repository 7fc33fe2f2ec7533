"""What a receipt says, and the short code by which she names it. Pure but for the key it is given."""

import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sos.referrals.consents.states import Consent, Field, Purpose
from sos.survivors.keys import PersonKey

TABLE: Final = "consents"
_LETTERS: Final = "ACEHKLMPRTUVX"
"""Letters that look alike in both scripts of a phone or are misread in a text are left out."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who may read: a service of the directory, an agency outside, or the count. `id`: opaque."""

    kind: str
    id: str = field(repr=False)

    @property
    def spelt(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One consent as it was given. Shown by no repr."""

    id: str
    code: str
    recipient: Recipient = field(repr=False)
    fields: frozenset[Field] = field(repr=False)
    purpose: Purpose
    state: Consent
    given_at: datetime
    until: datetime

    def opens(self, now: datetime) -> bool:
        """Whether it lets anything be read now."""
        return self.state is Consent.LIVE and now < self.until


def sealed_receipt(key: PersonKey, row: str, recipient: Recipient, fields: Collection[Field], purpose: Purpose) -> bytes:
    """The sealed part, for its column."""
    plain = {"to": [recipient.kind, recipient.id], "fields": sorted(one.value for one in fields), "purpose": purpose.value}
    return key.seal(json.dumps(plain).encode(), table=TABLE, column="body", row=row)


def open_receipt(key: PersonKey, row: str, body: bytes) -> tuple[Recipient, frozenset[Field], Purpose]:
    """What it says. Raises CannotOpen."""
    plain = json.loads(key.open(body, table=TABLE, column="body", row=row))
    return Recipient(*plain["to"]), frozenset(Field(name) for name in plain["fields"]), Purpose(plain["purpose"])


def new_code(taken: Collection[str]) -> str:
    """A code that she has on no other receipt: `K7`, or `K72` when those are used up."""
    while True:
        digits = 1 if len(taken) < len(_LETTERS) * 4 else 2
        code = secrets.choice(_LETTERS) + "".join(secrets.choice("23456789") for _ in range(digits))
        if code not in taken:
            return code
