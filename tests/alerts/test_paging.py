"""Pages: codes, taking by text, guessing, what a delivered page means, and that a taken alert's pages stop."""

import pytest
from sqlalchemy import select, text

from sos.alerts.paging import codes
from sos.alerts.paging.models import PageRow
from sos.alerts.paging.states import Page
from sos.alerts.states import Alert
from sos.conversations.herald import Told
from sos.outbox import actions as outbox
from sos.outbox.models import OutboxRow
from sos.staff.members.states import Role
from tests.alerts.station import Station


def test_a_page_says_only_that_a_task_waits_and_how_to_take_it(station: Station) -> None:
    station.member("Ana", on_duty=True, ways=("sms", "telegram"))
    raised = station.sos(words="he has a knife", reason="weapon")
    messages = station.messages()
    assert {message.channel for message in messages} == {"sms", "telegram"}
    assert len({message.code for message in messages}) == 2, "each page has a code of its own"
    for message in messages:
        assert message.text == f"Task {raised.number} waits. To take it, answer: TAKE {raised.number}-{message.code}"


def test_no_code_stands_in_the_database(station: Station) -> None:
    station.member("Ana", on_duty=True)
    station.sos()
    (message,) = station.messages()
    with station.database.read() as conn:
        for table in ("pages", "outbox", "alerts", "alert_entries", "deadlines"):
            for row in conn.execute(text(f"SELECT * FROM {table}")):
                found = [value for value in row if isinstance(value, str | bytes) and len(value) < 32]
                assert message.code not in found
        assert conn.execute(select(PageRow.code_index).where(PageRow.channel == "sms")).scalar_one() is not None


def test_taking_by_any_way_stops_every_other_page_and_its_unsent_message_in_the_same_transaction(station: Station) -> None:
    ana = station.member("Ana", on_duty=True, ways=("sms", "telegram"))
    station.member("Bora", on_duty=True)
    raised = station.sos()
    page = next(message for message in station.messages() if message.member_id == ana)
    with station.database.write() as unit:
        assert station.alerts.paging.acknowledge(unit, raised.number, page.code).taken
        states = set(unit.conn.execute(select(PageRow.state)).scalars())
        assert states == {Page.STOPPED.value, Page.CLAIMED.value}
        assert not unit.conn.execute(select(OutboxRow.id).where(OutboxRow.state == "waiting")).all()
    assert station.send() == []
    with station.database.read() as conn:
        assert conn.execute(select(OutboxRow.body).where(OutboxRow.body.is_not(None))).all() == []


def test_a_page_under_way_when_the_alert_is_taken_is_not_sent_a_second_time(station: Station, clock: object) -> None:
    ana = station.member("Ana", on_duty=True)
    raised = station.sos()
    with station.database.write() as unit:
        (leased,) = outbox.claim(unit, holder="w1", limit=10, channels=["sms"])
    station.act("take", raised.id, ana)
    with station.database.write() as unit:
        outbox.try_again(unit, leased, not_before=unit.now)
    clock.advance(minutes=1)
    assert station.send() == []


def test_who_comes_second_with_a_right_code_hears_that_it_is_taken(station: Station) -> None:
    station.member("Ana", on_duty=True)
    station.member("Bora", on_duty=True)
    raised = station.sos()
    first, second = station.messages()
    assert station.take_by_text(raised.number, first.code).taken
    late = station.take_by_text(raised.number, second.code)
    assert late.member_id == second.member_id
    assert not late.taken
    assert station.row(raised.id).wrong_codes == 0, "she guessed nothing"


@pytest.mark.parametrize("code", ["", "0", "abcd", "١٢٣٤", "99999999999999999999", "-1"])
def test_a_code_that_is_none_takes_nothing(station: Station, code: str) -> None:
    station.member("Ana", on_duty=True)
    raised = station.sos()
    assert station.take_by_text(raised.number, code) is None
    assert station.state(raised.id) is Alert.RECEIVED


@pytest.mark.parametrize("number", [0, -3, 999_999, 10**12])
def test_a_number_that_is_none_takes_nothing(station: Station, number: int) -> None:
    assert station.take_by_text(number, "1234") is None


def test_a_code_takes_its_own_alert_only(station: Station) -> None:
    station.member("Ana", on_duty=True)
    first, second = station.sos(), station.sos("+38344000002")
    mine = station.messages()[0]
    if mine.code != station.messages()[1].code:
        assert station.take_by_text(second.number, mine.code) is None
    assert station.take_by_text(first.number, mine.code).taken


def test_after_five_guesses_the_codes_are_void_and_longer_ones_are_paged(station: Station) -> None:
    station.member("Ana", on_duty=True)
    raised = station.sos()
    (before,) = station.messages()
    wrong = [f"{n:04d}" for n in range(10) if f"{n:04d}" != before.code][: codes.GUESSES]
    for guess in wrong:
        assert station.take_by_text(raised.number, guess) is None
    (after,) = station.messages()
    assert len(after.code) == len(before.code) + 1
    assert station.take_by_text(raised.number, before.code) is None, "void"
    assert station.take_by_text(raised.number, after.code).taken


