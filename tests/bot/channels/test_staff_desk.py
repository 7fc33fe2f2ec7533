"""Members of the staff who write from their phones, through the real inbox, on the real rooms and pages. No gateway: what is queued is read."""

import json
import re

import pytest
from sqlalchemy import func, select, update

from sos.alerts.models import AlertRow
from sos.bot.channels.requests import pack
from sos.bot.channels.sms.provider import RawRequest
from sos.bot.messages import Address, Channel
from sos.clock import ManualClock
from sos.db.database import Database
from sos.inbox.states import Source
from sos.keys.keystore import Keystore
from sos.outbox.models import OutboxRow
from sos.staff.reach import wording
from sos.staff.reach.queries import all_ways
from sos.survivors.models import SurvivorRow
from tests.bot.channels.test_intake import House
from tests.staff.colleagues import add_member
from tests.staff.reach.test_reach import code_in, sent_to_staff

HER = "+38344000150"
MINE = "+38344000101"
STRANGER = "+38344000199"
CHAT = "555"


class Night(House):
    """Ana is on duty, with her number and her chat; Ela is at home with a number."""

    def __init__(self, database: Database, keystore: Keystore, clock: ManualClock) -> None:
        super().__init__(database, keystore, clock)
        self.rooms = self.line.rooms
        self.ana, self.ela = add_member(self.rooms, alias="Ana"), add_member(self.rooms, alias="Ela")
        for member, number in ((self.ana, MINE), (self.ela, "+38344000102")):
            with database.write() as unit:
                self.rooms.reach.begin_sms(unit, member, number)
            with database.write() as unit:
                assert self.rooms.reach.confirm(unit, member, code_in(self.rooms))
        with database.write() as unit:
            self.rooms.reach.link(unit, CHAT, self.rooms.reach.telegram_code(unit, self.ana))
            self.rooms.duty.start_shift(unit, self.ana)
        self.heard = self._last()

    def news(self) -> list[tuple[str, dict[str, object]]]:
        """What was queued for staff since the last look."""
        new, self.heard = sent_to_staff(self.rooms, self.heard), self._last()
        return new

    def _last(self) -> int:
        with self.database.read() as conn:
            return conn.execute(select(func.max(OutboxRow.seq))).scalar() or 0

    def page(self) -> str:
        """She writes SOS; the words by which Ana's page may be answered."""
        self.texts("SOS", sender=HER)
        pages = [body["text"] for to, body in self.news() if to == MINE]
        assert len(pages) == 1
        found = re.search(r"TAKE \d+-\d+", str(pages[0]))
        assert found
        return found[0]

    def taps(self, value: str, chat: str = CHAT) -> None:
        self._telegram({"callback_query": {"id": "q1", "data": value, "from": {"id": int(chat)}, "message": {"message_id": 7, "chat": {"id": int(chat), "type": "private"}}}}, chat)  # fmt: skip

    def types(self, text: str, chat: str = CHAT) -> None:
        self._telegram({"message": {"message_id": 8, "text": text, "date": 0, "chat": {"id": int(chat), "type": "private"}, "from": {"id": int(chat)}}}, chat)  # fmt: skip

    def _telegram(self, content: dict[str, object], chat: str) -> None:
        body = json.dumps({"update_id": self._n + 1} | content).encode()
        self.comes("telegram", chat, pack(RawRequest("POST", "", "", {"content-type": "application/json"}, body)), Channel.TELEGRAM)

    def taken_by(self) -> list[str | None]:
        with self.database.read() as conn:
            return list(conn.execute(select(AlertRow.taken_by).order_by(AlertRow.number)).scalars())

    def survivors(self) -> int:
        with self.database.read() as conn:
            return len(conn.execute(select(SurvivorRow.id)).all())


@pytest.fixture
def night(database: Database, keystore: Keystore, clock: ManualClock) -> Night:
    return Night(database, keystore, clock)


def test_a_page_is_taken_by_its_words_and_the_other_pages_stop(night: Night) -> None:
    words = night.page()
    waiting = {to for to, _ in sent_to_staff(night.rooms)}
    night.texts(words.lower(), sender=MINE)
    assert night.taken_by() == [night.ana]
    assert waiting >= {MINE, CHAT}
    (to, body) = sent_to_staff(night.rooms)[-1]
    assert (to, body["text"]) == (MINE, wording.taken(1))
    assert not any("waits" in str(body["text"]) for _, body in sent_to_staff(night.rooms)), "what had not left is taken off its way"
    assert night.survivors() == 1


