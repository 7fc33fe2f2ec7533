"""The durable path: signed post -> inbox; and inbox -> understood, matched, answered, committed. Messages a second, against one INSERT + COMMIT.

make bench X=throughput         both figures and their ratio to the floor, in one run
"""

import json
import os
import tempfile
import time

from sqlalchemy import text

from config.settings import Settings
from sos.bot.channels.intake import Intake
from sos.bot.channels.requests import pack
from sos.bot.channels.sms.provider import RawRequest
from sos.bot.conversation import Conversation
from sos.db.database import Database
from sos.factory import House
from sos.survivors.address import Address, Channel
from sos.worker.inbox_loop import InboxLoop, Reading

COUNT = int(os.environ.get("COUNT", "1500"))
TEXTS = ("hello", "1", "1", "SOS", "Peja", "me duhet avokat ne Prizren", "u Novom Pazaru", "treba mi doktor")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        environ = {"SOS_INSTANCE": folder, "SOS_SMS_GENERIC_SECRET": "s"}
        if os.environ.get("SOS_DATABASE_URL"):
            environ["SOS_DATABASE_URL"] = os.environ["SOS_DATABASE_URL"]
        house = House(Settings.from_environ(environ))
        house.prepare()
        house.rooms.warm()
        floor = rate(lambda: insert_one(house.database), 500)
        accepted = rate(lambda: accept(house), COUNT)
        intake = Intake(house.rooms, Conversation.load(house.rooms), house.providers)
        loop = InboxLoop(
            database=house.database,
            keystore=house.keystore,
            wake=house.rooms.wake,
            reading=Reading(prepare=intake.prepare, is_sos=intake.is_sos, park=intake.park),
            holder="bench",
        )
        started = time.perf_counter()
        while loop.run_once():
            pass
        answered = COUNT / (time.perf_counter() - started)
        for name, value in {"floor": floor, "accepted": accepted, "answered": answered}.items():
            figure = {
                "figure": f"{name}_per_second",
                "value": round(value),
                "of_floor": round(value / floor, 2),
                "database": house.database.dialect,
            }
            print(json.dumps(figure))
        house.database.dispose()


_sent = iter(range(10**9))


def accept(house: House) -> None:
    n = next(_sent)
    number = f"+3834400{n % 400:04}"
    body = json.dumps({"id": str(n), "from": number, "to": "info", "text": TEXTS[n % len(TEXTS)]}).encode()
    raw = RawRequest("POST", "", "", {"content-type": "application/json"}, body)
    house.accept(provider="generic", provider_id=str(n), address=Address(Channel.SMS, number), body=pack(raw))


def insert_one(database: Database) -> None:
    with database.write() as unit:
        unit.conn.execute(
            text("INSERT INTO heartbeats (name, at) VALUES (:name, :at)"), {"name": f"floor{next(_sent)}", "at": "2026-01-01 00:00:00"}
        )


def rate(act: object, count: int) -> float:
    started = time.perf_counter()
    for _ in range(count):
        act()
    return count / (time.perf_counter() - started)


if __name__ == "__main__":
    main()
