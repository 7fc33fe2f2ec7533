"""Stories of the night: who is paged when nobody answers, and what she is told. Time is told to move; everything else is the real house."""

import pytest

from sos.alerts.errors import Conflicted, OutcomeNeeded
from sos.alerts.paging.queries import dead_ways
from sos.alerts.states import Alert, Outcome
from sos.clock import ManualClock
from sos.conversations.herald import Told
from sos.db.database import Database
from sos.keys.keystore import Keystore
from sos.staff.members.states import Role
from sos.transitions import IllegalMove
from tests.alerts.station import Station

pytestmark = pytest.mark.story


@pytest.fixture
def station(database: Database, keystore: Keystore, clock: ManualClock) -> Station:
    return Station(database, keystore, clock)


def test_an_sos_that_nobody_takes_climbs_from_duty_to_operators_to_supervisor_to_everyone_and_never_gives_up(station: Station) -> None:
    ana = station.member("Ana", on_duty=True)
    bora = station.member("Bora")
    mira = station.member("Mira", Role.SUPERVISOR)
    chief = station.member("Chief", Role.ADMINISTRATOR)
    raised = station.sos()
    assert raised.on_duty
    assert set(station.send()) == {ana}, "at once: whoever is on duty"
    station.pass_time(seconds=80)
    assert set(station.send()) == {ana, bora}
    station.pass_time(seconds=90)
    assert set(station.send()) == {mira}
    station.pass_time(seconds=120)
    assert set(station.send()) == {ana, bora, mira, chief}
    for _ in range(5):
        station.pass_time(seconds=185)
        assert set(station.send()) == {ana, bora, mira, chief}, "again and again, until a person takes it"
    levels = station.entries(raised.id, "level.")
    assert levels == [f"level.{n}" for n in range(len(levels))], "each level once, in order, none late"
    assert station.state(raised.id) is Alert.RECEIVED


def test_the_second_level_waits_for_its_time(station: Station) -> None:
    station.member("Ana", on_duty=True)
    bora = station.member("Bora")
    station.sos()
    station.pass_time(seconds=70)
    assert bora not in station.paged()
    station.pass_time(seconds=10)
    assert bora in station.paged()


def test_with_an_empty_rota_those_who_can_be_reached_are_paged_at_once_and_her_first_reply_knows_that_nobody_is_on_duty(
    station: Station,
) -> None:
    ana = station.member("Ana")
    raised = station.sos()
    assert not raised.on_duty
    assert {message.member_id for message in station.messages()} == {ana}, "in the transaction of the raise"


def test_with_an_empty_rota_and_operators_without_a_working_contact_the_supervisor_is_paged_at_once(station: Station) -> None:
    station.member("Ana", ways=())
    mira = station.member("Mira", Role.SUPERVISOR)
    station.sos()
    assert {message.member_id for message in station.messages()} == {mira}


def test_with_no_staff_at_all_it_is_asked_again_every_few_minutes_and_she_is_told_the_truth(station: Station) -> None:
    raised = station.sos()
    assert not raised.on_duty
    station.pass_time(seconds=400)
    late = station.member("Late")
    station.pass_time(seconds=200)
    assert {message.member_id for message in station.messages()} == {late}
    assert station.telephone.told == [Told.MISSED]


def test_a_dead_telegram_never_keeps_an_sms_from_leaving_and_is_noticed(station: Station, clock: ManualClock) -> None:
    ana = station.member("Ana", on_duty=True, ways=("telegram", "sms"))
    bora = station.member("Bora", on_duty=True, ways=("telegram",))
    station.sos()
    assert station.send(dead=("telegram",)) == [ana]
    for _ in range(4):
        station.pass_time(seconds=190)
        station.send(dead=("telegram",))
    with station.database.read() as conn:
        assert {(way.member_id, way.channel) for way in dead_ways(conn, clock.now())} == {(ana, "telegram"), (bora, "telegram")}
    waiting = [message.member_id for message in station.messages() if message.channel == "telegram"]
    assert sorted(waiting) == sorted([ana, bora]), "a dead gateway gathers no heap of pages"


def test_a_refusing_channel_is_shown_as_dead_after_three_pages(station: Station, clock: ManualClock) -> None:
    ana = station.member("Ana", on_duty=True, ways=("telegram", "sms"))
    station.sos()
    for _ in range(2):
        station.send(refused=("telegram",))
        station.pass_time(seconds=190)
    with station.database.read() as conn:
        assert not dead_ways(conn, clock.now())
    station.send(refused=("telegram",))
    with station.database.read() as conn:
        assert [(way.member_id, way.channel) for way in dead_ways(conn, clock.now())] == [(ana, "telegram")]


