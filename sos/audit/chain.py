"""Chain the writers' audit rows and anchor the head outside the database. Never changes a row."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, RowMapping, func, insert, select

from sos.audit.actions import mac
from sos.audit.models import AuditRow, AuditSeal
from sos.db.database import Unit
from sos.encryption import index


@dataclass(frozen=True, slots=True)
class Broken:
    """Where the trail does not hold: the writer, the row number and what is wrong."""

    writer: str
    n: int
    why: str


def seal_new_rows(unit: Unit, key: bytes) -> int:
    """Link every row not yet chained; returns how many. Safe to run twice and on two hosts (the link's number is unique)."""
    ends_sealed = unit.conn.execute(select(AuditSeal.writer, func.max(AuditSeal.last_n)).group_by(AuditSeal.writer))
    sealed: dict[str, int] = {row[0]: row[1] for row in ends_sealed}
    last = unit.conn.execute(select(AuditSeal.seq, AuditSeal.chain).order_by(AuditSeal.seq.desc()).limit(1)).one_or_none()
    seq, chain = (last.seq, last.chain) if last else (0, bytes(32))
    counted = 0
    ends = unit.conn.execute(select(AuditRow.writer, func.max(AuditRow.n)).group_by(AuditRow.writer).order_by(AuditRow.writer))
    for writer, end in ends.all():
        first = sealed.get(writer, 0) + 1
        if end < first:
            continue
        chain = _linked(unit.conn, key, chain, writer, first, end)
        seq += 1
        values = {"seq": seq, "writer": writer, "first_n": first, "last_n": end, "at": unit.now, "chain": chain}
        unit.conn.execute(insert(AuditSeal).values(values))
        counted += end - first + 1
    return counted


def verify(conn: Connection, key: bytes) -> list[Broken]:
    """Every place where a row is missing, changed, or differs from the chain. Empty when the trail holds."""
    broken = []
    expected: dict[str, int] = {}
    for row in conn.execute(select(AuditRow.__table__).order_by(AuditRow.writer, AuditRow.n)).mappings():
        n = expected.get(row["writer"], 1)
        if row["n"] != n:
            broken.append(Broken(row["writer"], n, "missing"))
        if mac(key, dict(row)) != row["mac"]:
            broken.append(Broken(row["writer"], row["n"], "changed"))
        expected[row["writer"]] = row["n"] + 1
    chain = bytes(32)
    for link in conn.execute(select(AuditSeal.__table__).order_by(AuditSeal.seq)).mappings():
        chain = _linked(conn, key, chain, link["writer"], link["first_n"], link["last_n"])
        if chain != link["chain"]:
            broken.append(Broken(link["writer"], link["last_n"], "chain"))
            break
    return broken


def any_row(conn: Connection) -> RowMapping | None:
    """One row of the trail, where there is any."""
    return conn.execute(select(AuditRow.__table__).limit(1)).mappings().one_or_none()


def is_ours(row: RowMapping, key: bytes) -> bool:
    """Whether this key wrote the row."""
    return bool(mac(key, dict(row)) == row["mac"])


def matches_anchor(conn: Connection, file: Path) -> bool:
    """Whether the last head that was anchored outside still stands in the database; True where nothing was anchored."""
    lines = file.read_text().split("\n") if file.exists() else []
    whole = [line.split(" ") for line in lines if line.count(" ") == 2]
    if not whole:
        return True
    _, seq, head = whole[-1]
    found = conn.execute(select(AuditSeal.chain).where(AuditSeal.seq == int(seq))).scalar()
    return found is not None and bool(found.hex() == head)


def anchor(conn: Connection, file: Path, *, now: datetime) -> None:
    """Append the chain's head to a file outside the database, so that a rewritten database is noticed."""
    head = conn.execute(select(AuditSeal.seq, AuditSeal.chain).order_by(AuditSeal.seq.desc()).limit(1)).one_or_none()
    if head is None:
        return
    with file.open("a") as out:
        out.write(f"{now.isoformat()} {head.seq} {head.chain.hex()}\n")
        out.flush()
        os.fsync(out.fileno())


def _linked(conn: Connection, key: bytes, chain: bytes, writer: str, first: int, last: int) -> bytes:
    macs = conn.execute(select(AuditRow.mac).where(AuditRow.writer == writer, AuditRow.n.between(first, last)).order_by(AuditRow.n))
    return index(key, chain + f"{writer}\x1f{first}\x1f{last}".encode() + b"".join(macs.scalars()))
