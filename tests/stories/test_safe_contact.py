"""Promise 9: her hours, channel and calling rules; what nobody asked for is neutral, unlisted and within them; a message of hers opens the window."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from sos.bot.flows.contact import hours_of
from sos.bot.messages import Channel
from sos.conversations.herald import Refused, Told
from sos.outbox.models import OutboxRow
from sos.outbox.queries import untold
from sos.outbox.states import Purpose
from sos.survivors.contact_rules.actions import rules_of
from sos.survivors.contact_rules.models import ContactRulesRow
from sos.survivors.contact_rules.rules import Calls, Rules, spans
from sos.survivors.safe_contact import Verdict, ask
from tests.bot.talking import Line, Person
from tests.stories.hotline import Post, alert_of, her_id, on_duty
from tests.stories.voices import agree, introduced

pytestmark = pytest.mark.story
NEUTRAL = "Hello. There is news about your question. Please write when you can."


def rules(person: Person) -> Rules | None:
    with person.line.rooms.database.read() as conn:
        known = person.line.rooms.survivors.find(conn, person.address)
        assert known is not None
        return rules_of(conn, known.id, known.key)


def only_10_to_12(person: Person) -> Person:
    introduced(person).says("menu", "what is mine", "when to write to me", "10-12", "only here", "never call")
    return person


def writes_first(line: Line, person: Person, text: str = NEUTRAL) -> None:
    with line.rooms.database.write() as unit:
        line.rooms.herald.write(unit, survivor_id=her_id(person), text=text, by="m", alias="Ana", first=True)


def test_three_short_questions_are_kept_read_back_and_sealed(line: Line, ana: Person) -> None:
    only_10_to_12(ana)
    assert ana.all_read.startswith("Kept: 10:00-12:00.")
    assert rules(ana) == Rules(((600, 720),), Channel.SMS, Calls.NEVER, "Europe/Belgrade")
    with line.rooms.database.read() as conn:
        sealed = conn.execute(select(ContactRulesRow.rules)).scalar_one()
    assert b"600" not in sealed
    assert b"sms" not in sealed


def test_every_question_can_be_skipped_and_nothing_said_is_never(line: Line, ana: Person) -> None:
    introduced(ana).says("menu", "what is mine", "when to write to me", "skip", "skip")
    assert ana.all_read.startswith("Kept: never first.")
    assert rules(ana) == Rules()


def test_where_she_has_a_check_word_it_is_asked_before_anything_changes(line: Line, ana: Person) -> None:
    agree(introduced(ana), "1", "green door")
    line.clock.advance(hours=1)
    ana.says("hello", "go on", "menu", "what is mine", "when to write to me", "at any time", "only here", "never call")
    assert rules(ana) is None
    ana.says("green door", "menu", "what is mine", "when to write to me", "10-12", "skip", "skip")
    assert rules(ana) is not None


def test_an_sos_at_three_against_only_ten_to_twelve_is_answered_in_her_window_and_not_after(line: Line, ana: Person) -> None:
    only_10_to_12(ana)
    post = Post(line)
    post.leaves()
    line.clock.set(datetime(2026, 11, 24, 2, 0, tzinfo=UTC))  # 03:00 where she is
    assert ana.sends("SOS")
    assert "Received 03:00" in post.leaves()[0], "her own message opens the window"
    with line.rooms.database.write() as unit:
        assert line.rooms.herald.tell(unit, told=Told.TAKEN, alert_id=alert_of(line), survivor_id=her_id(ana), params={})
    assert len(post.leaves()) == 1
    line.clock.advance(minutes=20)
    with line.rooms.database.write() as unit:
        assert not line.rooms.herald.tell(unit, told=Told.OPENED, alert_id=alert_of(line), survivor_id=her_id(ana), params={"alias": "Ana"})
    assert post.leaves() == []
    with line.rooms.database.read() as conn:
        assert [(one.purpose, one.why) for one in untold(conn, her_id(ana))] == [(Purpose.STATE, "hold")]


def test_even_within_her_hours_the_state_of_an_sos_is_held_outside_her_window(line: Line, ana: Person) -> None:
    only_10_to_12(ana).sends("SOS")
    line.clock.set(datetime(2026, 11, 24, 10, 0, tzinfo=UTC))  # 11:00 where she is
    with line.rooms.database.write() as unit:
        assert not line.rooms.herald.tell(unit, told=Told.OPENED, alert_id=alert_of(line), survivor_id=her_id(ana), params={"alias": "Ana"})


def test_a_person_writes_first_only_in_her_hours_neutrally_and_by_the_gateway_for_such(line: Line, ana: Person) -> None:
    only_10_to_12(ana)
    post = Post(line)
    post.leaves()
    line.clock.set(datetime(2026, 11, 24, 9, 30, tzinfo=UTC))  # 10:30
    writes_first(line, ana)
    assert post.leaves() == [NEUTRAL]
    assert post.providers[-1] == "", "by the first of SOS_SMS_OUT, not by the number that she wrote to"
    with pytest.raises(Refused) as refused:
        writes_first(line, ana, "Are you safe? The shelter has a bed.")
    assert refused.value.why == "not_neutral"
    line.clock.set(datetime(2026, 11, 24, 12, 30, tzinfo=UTC))  # 13:30
    writes_first(line, ana)
    assert post.leaves() == []
    with line.rooms.database.read() as conn:
        assert untold(conn, her_id(ana))[-1].why == "hold"


def test_without_rules_of_hers_nobody_writes_first(line: Line, ana: Person) -> None:
    introduced(ana)
    post = Post(line)
    post.leaves()
    line.clock.advance(hours=1)
    writes_first(line, ana)
    assert post.leaves() == []


def test_the_gate_looks_at_a_neutral_text_again_as_it_leaves(line: Line, ana: Person) -> None:
    """Words of danger are added to a language after a text was queued."""
    only_10_to_12(ana)
    post = Post(line)
    post.leaves()
    line.clock.set(datetime(2026, 11, 24, 9, 30, tzinfo=UTC))
    writes_first(line, ana)
    post.delivery._is_neutral = lambda _: False
    assert post.leaves() == []
    assert "blocked_text" in line.tasks()


def test_her_hours_are_asked_at_the_moment_of_sending(line: Line, ana: Person) -> None:
    only_10_to_12(ana)
    post = Post(line)
    post.leaves()
    line.clock.set(datetime(2026, 11, 24, 10, 58, tzinfo=UTC))
    writes_first(line, ana)
    line.clock.advance(minutes=5)  # 12:03
    assert post.leaves() == []
    assert "stale_reply" in line.tasks(), "a stale text becomes a person's task"


def test_a_stale_text_expires_and_becomes_a_task(line: Line, ana: Person) -> None:
    introduced(ana).sends("SOS")
    post = Post(line)
    post.leaves()
    with line.rooms.database.write() as unit:
        assert line.rooms.herald.tell(unit, told=Told.TAKEN, alert_id=alert_of(line), survivor_id=her_id(ana), params={})
        unit.conn.execute(update(OutboxRow).where(OutboxRow.purpose == "state").values(expires_at=unit.now + timedelta(minutes=10)))
    line.clock.advance(minutes=11)
    assert post.leaves() == []
    with line.rooms.database.read() as conn:
        assert untold(conn, her_id(ana))[-1].why == "expire"
    assert "stale_reply" in line.tasks()


def test_a_stranger_with_her_phone_can_cancel_withdraw_and_erase_and_moves_nothing(line: Line, ana: Person) -> None:
    agree(introduced(ana), "1", "green door")
    member = on_duty(line)
    ana.sends("SOS")
    with line.rooms.database.write() as unit:
        line.rooms.alerts.take(unit, alert_of(line), member)
    from sos.alerts.models import AlertRow

    with line.rooms.database.read() as conn:
        before = conn.execute(select(AlertRow.state, AlertRow.urgency)).one()
    line.clock.advance(minutes=40)
    who = her_id(ana)
    said = [ana.sends(text) for text in ("cancel", "red window", "I am safe, stop", "ERASE")]
    with line.rooms.database.read() as conn:
        assert conn.execute(select(AlertRow.state, AlertRow.urgency)).one() == before
    assert {"mark.erase"} <= set(line.entries())
    assert not [text for one in said for text in one if "colleague" in text or "person" in text or "SOS" in text]
    with line.rooms.database.write() as unit:
        assert not line.rooms.herald.tell(unit, told=Told.OPENED, alert_id=alert_of(line), survivor_id=who, params={"alias": "Ana"})


NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
LONG_AGO, LATER = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
IN_HOURS = Rules(((600, 720),), Channel.SMS)


@pytest.mark.parametrize(
    ("sentence", "window_until", "purpose", "rules", "channel", "verdict"),
    [
        ("an answer in her window", LATER, Purpose.REPLY, None, Channel.SMS, Verdict.SEND),
        ("an answer after it", LONG_AGO, Purpose.REPLY, IN_HOURS, Channel.SMS, Verdict.HOLD),
        ("news of an SOS after it, in her hours", LONG_AGO, Purpose.STATE, IN_HOURS, Channel.SMS, Verdict.HOLD),
        ("unasked, in her hours", LONG_AGO, Purpose.UNSOLICITED, IN_HOURS, Channel.SMS, Verdict.SEND),
        ("unasked, in her hours, elsewhere", LONG_AGO, Purpose.UNSOLICITED, IN_HOURS, Channel.TELEGRAM, Verdict.HOLD),
        ("unasked, without rules", LONG_AGO, Purpose.UNSOLICITED, None, Channel.SMS, Verdict.HOLD),
        ("unasked, never", LONG_AGO, Purpose.UNSOLICITED, Rules(), Channel.SMS, Verdict.HOLD),
        ("unasked, against her hours, but she writes now", LATER, Purpose.UNSOLICITED, Rules(), Channel.SMS, Verdict.SEND),
    ],
)
def test_safe_contact_is_a_table(
    sentence: str, window_until: datetime, purpose: Purpose, rules: Rules | None, channel: Channel, verdict: Verdict
) -> None:
    found = ask(now=NOW, window_until=window_until, expires_at=LATER, purpose=purpose, rules=rules, channel=channel)
    assert found is verdict, sentence
    assert ask(now=NOW, window_until=window_until, expires_at=LONG_AGO, purpose=purpose, rules=rules, channel=channel) is Verdict.EXPIRE


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("10-12", ((600, 720),)),
        ("between 10:30 - 12", ((630, 720),)),
        ("22-6", ((0, 360), (1320, 1440))),
        ("8-9 and 20-21", ((480, 540), (1200, 1260))),
        ("0-24", ((0, 1440),)),
        ("25-26", None),
        ("later", None),
        ("24:30-25", None),
    ],
)
def test_hours_are_read_as_she_writes_them(text: str, hours: object) -> None:
    assert hours_of(text) == hours


@given(st.integers(0, 1439), st.integers(0, 1440), st.integers(0, 1439))
def test_a_span_holds_exactly_its_minutes(start: int, end: int, minute: int) -> None:
    inside = any(low <= minute < high for low, high in spans(start, end))
    if start == end:
        assert inside
    elif start < end:
        assert inside == (start <= minute < end)
    else:
        assert inside == (minute >= start or minute < end)
