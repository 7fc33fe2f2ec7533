"""Few wait, and nobody because of them."""

import threading

from sos.bot.channels.webchat.waiting import Waiters


def test_who_finds_all_places_taken_does_not_wait() -> None:
    waiters, asked, over = Waiters(2, at_most=30), threading.Semaphore(0), threading.Event()

    def is_open() -> bool:
        asked.release()
        return not over.is_set()

    first = [threading.Thread(target=waiters.wait, args=(is_open,)) for _ in range(2)]
    for thread in first:
        thread.start()
    for _ in first:
        assert asked.acquire(timeout=10)
    looked = []
    assert waiters.wait(lambda: bool(looked.append(1)) or True) is True
    assert not looked
    over.set()
    for thread in first:
        thread.join(10)
    assert waiters.wait(lambda: False) is False


def test_waiting_ends_with_the_answer_and_gives_its_place_back_after_a_fault() -> None:
    waiters, answers = Waiters(1, at_most=30), iter([True, True, False])
    assert waiters.wait(lambda: next(answers)) is False
    for _ in range(3):
        try:
            waiters.wait(lambda: 1 / 0 > 0)
        except ZeroDivisionError:
            continue
        raise AssertionError


def test_waiting_ends_by_itself() -> None:
    assert Waiters(1, at_most=0.05).wait(lambda: True) is True
