"""What is dropped when its time is over. Never touches what a person still has to answer."""

from sos.alerts.check_ins import actions as check_ins
from sos.db.database import Database
from sos.deadlines import actions as deadlines
from sos.deadlines import heartbeats
from sos.directory.test_calls import actions as test_calls
from sos.inbox import actions as inbox
from sos.keys.keystore import Keystore
from sos.outbox import actions as outbox
from sos.outbox import shown_once
from sos.practice import actions as practice
from sos.referrals import forgetting as referrals
from sos.referrals.appointments import actions as appointments
from sos.referrals.offers import actions as offers
from sos.safety_plans import forgetting as safety_plans
from sos.shelters import forgetting as shelters
from sos.staff import forgetting as tasks
from sos.staff.duty import forgetting as duty
from sos.staff.reach import forgetting as reach
from sos.survivors.address import Channel
from sos.survivors.evidence import actions as evidence
from sos.survivors.web_codes import actions as web_codes


def forget_old(database: Database, keystore: Keystore) -> None:
    """Drop answered inbox rows, settled outbox rows and fired deadlines after 30 days, and transit keys after their hour."""
    with database.write() as unit:
        check_ins.forget_old(unit)
        inbox.forget_old(unit)
        outbox.forget_old(unit)
        shown_once.forget_unseen(unit, Channel.WEB.value)
        deadlines.forget_old(unit)
        heartbeats.forget_old(unit)
        practice.forget_old(unit)
        test_calls.forget_old(unit)
        evidence.forget_unfetched(unit)
        web_codes.forget_old(unit)
        tasks.forget_old(unit)
        safety_plans.forget_old(unit)
        duty.forget_old(unit)
        reach.forget_old(unit)
        shelters.forget_old(unit, keystore.place_key)
        referrals.forget_old(unit)
        appointments.forget_old(unit)
        offers.forget_old(unit)
    now = database.clock.now()
    if keystore.overdue_transit(now):
        keystore.shred_transit([], now=now)
