"""Who may: permission -> OR of ANDs of predicates; endpoint -> permission. What is not in these tables is denied.

The same tables drive the doors, the tests and `docs/`. Predicates are pure: they look at the caller only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """What somebody may do; the grammar is `room.act`."""

    INTAKE_MESSAGE = "intake.message"
    CHAT_USE = "chat.use"
    DIRECTORY_READ_PUBLIC = "directory.read_public"
    HEALTH_READ = "health.read"
    METRICS_READ = "metrics.read"
    STATIC_READ = "static.read"
    PHONE_PLAY = "phone.play"
    STAFF_PULSE = "staff.pulse"
    DUTY_OWN = "duty.own"
    DUTY_PLAN = "duty.plan"
    DUTY_FEED = "duty.feed"
    REACH_OWN = "reach.own"
    PRACTICE_USE = "practice.use"
    PRACTICE_RECORD = "practice.record"
    LOAD_READ = "load.read"
    DESK_SUPERVISE = "desk.supervise"
    DESK_WORK = "desk.work"
    SHARE_WITHOUT_CONSENT = "share.without_consent"
    ITEMS_WORK = "items.work"
    OUTSIDE_LINK = "outside.link"
    BEDS_OWN = "beds.own"
    PLANS_OWN = "plans.own"
    PLANS_OVERDUE = "plans.overdue"
    PLACE_REVEAL = "place.reveal"
    OFFERS_READ = "offers.read"
    OFFERS_PUBLISH = "offers.publish"
    PATHWAYS_READ = "pathways.read"
    STAFF_SIGN_IN = "staff.sign_in"
    FACTOR_SET_UP = "factor.set_up"
    ACCOUNT_USE = "account.use"
    MEMBERS_READ = "members.read"
    MEMBERS_CHANGE = "members.change"


@dataclass(frozen=True, slots=True)
class Signed:
    """A member of the staff who is signed in. `roles`: values of sos.staff.members.states.Role; `fresh`: a second factor within five minutes."""

    id: str
    roles: frozenset[str]
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as far as it matters."""

    gateway_signed: bool = False
    on_loopback: bool = False
    demonstration: bool = False
    member: Signed | None = None
    joining: bool = False


Predicate = Callable[[Caller], bool]


def anyone(_: Caller) -> bool:
    """The public: survivors and guests are never asked who they are."""
    return True


def signed_by_gateway(caller: Caller) -> bool:
    """The gateway's own secret signed the request."""
    return caller.gateway_signed


def on_this_machine(caller: Caller) -> bool:
    """The request came over loopback."""
    return caller.on_loopback


def demonstration(caller: Caller) -> bool:
    """This installation is a demonstration."""
    return caller.demonstration


def signed_in(caller: Caller) -> bool:
    """A member of the staff, whatever her roles."""
    return caller.member is not None


def joining(caller: Caller) -> bool:
    """Came by a one-time link and has no second factor yet."""
    return caller.joining


def operator(caller: Caller) -> bool:
    """Answers people."""
    return _has(caller, "operator")


def supervisor(caller: Caller) -> bool:
    """Answers for the operators."""
    return _has(caller, "supervisor")


def shelter_staff(caller: Caller) -> bool:
    """Works in a shelter."""
    return _has(caller, "shelter_staff")


def directory_editor(caller: Caller) -> bool:
    """Keeps the directory."""
    return _has(caller, "directory_editor")


def administrator(caller: Caller) -> bool:
    """Keeps members and their access; reads no case by it."""
    return _has(caller, "administrator")


def analyst(caller: Caller) -> bool:
    """Reads figures only."""
    return _has(caller, "analyst")


def fresh_factor(caller: Caller) -> bool:
    """Has shown a second factor within five minutes."""
    return caller.member is not None and caller.member.fresh


def _has(caller: Caller, role: str) -> bool:
    return caller.member is not None and role in caller.member.roles