def test_a_page_says_nothing_but_that_a_task_waits(night: Night) -> None:
    night.texts("SOS ai don me myt", sender=HER)
    pages = night.news()
    assert len(pages) >= 2
    for _, body in pages:
        assert re.fullmatch(r"Task \d+ waits\. To take it, answer: TAKE \d+-\d{4,8}", str(body["text"]))


def test_the_button_takes_it_and_stops_turning(night: Night) -> None:
    night.texts("SOS", sender=HER)
    [button] = [body["buttons"][0] for to, body in night.news() if to == CHAT]
    night.taps(str(button["value"]))
    assert night.taken_by() == [night.ana]
    [(to, body)] = night.news()[-1:]
    assert (to, body["text"], body["tap"]) == (CHAT, wording.taken(1), "q1")


def test_a_right_code_from_a_phone_that_nobody_registered_takes_it(night: Night) -> None:
    """The phone may be a colleague's; what counts is the code that was sent to her."""
    words = night.page()
    night.texts(words, sender=STRANGER)
    assert night.taken_by() == [night.ana]
    assert night.news()[-1][0] == STRANGER
    assert night.survivors() == 1


@pytest.mark.parametrize("sender", [MINE, STRANGER])
def test_a_wrong_code_takes_nothing_and_is_answered_alike_whoever_sent_it(night: Night, sender: str) -> None:
    """A sender can be forged: even from Ana's own number only the code counts."""
    words = night.page()
    number, _, code = words.removeprefix("TAKE ").partition("-")
    night.texts(f"TAKE {number}-{(int(code) + 1) % 10 ** len(code):0{len(code)}d}", sender=sender)
    night.texts("TAKE 999-1234", sender=sender)
    assert night.taken_by() == [None]
    assert [(to, body["text"]) for to, body in night.news()] == [(sender, wording.REFUSED)] * 2
    assert night.survivors() == 1


def test_after_five_wrong_codes_in_an_hour_a_sender_is_neither_heard_nor_answered(night: Night) -> None:
    night.page()
    for n in range(9):
        night.texts(f"TAKE 999-00{n:02}", sender=STRANGER)
    assert len([to for to, _ in night.news() if to == STRANGER]) == 5
    night.clock.advance(hours=1)
    night.texts("TAKE 999-0000", sender=STRANGER)
    assert len([to for to, _ in night.news() if to == STRANGER]) == 1


def test_whoever_forges_her_number_cannot_keep_her_from_taking(night: Night) -> None:
    """Wrong codes under a member's number end the answers, never her own right code; every other sender stays unheard."""
    words = night.page()
    for n in range(9):
        for sender in (MINE, STRANGER):
            night.texts(f"TAKE 999-00{n:02}", sender=sender)
    assert len([to for to, _ in night.news() if to == MINE]) == 5
    night.texts(words, sender=STRANGER)
    assert night.taken_by() == [None]
    night.texts(words, sender=MINE)
    assert (night.news()[-1][0], night.taken_by()) == (MINE, [night.ana])


def test_a_code_is_no_use_after_another_took_it(night: Night) -> None:
    words = night.page()
    with night.database.write() as unit:
        [alert] = unit.conn.execute(select(AlertRow.id)).scalars()
        night.rooms.alerts.take(unit, alert, night.ela)
    night.texts(words, sender=MINE)
    assert night.taken_by() == [night.ela]
    assert night.news()[-1][1]["text"] == wording.taken_already(1)


def test_a_code_of_an_alert_that_is_over_does_nothing(night: Night) -> None:
    words = night.page()
    with night.database.write() as unit:
        unit.conn.execute(update(AlertRow).values(state="closed"))
    night.texts(words, sender=MINE)
    assert night.news()[-1][1]["text"] == wording.REFUSED


@pytest.mark.parametrize("text", ["SOS", "505", "s o s", "HELP", "ndihme, po me rreh", "ubice me", "I want to die"])
def test_an_sos_from_a_members_own_number_is_an_sos(night: Night, text: str) -> None:
    night.texts(text, sender=MINE)
    assert len(night.taken_by()) == 1
    assert night.survivors() == 1