def test_a_page_taken_from_bed_is_only_taken_and_three_minutes_of_silence_page_everyone_again(station: Station) -> None:
    ana = station.member("Ana", on_duty=True)
    bora = station.member("Bora")
    raised = station.sos()
    (page,) = station.messages()
    station.send()
    taken = station.take_by_text(raised.number, page.code)
    assert taken.taken
    assert taken.member_id == ana
    assert station.state(raised.id) is Alert.TAKEN
    assert Told.OPENED not in station.telephone.told
    station.pass_time(seconds=175)
    assert not station.messages(), "who took it has her three minutes"
    station.pass_time(seconds=10)
    assert station.state(raised.id) is Alert.RECEIVED
    assert {message.member_id for message in station.messages()} == {ana, bora}
    assert station.telephone.told == [Told.TAKEN, Told.REPAGED]


def test_opened_and_not_answered_lapses_three_minutes_after_the_taking(station: Station) -> None:
    ana = station.member("Ana", on_duty=True)
    raised = station.sos()
    station.act("take", raised.id, ana)
    station.pass_time(seconds=120)
    station.act("opened", raised.id, ana)
    station.pass_time(seconds=65)
    assert station.state(raised.id) is Alert.RECEIVED


def test_an_answer_keeps_the_three_minutes_and_new_words_of_danger_start_them_again(station: Station) -> None:
    ana = station.member("Ana", on_duty=True)
    raised = station.sos()
    station.act("take", raised.id, ana)
    station.act("opened", raised.id, ana)
    station.act("answered", raised.id, ana)
    station.pass_time(seconds=600)
    assert station.state(raised.id) is Alert.ANSWERED
    assert Told.MISSED not in station.telephone.told, "somebody has read it"
    again = station.sos(reason="weapon", words="thikë")
    assert again.repeated
    assert again.count == 2
    assert station.state(raised.id) is Alert.TAKEN
    assert {message.member_id for message in station.messages()} == {ana}, "who has it is called"
    station.pass_time(seconds=185)
    assert station.state(raised.id) is Alert.RECEIVED


def test_the_only_operator_on_duty_is_barred_so_supervisor_and_next_person_are_paged_at_once(station: Station) -> None:
    ana = station.member("Ana", on_duty=True)
    bora = station.member("Bora")
    mira = station.member("Mira", Role.SUPERVISOR)
    first = station.sos()
    station.act("declare_conflict", first.id, ana, by=ana)
    assert {message.member_id for message in station.messages()} >= {mira}
    assert ana not in {message.member_id for message in station.messages()}
    for move in ("take", "opened"):
        with pytest.raises(Conflicted):
            station.act(move, first.id, ana)
    station.act("take", first.id, mira)
    station.act("opened", first.id, mira)
    station.act("close", first.id, mira, Outcome.ADVISED, "")
    second = station.sos()
    assert not second.on_duty, "for her case nobody is on duty"
    assert {message.member_id for message in station.messages()} >= {mira, bora}
    assert ana not in {message.member_id for message in station.messages()}


def test_a_conflict_of_whoever_has_it_gives_it_back_and_pages_the_others(station: Station) -> None:
    ana, bora = station.member("Ana", on_duty=True), station.member("Bora", on_duty=True)
    raised = station.sos()
    station.act("take", raised.id, ana)
    station.act("declare_conflict", raised.id, ana, by=ana)
    assert station.state(raised.id) is Alert.RECEIVED
    assert {message.member_id for message in station.messages()} == {bora}


def test_a_hand_over_that_is_not_accepted_pages_everyone(station: Station) -> None:
    ana, bora = station.member("Ana", on_duty=True), station.member("Bora", on_duty=True)
    raised = station.sos()
    station.act("take", raised.id, ana)
    station.act("opened", raised.id, ana)
    station.act("answered", raised.id, ana)
    station.act("hand_over", raised.id, ana, bora, "her sister will call at six")
    assert {message.member_id for message in station.messages()} == {bora}
    station.pass_time(seconds=170)
    assert station.state(raised.id) is Alert.HANDED_OVER
    station.pass_time(seconds=15)
    assert station.state(raised.id) is Alert.RECEIVED
    assert {message.member_id for message in station.messages()} == {ana, bora}


def test_a_hand_over_to_nobody_on_duty_pages_the_supervisor_at_once(station: Station) -> None:
    ana, mira = station.member("Ana", on_duty=True), station.member("Mira", Role.SUPERVISOR)
    raised = station.sos()
    station.act("take", raised.id, ana)
    station.act("hand_over", raised.id, ana, None, "")
    assert {message.member_id for message in station.messages()} == {mira}


def test_only_a_person_who_opened_it_ends_it_and_says_how(station: Station) -> None:
    ana = station.member("Ana", on_duty=True)
    raised = station.sos()
    station.act("take", raised.id, ana)
    with pytest.raises(IllegalMove):
        station.act("close", raised.id, ana, Outcome.SAFE_FOR_NOW, "")
    station.act("opened", raised.id, ana)
    with pytest.raises(OutcomeNeeded):
        station.act("close", raised.id, ana, None, "")
    station.act("close", raised.id, ana, Outcome.SAFE_FOR_NOW, "with her sister")
    assert station.state(raised.id) is Alert.CLOSED
    assert station.closed == ["s0001"]
    station.pass_time(seconds=4000, step=60)
    assert not station.messages()
    assert station.telephone.told == [Told.TAKEN, Told.OPENED, Told.CLOSED]


