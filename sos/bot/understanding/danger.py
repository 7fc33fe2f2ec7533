"""The table that tells danger from talk: who does what to whom, now, by which words of any language.

Recall first: a rule may raise, none may lower what another has found; only the guards written in a rule hold it back.
Pure: masks in, findings out. Sources: DOMAIN 3, 13, 16, 18; WHO LIVES and lethality factors (strangulation, weapon,
threat to kill, pregnancy, pursuit) for what counts as probable at once.
"""

from dataclasses import dataclass
from typing import Final

from sos.bot.understanding.intents import Danger, Signal
from sos.bot.understanding.reading import Clause, Reading
from sos.bot.understanding.tags import mask

_P, _D = Danger.PROBABLE, Danger.DOUBTFUL


@dataclass(frozen=True, slots=True)
class Rule:
    """Holds where every group of `needs` has a tag present and none of `unless` is. `whole`: over the whole message."""

    needs: tuple[int, ...]
    unless: int
    grade: Danger
    signals: frozenset[Signal]
    whole: bool = False
    past: bool = False  #: tells of a deed, so a far past turns it into history


def _rule(needs: str, grade: Danger, *signals: Signal, unless: str = "", whole: bool = False, past: bool = False) -> Rule:
    """`needs` is groups joined by `+`; within a group any tag will do."""
    return Rule(tuple(mask(group) for group in needs.split("+")), mask(unless), grade, frozenset(signals), whole, past)


