"""The keystore: one master opens it, another process's change is seen, what is destroyed is gone from the folder."""

import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from sos.clock import ManualClock
from sos.keys.keystore import Keystore, KeysUnavailable, NoSuchKey, due_for_turn


def test_a_keystore_is_made_once_even_when_two_processes_race(tmp_path: Path, clock: ManualClock) -> None:
    made: list[Keystore] = []
    threads = [threading.Thread(target=lambda: made.append(Keystore.create(tmp_path / "k", now=clock.now()))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({store.current.id for store in made}) == 1


def test_another_master_key_does_not_open_it(keystore: Keystore, clock: ManualClock) -> None:
    other = Keystore.create(keystore.folder.parent / "other", now=clock.now())
    (keystore.folder / "master.key").write_bytes((other.folder / "master.key").read_bytes())
    with pytest.raises(KeysUnavailable):
        Keystore.open(keystore.folder)


@pytest.mark.parametrize("damage", [b"", b"junk", b"\x01" + b"\x00" * 80])
def test_a_damaged_keystore_says_so(keystore: Keystore, damage: bytes) -> None:
    (keystore.folder / "keystore.sealed").write_bytes(damage)
    with pytest.raises(KeysUnavailable):
        Keystore.open(keystore.folder)


def test_a_turn_is_seen_by_every_process(keystore: Keystore, clock: ManualClock) -> None:
    other = Keystore.open(keystore.folder)
    old = other.current
    made = keystore.turn(now=clock.now())
    assert other.current == made
    assert other.epochs == (made, old)


def test_a_destroyed_epoch_is_gone_and_the_current_one_cannot_be(keystore: Keystore, clock: ManualClock) -> None:
    old = keystore.current
    keystore.turn(now=clock.now())
    keystore.destroy(old.id)
    with pytest.raises(NoSuchKey):
        Keystore.open(keystore.folder).epoch(old.id)
    with pytest.raises(ValueError, match="current"):
        keystore.destroy(keystore.current.id)


def test_only_one_sealed_copy_stands_in_the_folder(keystore: Keystore, clock: ManualClock) -> None:
    for _ in range(5):
        keystore.turn(now=clock.now())
    assert sorted(file.name for file in keystore.folder.iterdir()) == [".lock", "keystore.sealed", "master.key"]


def test_the_old_copy_is_overwritten_not_only_unlinked(keystore: Keystore, clock: ManualClock) -> None:
    file = keystore.folder / "keystore.sealed"
    before = file.read_bytes()
    with file.open("rb") as held:
        keystore.turn(now=clock.now())
        assert held.read() != before


def test_a_transit_key_lives_an_hour_at_most(keystore: Keystore, clock: ManualClock) -> None:
    keystore.new_transit_key("a", until=clock.now() + timedelta(hours=1))
    assert len(keystore.transit_key("a")) == 32
    clock.advance(hours=1)
    assert keystore.overdue_transit(clock.now())
    keystore.shred_transit([], now=clock.now())
    with pytest.raises(NoSuchKey):
        keystore.transit_key("a")


def test_no_key_is_shown(keystore: Keystore) -> None:
    epoch = keystore.current
    for secret in (epoch.wrap, epoch.index, epoch.intake):
        assert secret.hex() not in repr(epoch)
        assert repr(secret) not in repr(epoch)


def test_files_are_for_the_owner_only(keystore: Keystore) -> None:
    assert {file.stat().st_mode & 0o077 for file in keystore.folder.iterdir() if file.name != ".lock"} == {0}


def test_a_full_disk_leaves_the_keystore_whole(keystore: Keystore, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk takes a part of a write without an error, and refuses only the next one."""
    write, room = os.write, [40]

    def little(descriptor: int, content: bytes) -> int:
        if not room[0]:
            raise OSError(28, "no space left")
        taken = write(descriptor, bytes(content)[: room[0]])
        room[0] -= taken
        return taken

    monkeypatch.setattr(os, "write", little)
    with pytest.raises(OSError, match="no space"):
        keystore.turn(now=clock.now())
    monkeypatch.undo()
    before = keystore.current
    assert Keystore.open(keystore.folder).current == before
    assert sorted(file.name for file in keystore.folder.iterdir()) == [".lock", "keystore.sealed", "master.key"]


def test_a_write_in_several_parts_is_whole(keystore: Keystore, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, content: write(descriptor, bytes(content)[:100]))
    made = keystore.turn(now=clock.now())
    monkeypatch.undo()
    assert Keystore.open(keystore.folder).current == made


def test_what_a_killed_writer_left_is_overwritten_and_removed(keystore: Keystore, clock: ManualClock) -> None:
    left = keystore.folder / ".keystore.sealed.1234.5678"
    copy = (keystore.folder / "keystore.sealed").read_bytes()
    left.write_bytes(copy)
    with left.open("rb") as held:
        keystore.turn(now=clock.now())
        assert held.read() != copy
    assert not left.exists()


def test_a_keystore_that_is_there_is_only_read(keystore: Keystore, clock: ManualClock) -> None:
    (keystore.folder / ".lock").unlink()
    assert Keystore.create(keystore.folder, now=clock.now()).current == keystore.current
    assert not (keystore.folder / ".lock").exists()


def test_an_epoch_made_by_a_wrong_clock_ends_at_once(keystore: Keystore, clock: ManualClock) -> None:
    every = timedelta(days=5)
    assert not due_for_turn(keystore.current, clock.now(), every=every)
    assert due_for_turn(keystore.current, clock.now() + every, every=every)
    assert due_for_turn(keystore.current, clock.now() - timedelta(days=30), every=every)
