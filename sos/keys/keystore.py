"""The keystore: epoch keys, index keys and the ids of erased keys, in a folder outside the database and its backups.

`SOS_KEYS` holds `master.key` (or the service manager's credential of that name) and `keystore.sealed`, which only the master key opens.
The sealed file is overwritten in place of its old copy and never versioned: what is destroyed here is destroyed in every backup of the
database. Never logs, prints or returns a key outside this process; never lies in the database folder in production (`flask doctor --strict`).
"""

import base64
import contextlib
import fcntl
import json
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from sos.encryption import CannotOpen, index, new_key, open_sealed, seal

_MASTER = "master.key"
_SEALED = "keystore.sealed"


class KeysUnavailable(Exception):
    """The keystore cannot be opened: missing, damaged, or sealed under another master key."""


class NoSuchKey(Exception):
    """This key was destroyed or never existed."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """Five days of keys. When an epoch is destroyed, what only it wraps can never be opened again."""

    id: str
    wrap: bytes = field(repr=False)  #: wraps survivors' and alerts' own keys
    index: bytes = field(repr=False)  #: HMAC key of addresses
    intake: bytes = field(repr=False)  #: seals message bodies until they are read
    made: datetime

    def index_of(self, value: bytes) -> bytes:
        """The 32 bytes under which this address is found in this epoch."""
        return index(self.index, value)


class Keystore:
    """The opened keystore of one folder. Every process sees a change of another at its next use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.RLock()
        self._seen: tuple[int, int, int] | None = None
        self._content: dict[str, Any] = {}
        self._epochs: dict[str, Epoch] = {}
        self._master = b""

    @classmethod
    def open(cls, folder: Path) -> "Keystore":
        """The keystore in `folder`. Raises KeysUnavailable."""
        store = cls(folder)
        store._refresh()
        return store

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether a keystore, whole or not, stands in this folder. Raises KeysUnavailable where one may not look."""
        try:
            return (folder / _SEALED).exists()
        except OSError as error:
            raise KeysUnavailable(f"{folder} cannot be read: {type(error).__name__}") from None

    @classmethod
    def create(cls, folder: Path, *, now: datetime) -> "Keystore":
        """Open the keystore, making it first where the folder is empty. Two processes may race: one makes it."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        store = cls(folder)
        if (folder / _SEALED).exists():
            store._refresh()
            return store
        with store._alone():
            if not (folder / _SEALED).exists():
                if not _credential(folder).exists():
                    _write_durably(folder / _MASTER, base64.b64encode(new_key()) + b"\n")
                store._master = _read_master(folder)
                store._store(_fresh(now))
        store._refresh()
        return store

    @property
    def current(self) -> Epoch:
        """The epoch that seals what comes in now."""
        self._refresh()
        return self._epochs[self._content["current"]]

    @property
    def epochs(self) -> tuple[Epoch, ...]:
        """All epochs still alive, the current one first."""
        self._refresh()
        return tuple(sorted(self._epochs.values(), key=lambda epoch: (epoch.id != self._content["current"], epoch.made)))

    def epoch(self, epoch_id: str) -> Epoch:
        """The epoch of this id. Raises NoSuchKey when it was destroyed."""
        self._refresh()
        try:
            return self._epochs[epoch_id]
        except KeyError:
            raise NoSuchKey(epoch_id) from None

    @property
    def once_key(self) -> bytes:
        """Recognises a provider's repeated delivery for 30 days; outlives epochs, reads nothing."""
        return self._key("once")

    @property
    def place_key(self) -> bytes:
        """Seals the place vault of confidential shelters."""
        return self._key("place")

    @property
    def audit_key(self) -> bytes:
        """Authenticates audit rows."""
        return self._key("audit")

    @property
    def session_key(self) -> bytes:
        """Signs form tokens and web sessions."""
        return self._key("session")

    def transit_key(self, key_id: str) -> bytes:
        """A key for a message that outlives her data key for an hour at most. Raises NoSuchKey."""
        self._refresh()
        try:
            return _decode(self._content["transit"][key_id]["key"])
        except KeyError:
            raise NoSuchKey("transit") from None

    def new_transit_key(self, key_id: str, *, until: datetime) -> bytes:
        """Make the transit key `key_id`."""
        key = new_key()
        with self._changed() as content:
            content["transit"][key_id] = {"key": _encode(key), "until": until.isoformat()}
        return key

    def shred_transit(self, key_ids: list[str], *, now: datetime) -> None:
        """Destroy these transit keys and every one whose hour is over."""
        with self._changed() as content:
            content["transit"] = {
                key_id: entry
                for key_id, entry in content["transit"].items()
                if key_id not in key_ids and datetime.fromisoformat(entry["until"]) > now
            }

    def overdue_transit(self, now: datetime) -> bool:
        """Whether a transit key has outlived its hour."""
        self._refresh()
        return any(datetime.fromisoformat(entry["until"]) <= now for entry in self._content["transit"].values())

    def note_erased(self, key_id: str) -> None:
        """Remember that this person's key was destroyed, so that a restored backup is erased again."""
        with self._changed() as content:
            erased = content["erased"].setdefault(content["current"], [])
            if key_id not in erased:
                erased.append(key_id)

    def erased(self) -> frozenset[str]:
        """Ids of keys destroyed in the epochs still alive."""
        self._refresh()
        return frozenset(key_id for ids in self._content["erased"].values() for key_id in ids)

    def turn(self, *, now: datetime) -> Epoch:
        """Begin a new epoch; the old ones stay until `destroy`."""
        with self._changed() as content:
            made = _fresh_epoch(now)
            content["epochs"][made["id"]] = made
            content["current"] = made["id"]
        return self.current

    def destroy(self, epoch_id: str) -> None:
        """Destroy an epoch that is over. Nothing sealed under it alone can be opened afterwards, in any copy."""
        with self._changed() as content:
            if epoch_id == content["current"]:
                raise ValueError("the current epoch cannot be destroyed")
            content["epochs"].pop(epoch_id, None)
            content["erased"].pop(epoch_id, None)

    def _key(self, name: str) -> bytes:
        self._refresh()
        return _decode(self._content["keys"][name])

    def _refresh(self) -> None:
        try:
            stat = os.stat(self.folder / _SEALED)  # noqa: PTH116 - a microsecond less, on every message
        except (FileNotFoundError, NotADirectoryError):
            raise KeysUnavailable(f"no keystore in {self.folder}") from None
        except OSError as error:
            raise KeysUnavailable(f"the keystore cannot be read: {type(error).__name__}") from None
        mark = (stat.st_mtime_ns, stat.st_ino, stat.st_size)
        if mark == self._seen:
            return
        with self._lock:
            if not self._master:
                self._master = _read_master(self.folder)
            try:
                plain = open_sealed(self._master, (self.folder / _SEALED).read_bytes(), table="keystore", column="content", row="1")
            except CannotOpen:
                raise KeysUnavailable("the keystore does not open with this master key") from None
            except OSError as error:
                raise KeysUnavailable(f"the keystore cannot be read: {type(error).__name__}") from None
            self._take(json.loads(plain))
            self._seen = mark

    def _take(self, content: dict[str, Any]) -> None:
        epochs = {
            entry["id"]: Epoch(
                id=entry["id"],
                wrap=_decode(entry["wrap"]),
                index=_decode(entry["index"]),
                intake=_decode(entry["intake"]),
                made=datetime.fromisoformat(entry["made"]),
            )
            for entry in content["epochs"].values()
        }
        self._content, self._epochs = content, epochs

    @contextlib.contextmanager
    def _changed(self) -> Iterator[dict[str, Any]]:
        with self._alone():
            self._seen = None
            self._refresh()
            content: dict[str, Any] = json.loads(json.dumps(self._content))
            yield content
            self._store(content)
            self._seen = None
            self._refresh()

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with self._lock, (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for left in self.folder.glob(f".{_SEALED}.*"):  # of a process that was killed while writing: it may hold a destroyed key
                with left.open("r+b") as copy:
                    _overwrite(copy)
                left.unlink()
            yield

    def _store(self, content: Mapping[str, Any]) -> None:
        target = self.folder / _SEALED
        old = target.open("r+b") if target.exists() else None
        with old or contextlib.nullcontext():
            _write_durably(target, seal(self._master, json.dumps(content).encode(), table="keystore", column="content", row="1"))
            if old is not None:
                _overwrite(old)  # its name is already gone


def _fresh(now: datetime) -> dict[str, Any]:
    epoch = _fresh_epoch(now)
    keys = {name: _encode(new_key()) for name in ("once", "place", "audit", "session")}
    return {"current": epoch["id"], "epochs": {epoch["id"]: epoch}, "keys": keys, "transit": {}, "erased": {}}


def _fresh_epoch(now: datetime) -> dict[str, str]:
    return {
        "id": os.urandom(8).hex(),
        "wrap": _encode(new_key()),
        "index": _encode(new_key()),
        "intake": _encode(new_key()),
        "made": now.isoformat(),
    }


def _credential(folder: Path) -> Path:
    """Where the master key is: the service manager's credentials folder, else beside the keystore."""
    given = os.environ.get("CREDENTIALS_DIRECTORY")
    if given and (Path(given) / _MASTER).exists():
        return Path(given) / _MASTER
    return folder / _MASTER


def _read_master(folder: Path) -> bytes:
    try:
        key = base64.b64decode(_credential(folder).read_bytes().strip(), validate=True)
    except (OSError, ValueError):
        raise KeysUnavailable("the master key cannot be read") from None
    if len(key) != 32:
        raise KeysUnavailable("the master key has the wrong length")
    return key


def _overwrite(copy: BinaryIO) -> None:
    """Overwrite the bytes of an old copy in place: it holds keys that may now be destroyed."""
    length = copy.seek(0, os.SEEK_END)
    copy.seek(0)
    copy.write(os.urandom(length))
    copy.flush()
    os.fsync(copy.fileno())


def _write_durably(path: Path, content: bytes) -> None:
    """Replace the file by a whole one, or leave it as it is: a full disk takes part of a write without an error."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _encode(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text)


def due_for_turn(epoch: Epoch, now: datetime, *, every: timedelta) -> bool:
    """Whether this epoch is over; one from the future was made by a wrong clock and would otherwise never end."""
    return now - epoch.made >= every or epoch.made - now > timedelta(hours=1)