PERMISSIONS: Mapping[Permission, tuple[tuple[Predicate, ...], ...]] = {
    Permission.INTAKE_MESSAGE: ((signed_by_gateway,),),
    Permission.CHAT_USE: ((anyone,),),
    Permission.DIRECTORY_READ_PUBLIC: ((anyone,),),
    Permission.HEALTH_READ: ((anyone,),),
    Permission.METRICS_READ: ((on_this_machine,),),
    Permission.STATIC_READ: ((anyone,),),
    Permission.PHONE_PLAY: ((demonstration, on_this_machine),),
    Permission.STAFF_SIGN_IN: ((anyone,),),
    Permission.FACTOR_SET_UP: ((joining,), (signed_in, fresh_factor)),
    Permission.ACCOUNT_USE: ((signed_in,),),
    Permission.MEMBERS_READ: ((administrator,),),
    Permission.MEMBERS_CHANGE: ((administrator, fresh_factor),),
    Permission.STAFF_PULSE: ((signed_in,),),
    Permission.DUTY_OWN: ((operator,), (supervisor,)),
    Permission.DUTY_PLAN: ((supervisor,),),
    Permission.DUTY_FEED: ((anyone,),),
    Permission.REACH_OWN: ((signed_in,),),
    Permission.PRACTICE_USE: ((signed_in,),),
    Permission.PRACTICE_RECORD: ((supervisor,), (administrator,)),
    Permission.LOAD_READ: ((supervisor,),),
    Permission.DESK_SUPERVISE: ((supervisor,),),
    Permission.DESK_WORK: ((operator,), (supervisor,)),
    Permission.SHARE_WITHOUT_CONSENT: ((operator, fresh_factor), (supervisor, fresh_factor)),
    Permission.ITEMS_WORK: ((shelter_staff,),),
    Permission.OUTSIDE_LINK: ((anyone,),),
    Permission.OFFERS_READ: ((operator,), (supervisor,), (directory_editor,)),
    Permission.OFFERS_PUBLISH: ((supervisor,), (directory_editor,)),
    Permission.PATHWAYS_READ: ((operator,), (supervisor,), (directory_editor,)),
    Permission.PLANS_OWN: ((shelter_staff,),),
    Permission.PLANS_OVERDUE: ((supervisor,),),
    Permission.PLACE_REVEAL: ((operator, fresh_factor), (supervisor, fresh_factor)),
    Permission.BEDS_OWN: ((shelter_staff,),),
}

