"""Alarms: at once, again at growing intervals, once when mended, and nothing in them but parts and times."""

import itertools
from datetime import UTC, datetime, timedelta

from sos.watch.alarms import CALM, LONGEST, PAUSES, UNSAID_AGAIN, Alarms, Trouble, Warnings
from sos.watch.chain import Part

NOON = datetime(2026, 11, 23, 3, 12, tzinfo=UTC)
WORKER = Trouble(Part.WORKER, "", NOON)
INBOX = Trouble(Part.INBOX, "", NOON + timedelta(minutes=1))


class Teller:
    """An hour of looks, one a second; `said`: (second, text)."""

    def __init__(self) -> None:
        self.alarms, self.boot, self.said, self.taken = Alarms(UTC), 0.0, [], True

    def for_(self, seconds: float, *troubles: Trouble) -> list[tuple[float, str]]:
        before = len(self.said)
        for _ in range(int(seconds)):
            text = self.alarms.due(troubles, boot=self.boot, now=NOON + timedelta(seconds=self.boot))
            if text is not None:
                self.said.append((self.boot, text))
                self.alarms.said(troubles, taken=self.taken, boot=self.boot)
            self.boot += 1
        return self.said[before:]


def test_it_is_said_at_once_with_part_and_time_and_nothing_else() -> None:
    assert Teller().for_(1, WORKER) == [(0.0, "SOS service: worker silent since 03:12")]


def test_it_is_repeated_at_growing_intervals_until_mended() -> None:
    times = [at for at, _ in Teller().for_(4 * 3600, WORKER)]
    gaps = [b - a for a, b in itertools.pairwise(times)]
    assert gaps[: len(PAUSES)] == list(PAUSES)
    assert set(gaps[len(PAUSES) :]) == {PAUSES[-1]}


def test_another_part_that_fails_is_said_at_once() -> None:
    teller = Teller()
    teller.for_(10, WORKER)
    assert teller.for_(1, WORKER, INBOX) == [(10.0, "SOS service: worker silent since 03:12; messages unread since 03:13")]


def test_mended_is_said_once() -> None:
    teller = Teller()
    teller.for_(10, WORKER)
    said = teller.for_(3600)
    assert [text for _, text in said] == ["SOS service: mended at 03:12, was broken since 03:12"]
    assert said[0][0] == 10 + CALM


def test_a_moment_without_trouble_is_not_mended() -> None:
    teller = Teller()
    teller.for_(10, WORKER)
    assert teller.for_(CALM - 1) == []
    assert teller.for_(10, WORKER) == []


def test_the_next_outage_is_said_at_once_again() -> None:
    teller = Teller()
    teller.for_(600, WORKER)
    teller.for_(60)
    assert len(teller.for_(1, WORKER)) == 1


def test_what_nobody_took_is_said_again_soon() -> None:
    teller = Teller()
    teller.taken = False
    assert [at for at, _ in teller.for_(UNSAID_AGAIN * 2 + 1, WORKER)] == [0, UNSAID_AGAIN, UNSAID_AGAIN * 2]


def test_nobody_is_told_that_something_is_mended_who_was_not_told_that_it_broke() -> None:
    teller = Teller()
    teller.taken = False
    teller.for_(5, WORKER)
    teller.taken = True
    assert teller.for_(600) == []


def test_a_text_fits_in_two_messages_however_much_is_broken() -> None:
    everything = [Trouble(part, "some-long-gateway", NOON) for part in Part]
    (_, text), *_ = Teller().for_(1, *everything)
    assert len(text) <= LONGEST


def test_every_part_has_words() -> None:
    for part in Part:
        assert Teller().for_(1, Trouble(part, "", NOON))


def test_a_warning_is_said_when_new_and_twice_a_day() -> None:
    warnings, said = Warnings(), []
    for hour in range(48):
        text = warnings.due(["smsgate:battery_low"], boot=hour * 3600.0)
        if text:
            said.append(text)
            warnings.said(["smsgate:battery_low"], taken=True, boot=hour * 3600.0)
    assert said == ["SOS service, warning: smsgate battery low"] * 4


def test_a_warning_that_comes_back_is_new() -> None:
    warnings = Warnings()
    assert warnings.due(["a:b"], boot=0)
    warnings.said(["a:b"], taken=True, boot=0)
    assert warnings.due([], boot=5) is None
    assert warnings.due(["a:b"], boot=10)
