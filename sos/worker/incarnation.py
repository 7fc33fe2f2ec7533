"""Which worker this is. A lease names its worker's incarnation; a starting worker voids those of its dead predecessors on this host.

A living worker holds a lock on its own file; the system lets go of it however the worker ends.
"""

import fcntl
import os
import socket
import uuid
from pathlib import Path


class Incarnation:
    """One life of one worker. Keep it referenced as long as the worker lives."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.name = f"{socket.gethostname()[:20]}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._file = (folder / self.name).open("w")
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def dead(self) -> list[str]:
        """Workers of this host that live no longer; their files stay until `bury`."""
        return [file.name for file in self._folder.iterdir() if file.name != self.name and _is_free(file)]

    def bury(self, names: list[str]) -> None:
        """Forget dead workers whose leases were voided."""
        for name in names:
            (self._folder / name).unlink(missing_ok=True)

    def end(self) -> None:
        """An orderly end."""
        self.bury([self.name])
        self._file.close()


def _is_free(file: Path) -> bool:
    try:
        with file.open("r+") as opened:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, FileNotFoundError):
        return False
    return True