def test_an_ordinary_text_from_a_members_number_gets_one_calm_line_and_makes_nobody(night: Night) -> None:
    night.texts("po vij 10 minuta me vone", sender=MINE)
    assert [(to, body["text"]) for to, body in night.news()] == [(MINE, wording.ORDINARY)]
    assert night.survivors() == 0


def test_who_says_me_is_met_like_everyone_and_stays_so(night: Night) -> None:
    for text in ("ME", "1", "dua avokat"):
        night.texts(text, sender=MINE)
    assert night.news() == []
    assert night.survivors() == 1
    words = night.page()
    night.texts(words, sender=MINE)
    assert night.taken_by()[-1] == night.ana


def test_after_her_own_sos_her_words_are_hers(night: Night) -> None:
    night.texts("SOS", sender=MINE)
    night.news()
    night.texts("Peje", sender=MINE)
    assert wording.ORDINARY not in [body["text"] for _, body in night.news()]


def test_a_chat_is_linked_from_the_phone_and_makes_nobody(night: Night) -> None:
    with night.database.write() as unit:
        code = night.rooms.reach.telegram_code(unit, night.ela)
    night.types("LINK ABCD2345", "777")
    night.types(f"/start LINK-{code}", "777")
    assert [(to, body["text"]) for to, body in night.news()] == [("777", wording.REFUSED), ("777", wording.LINKED)]
    with night.database.read() as conn:
        assert night.rooms.reach.whose(conn, "telegram", "777") == night.ela
    assert night.survivors() == 0


def test_a_link_code_sent_by_sms_links_no_chat(night: Night) -> None:
    with night.database.write() as unit:
        code = night.rooms.reach.telegram_code(unit, night.ela)
    night.texts(f"LINK {code}", sender=STRANGER)
    assert night.news()[-1][1]["text"] == wording.REFUSED
    with night.database.read() as conn:
        assert night.rooms.reach.whose(conn, "sms", STRANGER) is None


def test_a_member_who_stops_the_bot_has_a_dead_way_and_is_no_survivor(night: Night) -> None:
    night._telegram(
        {"my_chat_member": {"chat": {"id": int(CHAT), "type": "private"}, "new_chat_member": {"status": "kicked"}, "date": 0}}, CHAT
    )
    with night.database.read() as conn:
        failing = {way.channel for way in all_ways(conn, night.ana) if way.failing_since}
    assert failing == {"telegram"}
    assert night.survivors() == 0


@pytest.mark.expects_errors
def test_where_staff_cannot_be_asked_her_message_is_answered_all_the_same(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("sos.staff.reach.actions.Reach.whose", broken)
    night.texts("hello", sender=STRANGER)
    assert night.survivors() == 1
    assert night.parked() == 0


@pytest.mark.expects_errors
def test_an_unreadable_message_of_a_member_makes_nobody_unless_it_cries_for_help(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("sos.bot.conversation.Conversation.read", broken)
    night.texts("hello", sender=MINE)
    assert (night.parked(), night.survivors()) == (1, 0)
    night.texts("SOS", sender=MINE)
    assert (night.parked(), night.survivors(), len(night.taken_by())) == (2, 1, 1)


def test_a_carriers_word_about_a_page_reaches_its_way_and_its_alert(night: Night) -> None:
    night.page()
    with night.database.write() as unit:
        rows = unit.conn.execute(
            select(OutboxRow.id).where(OutboxRow.key_kind == "staff", OutboxRow.channel == "sms").order_by(OutboxRow.seq.desc())
        )
        page = rows.scalars().first()
        unit.conn.execute(update(OutboxRow).where(OutboxRow.id == page).values(state="sent"))
    report = json.dumps({"id": page, "status": "delivered", "detail": ""}).encode()
    from sos.inbox import actions as inbox

    with night.database.write() as unit:
        inbox.accept(
            unit, night.keystore, provider="generic", provider_id="report", sender=Address(Channel.SMS, "carrier").for_index(),
            body=pack(RawRequest("POST", "", "", {"content-type": "application/json"}, report)), kind=Source.STATUS,
        )  # fmt: skip
    night.loop.run_once()
    with night.database.read() as conn:
        worked = [way for way in all_ways(conn, night.ana) if way.worked_at is not None]
        states = set(conn.execute(select(AlertRow.state)).scalars())
    assert len(worked) == 1
    assert states == {"being_shown"}