def test_after_an_outage_the_levels_that_were_missed_fire_at_once_in_order_and_say_that_they_are_late(
    station: Station, clock: ManualClock
) -> None:
    ana, mira = station.member("Ana", on_duty=True), station.member("Mira", Role.SUPERVISOR)
    raised = station.sos()
    station.send()
    clock.advance(hours=3)
    station.pass_time(seconds=5, step=1)
    assert station.entries(raised.id, "level.") == ["level.0", "level.1.late", "level.2.late", "level.3.late"]
    assert {message.member_id for message in station.messages()} == {ana, mira}
    assert station.telephone.told == [Told.MISSED], "one text, not one for each that was missed"


def test_what_she_could_not_be_told_is_written_down(station: Station) -> None:
    ana = station.member("Ana", on_duty=True)
    station.telephone.silent = True
    raised = station.sos()
    station.act("take", raised.id, ana)
    assert station.entries(raised.id, "not_told.") == ["not_told.taken"]
    assert not station.entries(raised.id, "told.")


def test_she_asks_for_another_person(station: Station) -> None:
    from sos.survivors.address import Address, Channel

    ana, bora = station.member("Ana", on_duty=True), station.member("Bora", on_duty=True)
    raised = station.sos()
    station.act("take", raised.id, ana)
    assert station.act("another_person", Address(Channel.SMS, "+38344000001"))
    assert {message.member_id for message in station.messages()} == {bora}
    with pytest.raises(Conflicted):
        station.act("take", raised.id, ana)


def changes_duty(station: Station, name: str, member: str) -> None:
    with station.database.write() as unit:
        getattr(station.duty, name)(unit, member)


def follows(station: Station) -> int:
    return station.alerts.presence.follow(station.database)


def test_when_the_last_one_goes_off_duty_she_is_told_once_and_once_more_when_somebody_comes_who_is_then_asked(station: Station) -> None:
    ana, bora = station.member("Ana", on_duty=True), station.member("Bora", on_duty=True)
    raised = station.sos()
    station.send()
    changes_duty(station, "end_shift", bora)
    assert follows(station) == 0, "somebody is still there"
    changes_duty(station, "end_shift", ana)
    assert [follows(station) for _ in range(3)] == [1, 0, 0]
    assert station.telephone.told == [Told.NOBODY_ON_DUTY]
    station.send()
    changes_duty(station, "start_shift", bora)
    assert follows(station) == 0, "who comes and goes does not write to her each time"
    station.clock.advance(minutes=2)
    assert [follows(station) for _ in range(3)] == [1, 0, 0]
    assert station.telephone.told == [Told.NOBODY_ON_DUTY, Told.ON_DUTY_AGAIN]
    assert {message.member_id for message in station.messages()} == {bora}, "what she is told is so: Bora is asked to read it"
    assert station.state(raised.id) is Alert.RECEIVED


def test_a_forgotten_shift_that_ceases_to_count_is_told_too(station: Station, clock: ManualClock) -> None:
    station.member("Ana", on_duty=True)
    station.sos()
    clock.advance(hours=12, minutes=1)
    follows(station)
    assert station.telephone.told == [Told.NOBODY_ON_DUTY]


def test_whose_first_reply_said_that_nobody_is_on_duty_is_not_told_so_again_but_is_when_somebody_comes(station: Station) -> None:
    ana = station.member("Ana")
    station.sos()
    assert follows(station) == 0
    changes_duty(station, "start_shift", ana)
    assert follows(station) == 1
    assert station.telephone.told == [Told.ON_DUTY_AGAIN]


@pytest.mark.parametrize("steps", [("take",), ("take", "opened"), ("take", "opened", "answered")])
def test_nothing_of_duty_is_told_of_an_alert_that_a_person_has(station: Station, steps: tuple[str, ...]) -> None:
    ana = station.member("Ana", on_duty=True)
    raised = station.sos()
    for step in steps:
        station.act(step, raised.id, ana)
    changes_duty(station, "end_shift", ana)
    assert follows(station) == 0


def test_who_has_been_read_is_never_told_that_nobody_has(station: Station) -> None:
    ana = station.member("Ana", on_duty=True)
    raised = station.sos()
    station.act("take", raised.id, ana)
    station.act("opened", raised.id, ana)
    station.pass_time(seconds=185)
    assert station.state(raised.id) is Alert.RECEIVED
    changes_duty(station, "end_shift", ana)
    assert follows(station) == 0


def test_when_only_a_barred_one_is_left_on_duty_nobody_is_for_her(station: Station) -> None:
    ana, bora = station.member("Ana", on_duty=True), station.member("Bora", on_duty=True)
    raised = station.sos()
    station.act("declare_conflict", raised.id, ana, by=ana)
    changes_duty(station, "end_shift", bora)
    assert [follows(station) for _ in range(2)] == [1, 0]
    assert station.telephone.told == [Told.NOBODY_ON_DUTY]