def test_guessing_ends_at_the_longest_code_and_never_stops_the_console(station: Station) -> None:
    ana = station.member("Ana", on_duty=True)
    raised = station.sos()
    for n in range(60):
        station.take_by_text(raised.number, f"{n:09d}")
    (page,) = station.messages()
    assert len(page.code) == codes.LONGEST
    assert len([kind for kind in station.entries(raised.id) if kind == "codes_guessed"]) == codes.LONGEST - codes.SHORTEST
    station.act("take", raised.id, ana)
    assert station.state(raised.id) is Alert.TAKEN


def test_a_page_confirmed_delivered_is_being_shown_and_one_only_sent_is_not(station: Station) -> None:
    station.member("Ana", on_duty=True)
    raised = station.sos()
    station.send()
    assert station.state(raised.id) is Alert.RECEIVED
    assert Told.BEING_SHOWN not in station.telephone.told
    other = station.sos("+38344000002")
    station.send(delivered=True)
    assert station.state(other.id) is Alert.BEING_SHOWN
    assert station.telephone.told == [Told.BEING_SHOWN]
    station.pass_time(seconds=400)
    assert "level.2" in station.entries(other.id), "being shown is not taken: paging goes on"


def test_a_visible_tab_of_somebody_on_duty_shows_it_and_that_of_others_does_not(station: Station) -> None:
    ana, bora = station.member("Ana", on_duty=True), station.member("Bora")
    raised = station.sos()
    station.act("shown", [raised.id], bora)
    assert station.state(raised.id) is Alert.RECEIVED, "she is not on duty"
    station.act("shown", [raised.id, raised.id, "no such alert"], ana)
    assert station.state(raised.id) is Alert.BEING_SHOWN
    station.act("shown", [raised.id], ana)
    assert station.telephone.told == [Told.BEING_SHOWN]


def test_a_barred_persons_code_and_tab_do_nothing(station: Station) -> None:
    ana = station.member("Ana", on_duty=True)
    station.member("Bora", on_duty=True)
    raised = station.sos()
    page = next(message for message in station.messages() if message.member_id == ana)
    station.act("declare_conflict", raised.id, ana)
    assert station.take_by_text(raised.number, page.code) is None
    station.act("shown", [raised.id], ana)
    assert station.state(raised.id) is Alert.RECEIVED


def test_one_member_whose_way_cannot_be_written_to_blocks_nobody(station: Station, caplog: pytest.LogCaptureFixture) -> None:
    from sqlalchemy import update

    from sos.staff.reach.models import WayRow

    ana, bora = station.member("Ana", on_duty=True), station.member("Bora", on_duty=True)
    with station.database.write() as unit:
        unit.conn.execute(update(WayRow).where(WayRow.member_id == ana).values(address=b"\x01damaged"))
    station.sos()
    assert {message.member_id for message in station.messages()} == {bora}
    assert "page.failed" in [record.getMessage() for record in caplog.records]
    caplog.clear()


def test_shelter_staff_editors_and_analysts_are_never_paged(station: Station) -> None:
    for alias, role in (("A", Role.SHELTER_STAFF), ("B", Role.DIRECTORY_EDITOR), ("C", Role.ANALYST)):
        station.member(alias, role)
    station.sos()
    station.pass_time(seconds=600)
    assert station.paged() == set()


def test_a_stolen_phone_holds_the_pages_of_the_others_back_once_and_not_again(station: Station) -> None:
    """Whoever has it can take and stay silent: after the first time everybody is paged and only the console takes it for this member."""
    ana, bora = station.member("Ana", on_duty=True), station.member("Bora", on_duty=True)
    raised = station.sos()
    stolen = next(message for message in station.messages() if message.member_id == ana)
    assert station.take_by_text(raised.number, stolen.code).taken
    station.pass_time(seconds=185)
    assert station.state(raised.id) is Alert.RECEIVED
    anew = [message for message in station.messages() if message.member_id == ana]
    for code in (stolen.code, *(message.code for message in anew)):
        assert station.take_by_text(raised.number, code) is None
    assert bora in {message.member_id for message in station.messages()}, "her page is still on its way"
    station.act("take", raised.id, ana)
    assert station.state(raised.id) is Alert.TAKEN, "in the console she takes it as before"


def test_an_earlier_code_takes_an_alert_that_waits_again(station: Station) -> None:
    """In bed one answers the message that one sees: "taken already" would be untrue while nobody has it."""
    ana, bora = station.member("Ana", on_duty=True), station.member("Bora", on_duty=True)
    raised = station.sos()
    first = next(message for message in station.messages() if message.member_id == bora)
    station.send()
    station.act("take", raised.id, ana)
    assert not station.take_by_text(raised.number, first.code).taken
    station.pass_time(seconds=185)
    assert station.state(raised.id) is Alert.RECEIVED
    assert station.take_by_text(raised.number, first.code).taken
    assert station.row(raised.id).taken_by == bora