ENDPOINTS: Mapping[tuple[str, str], Permission] = {
    ("sms.inbound", "POST"): Permission.INTAKE_MESSAGE,
    ("sms.inbound", "GET"): Permission.INTAKE_MESSAGE,
    ("sms.status", "POST"): Permission.INTAKE_MESSAGE,
    ("sms.status", "GET"): Permission.INTAKE_MESSAGE,
    ("telegram.webhook", "POST"): Permission.INTAKE_MESSAGE,
    ("chat.show", "GET"): Permission.CHAT_USE,
    ("chat.write", "POST"): Permission.CHAT_USE,
    ("chat.leave", "GET"): Permission.CHAT_USE,
    ("chat.leave", "POST"): Permission.CHAT_USE,
    ("chat.file", "GET"): Permission.STATIC_READ,
    ("own.show", "GET"): Permission.CHAT_USE,
    ("own.known", "GET"): Permission.CHAT_USE,
    ("own.word", "POST"): Permission.CHAT_USE,
    ("own.keep", "POST"): Permission.CHAT_USE,
    ("own.plan", "POST"): Permission.CHAT_USE,
    ("own.change", "POST"): Permission.CHAT_USE,
    ("own.export", "POST"): Permission.CHAT_USE,
    ("hsds.about", "GET"): Permission.DIRECTORY_READ_PUBLIC,
    ("hsds.services", "GET"): Permission.DIRECTORY_READ_PUBLIC,
    ("hsds.service", "GET"): Permission.DIRECTORY_READ_PUBLIC,
    ("hsds.organizations", "GET"): Permission.DIRECTORY_READ_PUBLIC,
    ("hsds.organization", "GET"): Permission.DIRECTORY_READ_PUBLIC,
    ("hsds.service_at_locations", "GET"): Permission.DIRECTORY_READ_PUBLIC,
    ("hsds.service_at_location", "GET"): Permission.DIRECTORY_READ_PUBLIC,
    ("hsds.taxonomies", "GET"): Permission.DIRECTORY_READ_PUBLIC,
    ("hsds.taxonomy", "GET"): Permission.DIRECTORY_READ_PUBLIC,
    ("hsds.taxonomy_terms", "GET"): Permission.DIRECTORY_READ_PUBLIC,
    ("hsds.taxonomy_term", "GET"): Permission.DIRECTORY_READ_PUBLIC,
    ("health.live", "GET"): Permission.HEALTH_READ,
    ("health.ready", "GET"): Permission.HEALTH_READ,
    ("health.chain", "GET"): Permission.HEALTH_READ,
    ("health.metrics", "GET"): Permission.METRICS_READ,
    ("staff.file", "GET"): Permission.STATIC_READ,
    ("queue.pulse", "GET"): Permission.STAFF_PULSE,
    ("queue.show", "GET"): Permission.DESK_WORK,
    ("queue.rows", "GET"): Permission.DESK_WORK,
    ("queue.seen", "POST"): Permission.DESK_WORK,
    ("queue.left", "GET"): Permission.DESK_WORK,
    ("alert.show", "GET"): Permission.DESK_WORK,
    ("alert.lines", "GET"): Permission.DESK_WORK,
    ("alert.services", "POST"): Permission.DESK_WORK,
    ("alert.number", "POST"): Permission.DESK_WORK,
    ("alert.act", "POST"): Permission.DESK_WORK,
    ("tasks.show", "GET"): Permission.DESK_WORK,
    ("tasks.one", "GET"): Permission.DESK_WORK,
    ("tasks.act", "POST"): Permission.DESK_WORK,
    ("people.show", "GET"): Permission.DESK_WORK,
    ("people.find", "POST"): Permission.DESK_WORK,
    ("people.new", "POST"): Permission.DESK_WORK,
    ("people.one", "GET"): Permission.DESK_WORK,
    ("people.lines", "GET"): Permission.DESK_WORK,
    ("people.number", "POST"): Permission.DESK_WORK,
    ("people.evidence", "GET"): Permission.DESK_WORK,
    ("people.act", "POST"): Permission.DESK_WORK,
    ("referrals.show", "GET"): Permission.DESK_WORK,
    ("referrals.act", "POST"): Permission.DESK_WORK,
    ("referrals.paper", "GET"): Permission.DESK_WORK,
    ("overrides.show", "GET"): Permission.DESK_WORK,
    ("overrides.ask", "POST"): Permission.SHARE_WITHOUT_CONSENT,
    ("overrides.decide", "POST"): Permission.SHARE_WITHOUT_CONSENT,
    ("overrides.told", "POST"): Permission.DESK_WORK,
    ("agency.show", "GET"): Permission.ITEMS_WORK,
    ("agency.one", "GET"): Permission.ITEMS_WORK,
    ("agency.act", "POST"): Permission.ITEMS_WORK,
    ("outside.ask", "GET"): Permission.OUTSIDE_LINK,
    ("outside.show", "POST"): Permission.OUTSIDE_LINK,
    ("outside.answer", "POST"): Permission.OUTSIDE_LINK,
    ("rests.begin", "POST"): Permission.DUTY_OWN,
    ("rests.end", "POST"): Permission.DUTY_OWN,
    ("duty.show", "GET"): Permission.DUTY_OWN,
    ("duty.start", "POST"): Permission.DUTY_OWN,
    ("duty.end", "POST"): Permission.DUTY_OWN,
    ("duty.open_feed", "POST"): Permission.DUTY_OWN,
    ("duty.close_feed", "POST"): Permission.DUTY_OWN,
    ("duty.plan", "POST"): Permission.DUTY_PLAN,
    ("duty.remove", "POST"): Permission.DUTY_PLAN,
    ("duty.swap", "POST"): Permission.DUTY_PLAN,
    ("duty.absence", "POST"): Permission.DUTY_PLAN,
    ("duty.take_back", "POST"): Permission.DUTY_PLAN,
    ("duty.calendar", "GET"): Permission.DUTY_FEED,
    ("reach.show", "GET"): Permission.REACH_OWN,
    ("reach.add_number", "POST"): Permission.REACH_OWN,
    ("reach.confirm", "POST"): Permission.REACH_OWN,
    ("reach.link", "POST"): Permission.REACH_OWN,
    ("reach.test", "POST"): Permission.REACH_OWN,
    ("reach.remove", "POST"): Permission.REACH_OWN,
    ("practice.show", "GET"): Permission.PRACTICE_USE,
    ("practice.begin", "POST"): Permission.PRACTICE_USE,
    ("practice.record", "GET"): Permission.PRACTICE_RECORD,
    ("practice.one", "GET"): Permission.PRACTICE_USE,
    ("practice.lines", "GET"): Permission.PRACTICE_USE,
    ("practice.write", "POST"): Permission.PRACTICE_USE,
    ("practice.stop", "POST"): Permission.PRACTICE_USE,
    ("load.show", "GET"): Permission.LOAD_READ,
    ("hand_off.show", "GET"): Permission.DESK_WORK,
    ("hand_off.sheet", "GET"): Permission.DESK_WORK,
    ("hand_off.keep", "POST"): Permission.DESK_WORK,
    ("hand_off.act_unasked", "POST"): Permission.DESK_WORK,
    ("hand_off.reviews", "GET"): Permission.DESK_SUPERVISE,
    ("hand_off.review", "POST"): Permission.DESK_SUPERVISE,
    ("risk.choose", "GET"): Permission.DESK_WORK,
    ("risk.show", "GET"): Permission.DESK_WORK,
    ("risk.give", "POST"): Permission.DESK_WORK,
    ("risk.trained", "GET"): Permission.DESK_SUPERVISE,
    ("risk.note", "POST"): Permission.DESK_SUPERVISE,
    ("risk.end", "POST"): Permission.DESK_SUPERVISE,
    ("beds.show", "GET"): Permission.BEDS_OWN,
    ("beds.confirm", "POST"): Permission.BEDS_OWN,
    ("beds.hold", "POST"): Permission.BEDS_OWN,
    ("beds.answer", "POST"): Permission.BEDS_OWN,
    ("beds.rooms", "GET"): Permission.BEDS_OWN,
    ("beds.add", "POST"): Permission.BEDS_OWN,
    ("beds.change", "POST"): Permission.BEDS_OWN,
    ("beds.settings", "POST"): Permission.BEDS_OWN,
    ("beds.freshness", "GET"): Permission.DESK_WORK,
    ("asks.show", "GET"): Permission.DESK_WORK,
    ("asks.look", "POST"): Permission.DESK_WORK,
    ("asks.answers", "GET"): Permission.DESK_WORK,
    ("asks.begin", "POST"): Permission.DESK_WORK,
    ("asks.hold", "POST"): Permission.DESK_WORK,
    ("asks.held", "POST"): Permission.DESK_WORK,
    ("asks.act", "POST"): Permission.DESK_WORK,
    ("pathways.show", "GET"): Permission.PATHWAYS_READ,
    ("pathways.one", "GET"): Permission.PATHWAYS_READ,
    ("offers.show", "GET"): Permission.OFFERS_READ,
    ("offers.publish", "POST"): Permission.OFFERS_PUBLISH,
    ("offers.close", "POST"): Permission.OFFERS_PUBLISH,
    ("offers.one", "GET"): Permission.DESK_WORK,
    ("offers.together", "POST"): Permission.DESK_WORK,
    ("offers.move", "POST"): Permission.DESK_WORK,
    ("offers.hers", "GET"): Permission.DESK_WORK,
    ("offers.note", "POST"): Permission.DESK_WORK,
    ("appointments.show", "GET"): Permission.DESK_WORK,
    ("appointments.agree", "POST"): Permission.DESK_WORK,
    ("appointments.act", "POST"): Permission.DESK_WORK,
    ("cases.show", "GET"): Permission.DESK_WORK,
    ("cases.begin", "POST"): Permission.DESK_WORK,
    ("cases.one", "GET"): Permission.DESK_WORK,
    ("cases.step", "POST"): Permission.DESK_WORK,
    ("cases.act", "POST"): Permission.DESK_WORK,
    ("assessments.hers", "GET"): Permission.DESK_WORK,
    ("assessments.begin", "POST"): Permission.DESK_WORK,
    ("assessments.one", "GET"): Permission.DESK_WORK,
    ("assessments.answer", "POST"): Permission.DESK_WORK,
    ("assessments.alone", "POST"): Permission.DESK_WORK,
    ("assessments.count", "POST"): Permission.DESK_WORK,
    ("assessments.services", "POST"): Permission.DESK_WORK,
    ("reference.night_list", "GET"): Permission.DESK_WORK,
    ("reference.note_call", "POST"): Permission.DESK_WORK,
    ("reference.phrases", "GET"): Permission.DESK_WORK,
    ("reference.interpreters", "GET"): Permission.DESK_WORK,
    ("plans.show", "GET"): Permission.PLANS_OWN,
    ("plans.begin", "POST"): Permission.PLANS_OWN,
    ("plans.overdue", "GET"): Permission.PLANS_OVERDUE,
    ("plans.note", "POST"): Permission.PLANS_OWN,
    ("plans.ring", "POST"): Permission.PLANS_OWN,
    ("plans.task_done", "POST"): Permission.PLANS_OWN,
    ("plans.one", "GET"): Permission.PLANS_OWN,
    ("plans.ticks", "POST"): Permission.PLANS_OWN,
    ("plans.sheet", "GET"): Permission.PLANS_OWN,
    ("plans.pdf", "GET"): Permission.PLANS_OWN,
    ("plans.photo", "GET"): Permission.PLANS_OWN,
    ("plans.act", "POST"): Permission.PLANS_OWN,
    ("reveal.ask", "GET"): Permission.PLACE_REVEAL,
    ("reveal.show", "POST"): Permission.PLACE_REVEAL,
    ("phone.page", "GET"): Permission.PHONE_PLAY,
    ("phone.write", "POST"): Permission.PHONE_PLAY,
    ("phone.outbound", "POST"): Permission.PHONE_PLAY,
    ("sign_in.show", "GET"): Permission.STAFF_SIGN_IN,
    ("sign_in.try_password", "POST"): Permission.STAFF_SIGN_IN,
    ("sign_in.second", "GET"): Permission.STAFF_SIGN_IN,
    ("sign_in.try_factor", "POST"): Permission.STAFF_SIGN_IN,
    ("sign_in.out", "POST"): Permission.STAFF_SIGN_IN,
    ("sign_in.join", "GET"): Permission.STAFF_SIGN_IN,
    ("sign_in.take_link", "POST"): Permission.STAFF_SIGN_IN,
    ("sign_in.again", "GET"): Permission.ACCOUNT_USE,
    ("sign_in.try_again", "POST"): Permission.ACCOUNT_USE,
    ("factor.show", "GET"): Permission.FACTOR_SET_UP,
    ("factor.app", "POST"): Permission.FACTOR_SET_UP,
    ("factor.key", "POST"): Permission.FACTOR_SET_UP,
    ("factor.remove_key", "POST"): Permission.FACTOR_SET_UP,
    ("factor.codes", "GET"): Permission.FACTOR_SET_UP,
    ("factor.make_codes", "POST"): Permission.FACTOR_SET_UP,
    ("account.show", "GET"): Permission.ACCOUNT_USE,
    ("account.call", "POST"): Permission.ACCOUNT_USE,
    ("account.end", "POST"): Permission.ACCOUNT_USE,
    ("account.end_all", "POST"): Permission.ACCOUNT_USE,
    ("members.show", "GET"): Permission.MEMBERS_READ,
    ("members.one", "GET"): Permission.MEMBERS_READ,
    ("members.invite", "POST"): Permission.MEMBERS_CHANGE,
    ("members.change", "POST"): Permission.MEMBERS_CHANGE,
    ("members.link", "POST"): Permission.MEMBERS_CHANGE,
    ("members.reset", "POST"): Permission.MEMBERS_CHANGE,
    ("members.leave", "POST"): Permission.MEMBERS_CHANGE,
}
"""Doors that check a signature ask `permits` themselves, since only they can read it; the guard asks for all others."""

ASKED_AT_THE_DOOR = frozenset({Permission.INTAKE_MESSAGE})


def permits(permission: Permission, caller: Caller) -> bool:
    """Whether any of the permission's ANDs holds for this caller."""
    return any(all(predicate(caller) for predicate in every) for every in PERMISSIONS[permission])


def permission_for(endpoint: str | None, method: str) -> Permission | None:
    """The permission that this request needs; None means denied."""
    return ENDPOINTS.get((endpoint or "", "GET" if method in ("HEAD", "OPTIONS") else method))