RULES: Final[tuple[Rule, ...]] = (
    # blows
    _rule("beat hit + me my_body", _P, Signal.VIOLENCE, unless="fig_hit sport media beat_1 other", past=True),
    _rule(
        "beat hit + me my_body + he partner ex kin father they boss other", _P, Signal.VIOLENCE, unless="beat_1 reported sport", past=True
    ),
    _rule("beaten", _P, Signal.VIOLENCE, unless="media sport", past=True),
    _rule("beat + child", _P, Signal.VIOLENCE, Signal.CHILDREN_IN_DANGER, unless="beat_1 other sport play media school first", past=True),
    _rule(
        "beat hit + child + he partner ex kin father",
        _P,
        Signal.VIOLENCE,
        Signal.CHILDREN_IN_DANGER,
        unless="beat_1 other sport fig_hit play media",
        past=True,
    ),
    _rule(
        "beat hit choke kill + mother + he father kin partner",
        _P,
        Signal.VIOLENCE,
        Signal.CHILD_SPEAKING,
        unless="sport media play",
        past=True,
    ),
    _rule("abuse + me", _D, Signal.VIOLENCE, unless="media", past=True),
    _rule(
        "violent + he partner ex kin father home",
        _D,
        Signal.VIOLENCE,
        unless="ask media other question first svc_perpetrator_programme",
        past=True,
    ),
    # killing, threats
    _rule("kill + me my_body", _P, Signal.DEATH_THREAT, unless="fig_kill media trivial food sport thing laugh"),
    _rule(
        "kill + me child + he partner ex kin father they boss weapon threat future",
        _P,
        Signal.DEATH_THREAT,
        unless="media trivial laugh fig_kill kill_1",
    ),
    _rule("kill + child", _P, Signal.DEATH_THREAT, Signal.CHILDREN_IN_DANGER, unless="media trivial laugh fig_kill kill_1 play other"),
    _rule("kill + threat", _P, Signal.DEATH_THREAT, unless="media other sport"),
    _rule(
        "kill + he partner ex kin father they + future want",
        _P,
        Signal.DEATH_THREAT,
        unless="media other her trivial laugh fig_kill first sport",
    ),
    _rule("threat + weapon burn petrol", _P, Signal.THREAT, unless="media other"),
    _rule("threat + me dat child", _D, Signal.THREAT, unless="media fig_kill", past=True),
    _rule("threat + he partner ex kin father they", _D, Signal.THREAT, unless="media other fig_kill sport", past=True),
    _rule("threat", _D, Signal.THREAT, unless="media other her fig_kill sport thing food fig_hit social harmless question", past=True),
    # throat and breath
    _rule("choke + me my_body", _P, Signal.CHOKING, Signal.VIOLENCE, unless="fig_kill media trivial", past=True),
    _rule("choke + he partner ex kin father child", _P, Signal.CHOKING, Signal.VIOLENCE, unless="media other sport fig_kill", past=True),
    _rule("choke_self", _P, Signal.CHOKING, unless="laugh food fig_kill thing media trivial"),
    _rule("cant_breathe", _P, Signal.CHOKING, unless="laugh fig_kill"),
    # weapons, fire
    _rule("weapon + he partner ex kin father they", _P, Signal.WEAPON, unless="media cook other play sport reported"),
    _rule("weapon + me", _P, Signal.WEAPON, unless="media cook play food ask sport question"),
    _rule("weapon + has take held", _P, Signal.WEAPON, unless="media cook play food first other sport"),
    _rule("weapon + home drunk fear come door", _P, Signal.WEAPON, unless="media cook play food other first", whole=True),
    _rule("burn + me my_body child", _P, Signal.FIRE, unless="cook food media fig_kill laugh", past=True),
    _rule("burn + home + he partner ex kin father future me dat", _P, Signal.FIRE, unless="media other"),
    _rule("petrol + me home he partner threat", _P, Signal.FIRE, unless="media question"),
    # captivity, pursuit, the door
    _rule("locked", _P, Signal.LOCKED_IN, unless="thing media trivial social", past=True),
    _rule("lock + me", _P, Signal.LOCKED_IN, unless="thing media trivial social", past=True),
    _rule("lock + he partner ex kin father + child home", _P, Signal.LOCKED_IN, unless="thing media"),
    _rule("chase + me", _P, Signal.FOLLOWED, unless="social media fig_kill", past=True),
    _rule("smash + door", _P, Signal.AT_THE_DOOR, unless="harmless media thing trivial first other"),
    _rule("bang + door + he partner ex kin father fear scream drunk", _P, Signal.AT_THE_DOOR, unless="harmless media thing trivial other"),
    _rule("bang + door", _D, Signal.AT_THE_DOOR, unless="harmless media thing trivial other mother errand", whole=True),
    _rule("here + door", _D, Signal.AT_THE_DOOR, unless="harmless media thing trivial other mother errand question food play safe", whole=True),
    _rule("door + he partner ex kin father", _P, Signal.AT_THE_DOOR, unless="harmless media thing trivial other neg"),
    _rule(
        "here outside + he partner ex kin father + fear bang scream come drunk cry sos please call",
        _P,
        Signal.AT_THE_DOOR,
        unless="safe other media",
    ),
    _rule("here outside + ex", _P, Signal.AT_THE_DOOR, unless="safe other media question thing play harmless food"),
    _rule("here outside + he partner kin", _D, Signal.AT_THE_DOOR, unless="safe other media question thing play harmless food trivial errand"),
    _rule("come + he partner ex kin + fear me", _P, Signal.AT_THE_DOOR, unless="other media safe social ask"),
    _rule(
        "comeback comeback_f + not_safe fear drunk again sos weapon beat hit door", _P, Signal.AT_THE_DOOR, unless="media other", whole=True
    ),
    _rule("comeback + he partner ex", _D, Signal.AT_THE_DOOR, unless="media other question errand safe food"),
    _rule("hide_f", _P, Signal.FEAR, unless="play media thing"),
    _rule("hide + first + fear he partner drunk home sos", _P, Signal.FEAR, unless="play media", whole=True),
    _rule("flee + he partner ex kin come chase", _P, Signal.FEAR, unless="play media other sport", whole=True, past=True),
    _rule("smash + all home + he partner ex kin father drunk fear", _P, Signal.VIOLENCE, unless="media other thing first", whole=True),
    _rule("smash + drunk", _P, Signal.VIOLENCE, unless="media other thing", whole=True),
    _rule("smash + all home", _D, Signal.VIOLENCE, unless="media other thing first fig_hit"),
    _rule("scream + he partner ex + drunk me bang", _D, Signal.VIOLENCE, unless="media other"),
    _rule("drunk + partner ex kin he + here come fear home smash scream", _D, Signal.FEAR, unless="media other", whole=True),
    # body
    _rule("rape + me", _P, Signal.SEXUAL_VIOLENCE, Signal.VIOLENCE, unless="media", past=True),
    _rule("rape + he partner ex kin father boss child", _P, Signal.SEXUAL_VIOLENCE, unless="media other", past=True),
    _rule("raped", _P, Signal.SEXUAL_VIOLENCE, Signal.VIOLENCE, unless="media other", past=True),
    _rule(
        "bleed + me dat my_body first all he again has child pregnant",
        _P,
        Signal.INJURY,
        unless="period media cook trivial sport other",
        past=True,
    ),
    _rule("bleed", _P, Signal.INJURY, unless="period media cook question sport other trivial ask thing", past=True),
    _rule(
        "break + body my_body + me dat my_body",
        _P,
        Signal.INJURY,
        unless="first fig_hit media sport play other thing",
        past=True,
    ),
    _rule("unconscious", _P, Signal.INJURY, unless="media other laugh", past=True),
    _rule("pregnant + bleed beat hit", _P, Signal.PREGNANT, Signal.INJURY, unless="media other", whole=True, past=True),
    # herself
    _rule("death_wish", _P, Signal.SUICIDE, unless="laugh trivial food harmless fig_hit other"),
    _rule("kill_self", _P, Signal.SUICIDE, unless="laugh trivial food other media fig_kill"),
    _rule("no_life", _P, Signal.SUICIDE, unless="laugh trivial food thing other"),
    _rule("want + die", _P, Signal.SUICIDE, unless="laugh trivial food fig_kill media other"),
    _rule("dying", _P, Signal.INJURY, unless="laugh trivial food fig_kill media thing want sport other fig_fear question"),
    _rule("overdose", _P, Signal.OVERDOSE, unless="med_reason media other"),
    _rule("ingest + pills", _P, Signal.OVERDOSE, unless="med_reason media trivial other neg question"),
    _rule("pills + all again die kill_self", _D, Signal.OVERDOSE, unless="med_reason media question svc_health ask"),
    _rule("self_harm", _P, Signal.SUICIDE, unless="cook food media other"),
    _rule("last_resort", _D, Signal.SUICIDE, unless="thing task media food trivial laugh sport"),
    # words of fear and help
    _rule("fear_life", _P, Signal.FEAR, unless="fig_fear media other"),
    _rule("fear + life", _P, Signal.FEAR, unless="fig_fear media other"),
    _rule("fear + he partner ex kin father home", _D, Signal.FEAR, unless="media other harmless fig_fear task"),
    _rule("fear", _D, Signal.FEAR, unless="fig_fear media trivial thing sport other harmless social task food ask question"),
    _rule("danger + first me child here", _P, Signal.FEAR, unless="other harmless media thing question"),
    _rule("danger", _D, Signal.FEAR, unless="other harmless media thing question"),
    _rule(
        "not_safe + he partner ex here now comeback comeback_f outside drunk", _P, Signal.FEAR, unless="thing media question", whole=True
    ),
    _rule("not_safe", _D, Signal.FEAR, unless="thing media question social"),
    _rule("not_safe + first", _P, Signal.FEAR, unless="thing media question social home"),
    _rule("call + police + please now urgent cry come send", _P, unless="neg question other", whole=True),
    _rule("call + svc_police police", _P, unless="neg question if can other has media social"),
    _rule("send + someone cry police svc_police", _P, unless="neg question thing reported social"),
    _rule("come_imp", _P, unless="thing social task media food question"),
    _rule("throw_out", _D, Signal.VIOLENCE, unless="social boss thing", past=True),
    _rule(
        "take held + belongings passport + me dat my he partner ex kin",
        _D,
        Signal.CONTROL,
        unless="first question media other boss social",
        past=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What the table found: the gravest grade, its signals, and whether all of it lies in a far past or an "if"."""

    grade: Danger | None
    signals: frozenset[Signal]


_NOW: Final = mask("now again recent here comeback")
_FAR: Final = mask("far")


def find(reading: Reading) -> Finding:
    """Run every rule over every clause (or the whole message) and keep the gravest grade."""
    far = bool(reading.all & _FAR) and not reading.all & _NOW
    grade: Danger | None = None
    signals: set[Signal] = set()
    whole = Clause((), reading.all)
    for rule in RULES:
        for clause in (whole,) if rule.whole else reading.clauses:
            if not _holds(rule, clause.all):
                continue
            signals |= rule.signals
            if far and rule.past:
                signals.add(Signal.PAST_VIOLENCE)
            elif rule.grade is _D or clause.hypothetical:
                grade = grade or _D
                if clause.hypothetical:
                    signals.add(Signal.HYPOTHETICAL)
            else:
                grade = _P
    return Finding(grade, frozenset(signals))


def _holds(rule: Rule, tags: int) -> bool:
    if tags & rule.unless:
        return False
    return all(tags & group for group in rule.needs)
