"""Meet, recognise and forget survivors. Never reads what an operator may not; never keeps a key after the unit of work."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.types import new_id
from sos.encryption import CannotOpen
from sos.keys.keystore import Keystore
from sos.survivors.address import Address, Channel
from sos.survivors.aliases.models import AliasRow
from sos.survivors.contact_rules.models import ContactRulesRow
from sos.survivors.keys import KeyGone, PersonKey, fresh, unwrap
from sos.survivors.models import ContactRow, PhraseRow, SurvivorRow, WordRow
from sos.survivors.phrases import new_phrase
from sos.survivors.web_codes.models import WebCodeRow
from sos.survivors.words import Word, plain, same

_CONTACTS, _SURVIVORS, _WORD = table_of(ContactRow), table_of(SurvivorRow), table_of(WordRow)
_CONTACT = select(_CONTACTS).where(_CONTACTS.c.index == bindparam("wanted"))
_KEY = select(_SURVIVORS.c.key_epoch, _SURVIVORS.c.wrapped_key).where(_SURVIVORS.c.id == bindparam("of"))
_KEY_LOCKED = _KEY.with_for_update()
_WORDS = select(_WORD.c.id, _WORD.c.kind, _WORD.c.word).where(_WORD.c.survivor_id == bindparam("of"))
_OPEN_WINDOW = update(_CONTACTS).where(_CONTACTS.c.id == bindparam("of"))
BY_HAND = "by_hand"
"""The provider of an address that a person wrote down: any of its channel sends."""
REPLY_WINDOW = timedelta(minutes=15)
"""Each message of hers opens the channel it came by for this long (DOMAIN 9)."""


@dataclass(frozen=True, slots=True)
class Known:
    """Who wrote, for this unit of work only."""

    id: str
    key: PersonKey = field(repr=False)
    contact_id: str
    address: Address = field(repr=False)
    provider: str
    new: bool  #: the first message from this address


class Survivors:
    """The writes of this room."""

    def __init__(self, keystore: Keystore, audit: Audit) -> None:
        self._keystore = keystore
        self._audit = audit

    def meet(self, unit: Unit, address: Address, provider: str) -> Known:
        """Find her by her address or make a new person; opens the reply window of this channel for 15 minutes."""
        for epoch in self._keystore.epochs:
            contact = unit.conn.execute(
                select(ContactRow.__table__).where(ContactRow.index == epoch.index_of(address.for_index()))
            ).one_or_none()
            if contact is None:
                continue
            try:
                key = self.key_of(unit, contact.survivor_id)
            except KeyGone:
                self._let_go(unit, contact.survivor_id)
                break
            unit.conn.execute(_OPEN_WINDOW, {"of": contact.id, "window_until": unit.now + REPLY_WINDOW, "provider": provider})
            return Known(contact.survivor_id, key, contact.id, address, provider, new=False)
        return self._first_meeting(unit, address, provider)

    def find(self, conn: Connection, address: Address) -> Known | None:
        """Her, by her address, without making, opening or locking anything: for the page that shows her own conversation."""
        for epoch in self._keystore.epochs:
            contact = conn.execute(
                select(ContactRow.__table__).where(ContactRow.index == epoch.index_of(address.for_index()))
            ).one_or_none()
            if contact is None:
                continue
            row = conn.execute(_KEY, {"of": contact.survivor_id}).one()
            try:
                key = unwrap(self._keystore, epoch=row.key_epoch, wrapped=row.wrapped_key, table="survivors", row=contact.survivor_id)
            except KeyGone:
                return None
            return Known(contact.survivor_id, key, contact.id, address, contact.provider, new=False)
        return None

    def reached(self, unit: Unit, survivor_id: str) -> tuple[Known, datetime] | None:
        """Her, by the address from which she wrote last, and until when its reply window is open; None where no address leads to her any more.

        Her row is locked for this unit, as by `key_of`.
        """
        hers = select(_CONTACTS).where(_CONTACTS.c.survivor_id == survivor_id, _CONTACTS.c.index.is_not(None))
        contact = unit.conn.execute(hers.order_by(_CONTACTS.c.window_until.desc(), _CONTACTS.c.id).limit(1)).one_or_none()
        if contact is None:
            return None
        try:
            key = self.key_of(unit, survivor_id)
            value = key.open(contact.address, table="contacts", column="address", row=contact.id).decode()
        except (KeyGone, CannotOpen):
            return None
        address = Address(Channel(contact.channel), value)
        return Known(survivor_id, key, contact.id, address, contact.provider, new=False), contact.window_until

    def exists(self, conn: Connection, survivor_id: str) -> bool:
        """Whether there is, or was, such a person."""
        return conn.execute(select(SurvivorRow.id).where(SurvivorRow.id == survivor_id)).first() is not None

    def open_by_person(self, unit: Unit, *, address: Address | None, by: str) -> str:
        """Somebody called or stood at the door: her id, known by this address or new. Opens no reply window: she has not written."""
        if address is not None:
            there = self.find(unit.conn, address)
            if there is not None:
                return there.id
        epoch, survivor_id = self._keystore.current, new_id()
        key, wrapped = fresh(epoch, table="survivors", row=survivor_id)
        unit.conn.execute(
            insert(SurvivorRow).values(id=survivor_id, key_epoch=epoch.id, wrapped_key=wrapped, created_at=unit.now, seen_at=unit.now)
        )
        if address is not None:
            contact = self._reach_by(unit, survivor_id, key, address, BY_HAND)
            unit.conn.execute(update(ContactRow).where(ContactRow.id == contact.contact_id).values(window_until=unit.now - REPLY_WINDOW))
        self._audit.record(unit, "survivor.opened_by_person", subject=survivor_id, actor=by)
        return survivor_id

    def _first_meeting(self, unit: Unit, address: Address, provider: str) -> Known:
        epoch, survivor_id = self._keystore.current, new_id()
        key, wrapped = fresh(epoch, table="survivors", row=survivor_id)
        unit.conn.execute(
            insert(SurvivorRow).values(id=survivor_id, key_epoch=epoch.id, wrapped_key=wrapped, created_at=unit.now, seen_at=unit.now)
        )
        return self._reach_by(unit, survivor_id, key, address, provider)

    def _reach_by(self, unit: Unit, survivor_id: str, key: PersonKey, address: Address, provider: str) -> Known:
        epoch, contact_id = self._keystore.current, new_id()
        unit.conn.execute(
            insert(ContactRow).values(
                id=contact_id,
                survivor_id=survivor_id,
                channel=address.channel.value,
                epoch=epoch.id,
                index=epoch.index_of(address.for_index()),
                address=key.seal(address.value.encode(), table="contacts", column="address", row=contact_id),
                provider=provider,
                window_until=unit.now + REPLY_WINDOW,
            )
        )
        return Known(survivor_id, key, contact_id, address, provider, new=True)

    def key_of(self, unit: Unit, survivor_id: str) -> PersonKey:
        """Her key; her row is locked for this unit, so that it is not re-wrapped or destroyed meanwhile. Raises KeyGone."""
        row = unit.conn.execute(_KEY_LOCKED, {"of": survivor_id}).one_or_none()
        if row is None:
            raise KeyGone
        return unwrap(self._keystore, epoch=row.key_epoch, wrapped=row.wrapped_key, table="survivors", row=survivor_id)

    def window_of(self, unit: Unit, contact_id: str) -> datetime | None:
        """Until when replies may leave on this channel; None when the address is no longer hers."""
        found: datetime | None = unit.conn.execute(select(ContactRow.window_until).where(ContactRow.id == contact_id)).scalar()
        return found

    def known_at(self, unit: Unit, contact_id: str) -> Known | None:
        """Her at this address, for an answer that comes later; opens no window. None when the address leads to her no longer."""
        contact = unit.conn.execute(
            select(ContactRow.__table__).where(ContactRow.id == contact_id, ContactRow.index.is_not(None))
        ).one_or_none()
        if contact is None:
            return None
        try:
            key = self.key_of(unit, contact.survivor_id)
            value = key.open(contact.address, table="contacts", column="address", row=contact.id).decode()
        except (KeyGone, CannotOpen):
            return None
        return Known(contact.survivor_id, key, contact.id, Address(Channel(contact.channel), value), contact.provider, new=False)

    def agree_word(self, unit: Unit, known: Known, kind: Word, word: str) -> None:
        """Keep the word, instead of an earlier one of this kind."""
        row = new_id()
        sealed = known.key.seal(plain(word).encode(), table="words", column="word", row=row)
        unit.conn.execute(delete(WordRow).where(WordRow.survivor_id == known.id, WordRow.kind == kind.value))
        unit.conn.execute(insert(WordRow).values(id=row, survivor_id=known.id, kind=kind.value, word=sealed))
        self._audit.record(unit, "survivor.word_agreed", subject=known.id, actor="survivor")

    def said_word(self, unit: Unit, known: Known, text: str) -> Word | None:
        """The agreed word that this whole message is; every agreed word is compared, whichever fits."""
        rows = unit.conn.execute(_WORDS, {"of": known.id}).all()
        fits = [Word(row.kind) for row in rows if same(known.key.open(row.word, table="words", column="word", row=row.id), text)]
        return fits[0] if fits else None

    def has_word(self, unit: Unit, known: Known, kind: Word) -> bool:
        """Whether she agreed a word of this kind."""
        wanted = select(WordRow.id).where(WordRow.survivor_id == known.id, WordRow.kind == kind.value)
        return unit.conn.execute(wanted).first() is not None

    def code_phrase(self, unit: Unit, known: Known) -> str:
        """A fresh code phrase, shown once; an earlier one ends."""
        phrase, row, epoch = new_phrase(), new_id(), self._keystore.current
        self.revoke_phrase(unit, known)
        sealed = known.key.seal(phrase.encode(), table="phrases", column="phrase", row=row)
        values = {"id": row, "survivor_id": known.id, "epoch": epoch.id, "index": epoch.index_of(_phrase_index(phrase)), "phrase": sealed}
        unit.conn.execute(insert(PhraseRow).values(values))
        self._audit.record(unit, "survivor.phrase_made", subject=known.id, actor="survivor")
        return phrase

    def revoke_phrase(self, unit: Unit, known: Known) -> None:
        """End her code phrase."""
        unit.conn.execute(delete(PhraseRow).where(PhraseRow.survivor_id == known.id))

    def return_by_phrase(self, unit: Unit, address: Address, phrase: str) -> Known | None:
        """The person of this phrase, from now on also at this address; None when the phrase is nobody's."""
        indexes = [epoch.index_of(_phrase_index(phrase)) for epoch in self._keystore.epochs]
        found = unit.conn.execute(select(PhraseRow.survivor_id).where(PhraseRow.index.in_(indexes))).scalar()
        if found is None:
            return None
        try:
            key = self.key_of(unit, found)
        except KeyGone:
            return None
        self.detach(unit, address)
        self._audit.record(unit, "survivor.returned", subject=found, actor="survivor")
        return self._reach_by(unit, found, key, address, provider=address.channel.value)

    def detach(self, unit: Unit, address: Address) -> None:
        """From now on this address is nobody's: a web session that was left, an address that becomes another person's."""
        indexes = [epoch.index_of(address.for_index()) for epoch in self._keystore.epochs]
        unit.conn.execute(update(ContactRow).where(ContactRow.index.in_(indexes)).values(index=None))

    def also_at(self, unit: Unit, known: Known, address: Address) -> Known:
        """She is reached at this address, too, from now on: an empty box of its own, whoever it was before. News goes there only once she writes there."""
        self.detach(unit, address)
        there = self._reach_by(unit, known.id, known.key, address, provider=address.channel.value)
        unit.conn.execute(update(ContactRow).where(ContactRow.id == there.contact_id).values(window_until=unit.now - REPLY_WINDOW))
        self._audit.record(unit, "survivor.page_joined", subject=known.id, actor="survivor")
        return there

    def detach_all(self, unit: Unit, known: Known, channel: Channel) -> int:
        """From now on no address of this channel is hers; how many were."""
        hers = (ContactRow.survivor_id == known.id, ContactRow.channel == channel.value, ContactRow.index.is_not(None))
        return unit.conn.execute(update(ContactRow).where(*hers).values(index=None)).rowcount

    def hide(self, unit: Unit, survivor_id: str) -> None:
        """From now on nothing of hers is shown to any of her devices: a new message meets a new, empty box."""
        unit.conn.execute(update(SurvivorRow).where(SurvivorRow.id == survivor_id).values(hidden_at=unit.now))
        unit.conn.execute(update(ContactRow).where(ContactRow.survivor_id == survivor_id).values(index=None))
        for table in (PhraseRow, WebCodeRow):
            unit.conn.execute(delete(table).where(table.survivor_id == survivor_id))
        self._audit.record(unit, "survivor.hidden", subject=survivor_id, actor="survivor")

    def destroy_key(self, unit: Unit, survivor_id: str) -> None:
        """Destroy her key, in this transaction and in the keystore's memory for restored backups, and her rows with it."""
        self._keystore.note_erased(survivor_id)
        self._let_go(unit, survivor_id)
        self._audit.record(unit, "survivor.erased", subject=survivor_id)

    def _let_go(self, unit: Unit, survivor_id: str) -> None:
        for table in (ContactRow, WordRow, PhraseRow, WebCodeRow, AliasRow, ContactRulesRow):
            unit.conn.execute(delete(table).where(table.survivor_id == survivor_id))
        unit.conn.execute(update(SurvivorRow).where(SurvivorRow.id == survivor_id).values(wrapped_key=None))


def _phrase_index(phrase: str) -> bytes:
    return f"phrase\x1f{plain(phrase)}".encode()
