"""The table of danger: who does what to whom, now, in the meanings that every language's lexicon speaks.

Recall first: a rule may raise, none lowers what another has found; only the guards written in a rule hold it back.
Sources: DOMAIN 3, 13, 16, 18; lethality factors (strangulation, weapon, threat to kill, pregnancy, pursuit) for what is probable at once.
Read a line as: every group joined by `+` has a meaning present, and nothing after `unless` is.
"""

from dataclasses import dataclass
from typing import Final

from sos.bot.understanding.intents import Danger, Signal
from sos.bot.understanding.tags import mask

_GROUPS: Final = {
    "HIM": "he partner ex kin father they",
    "ME": "me my_body",
    "MINE": "me dat my my_body",
    "TALE": "media sport play",
    "JOKE": "laugh trivial food fig_kill",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """`needs`: groups of tags, one of each; `unless`: tags that hold it back; `whole`: over the message, not a clause."""

    needs: tuple[int, ...]
    unless: int
    grade: Danger
    signals: frozenset[Signal]
    whole: bool = False
    past: bool = False  #: tells of a deed, so a far past turns it into history


def _tags(names: str) -> int:
    for group, members in _GROUPS.items():
        names = names.replace(group, members)
    return mask(names)


def _read(line: str, grade: Danger, signals: frozenset[Signal], *, past: bool) -> Rule:
    whole = line.startswith("whole: ")
    needs, _, unless = line.removeprefix("whole: ").partition(" unless ")
    return Rule(tuple(_tags(group) for group in needs.split(" + ")), _tags(unless), grade, signals, whole=whole, past=past)


def _table(grade: Danger, lines: dict[tuple[Signal, ...], tuple[str, ...]], *, past: bool = False) -> tuple[Rule, ...]:
    return tuple(_read(line, grade, frozenset(signals), past=past) for signals, found in lines.items() for line in found)


_DEEDS: Final = _table(
    Danger.PROBABLE,
    {
        (Signal.VIOLENCE,): (
            "beat hit + me unless fig_hit TALE beat_1 other animal",
            "beat hit + my_body unless fig_hit TALE beat_1 other first child animal",
            "beat hit + ME + HIM boss other unless beat_1 reported TALE",
            "beat + again recent now + HIM unless beat_1 other her wife TALE fig_hit food cook first",
            "beat + recent night unless beat_1 other her wife TALE fig_hit fig_kill food cook first child thing task",
            "beat + again unless beat_1 other her wife TALE fig_hit food cook first child",
            "whole: beat + me unless beat_1 other her wife TALE fig_hit fig_kill food cook content thing child school reported",
            "beaten unless TALE other fig_hit question laugh",
            "whole: smash + all home + HIM drunk fear unless media other thing first",
            "whole: smash + drunk unless media other thing",
        ),
        (Signal.VIOLENCE, Signal.CHILDREN_IN_DANGER): (
            "beat + child unless beat_1 other TALE school first",
            "beat hit choke + child + HIM unless beat_1 other TALE fig_hit",
        ),
        (Signal.VIOLENCE, Signal.CHILD_SPEAKING): ("whole: beat hit choke kill + mother + he father kin partner unless TALE",),
        (Signal.CHOKING, Signal.VIOLENCE): (
            "choke + ME unless fig_kill media trivial sport",
            "hands smother + neck + HIM ME dat my first unless TALE JOKE other cook med_reason question thing",
            "smother + face + HIM ME dat my unless TALE JOKE other question task",
            "choke + body + dat he partner unless fig_kill media trivial other",
            "choke + HIM child unless media other sport fig_kill her wife beat_1",
        ),
        (Signal.FIRE,): (
            "burn + me my_body child unless cook food media fig_kill laugh",
            "burn + home + HIM future me dat threat unless media other",
        ),
        (Signal.LOCKED_IN,): (
            "let + neg + leave + me dat child first he unless thing TALE social other task question",
            "forbid + leave + me dat he partner kin father unless thing TALE other question",
            "lock + leave + neg unless thing TALE other question first",
            "locked unless thing media trivial social other",
            "lock + me unless thing media trivial social",
            "lock + HIM + child home door unless thing media first trivial",
        ),
        (Signal.FOLLOWED,): ("chase + me unless social media fig_kill trivial animal",),
        (Signal.SEXUAL_VIOLENCE, Signal.VIOLENCE): (
            "rape + ME dat unless media",
            "force + night + me dat unless media other task",
            "force + sex + me dat my he partner unless media other question task",
            "father kin + night + come enter + home bed unless TALE other thing",
            "bed + father kin + come enter unless TALE other thing",
            "rape + HIM boss child unless media other",
            "raped unless media other",
        ),
        (Signal.INJURY,): (
            "bleed + me dat my_body first all he again has child pregnant unless period media cook trivial sport other",
            "bleed unless period media cook question sport other trivial ask thing",
            "break + body my_body + me dat my_body unless first fig_hit TALE other thing",
            "unconscious unless media other laugh",
        ),
        (Signal.PREGNANT, Signal.INJURY): ("whole: pregnant + bleed beat hit unless media other",),
        (Signal.FEAR,): ("whole: flee + HIM come chase unless TALE other want question need can if",),
    },
    past=True,
)

_NOW: Final = _table(
    Danger.PROBABLE,
    {
        (Signal.DEATH_THREAT,): (
            "kill + ME unless TALE JOKE thing other kill_1",
            "kill kill_weak + ME dat + HIM weapon threat unless TALE laugh trivial fig_hit kill_1",
            "kill kill_weak + ME dat + future again cry sos police unless TALE JOKE fig_hit kill_1",
            "kill + threat unless media other sport her wife",
            "kill + HIM + future want unless TALE other her wife laugh trivial first",
            "kill + future unless TALE JOKE thing other her wife first question content kill_1 task",
            "kill + HIM + me child unless TALE laugh trivial kill_1",
            "kill + if + leave unless TALE JOKE other question first her wife",
            "kill kill_weak + if + ME unless TALE JOKE other question thing kill_1",
        ),
        (Signal.DEATH_THREAT, Signal.CHILDREN_IN_DANGER): ("kill + child unless TALE laugh trivial fig_kill kill_1 other",),
        (Signal.THREAT,): (
            "whole: threat + take + child unless TALE other",
            "whole: threat + comeback unless TALE other",
            "whole: threat + door unless TALE other thing question",
            "threat + me dat + here come comeback unless TALE other social",
            "breach unless TALE other question if",
            "threat + weapon burn petrol kill die unless media other her wife",
        ),
        (Signal.CHOKING,): (
            "breath + neg hardly + first me child can unless laugh fig_kill other sport media food",
            "breath + neg hardly unless JOKE other sport media question",
            "choke_self unless JOKE thing media",
            "cant_breathe unless laugh fig_kill other",
        ),
        (Signal.WEAPON,): (
            "shoot unless TALE JOKE other task thing question",
            "weapon + HIM boss unless media cook other play sport reported",
            "weapon + me dat my_body unless media cook play food ask sport question other",
            "weapon + body unless TALE cook food ask question other first",
            "weapon + has take held unless TALE cook food first other question",
            "whole: weapon + home drunk fear come door scream threat unless media cook play food other first",
        ),
        (Signal.UNDER_18, Signal.VIOLENCE): ("whole: forced_marriage + minor unless TALE",),
        (Signal.FIRE,): (
            "petrol + burn threat future HIM unless media question task other first",
            "petrol + me home he partner threat unless media question",
        ),
        (Signal.AT_THE_DOOR,): (
            "block + door leave unless thing TALE other first social",
            "enter + door + me dat home he partner ex kin unless harmless media thing trivial other first child",
            "smash + door unless harmless media thing trivial first other",
            "bang + door + HIM fear scream drunk unless harmless media thing trivial other",
            "door + HIM unless harmless media thing trivial other neg",
            "here outside + HIM + fear bang scream come drunk cry sos please call weapon unless safe other media trivial food",
            "here outside + ex unless safe other media question thing play harmless food",
            "whole: door here + scream bang + HIM drunk unless media other trivial thing",
            "come + he partner ex kin + fear me unless other media safe social ask trivial food errand",
            "whole: comeback comeback_f + not_safe fear drunk again sos weapon beat hit door unless media other",
        ),
        (Signal.FEAR,): (
            "hide_f unless play media thing trivial animal",
            "whole: cant_talk + here HIM outside door unless thing food media",
            "whole: hide + first + fear he partner drunk home sos unless TALE wife question",
            "last_word + HIM unless TALE JOKE other",
            "whole: asleep + flee leave + child first need + HIM unless TALE other food school errand JOKE",
            "whole: rage + smash hit child home fear + HIM child unless TALE JOKE other first",
            "fear_life unless fig_fear media other",
            "fear + life unless fig_fear media other",
            "danger + first me child here unless other harmless media thing question",
            "whole: not_safe + he partner ex here now comeback comeback_f outside drunk unless thing media question",
            "not_safe + first unless thing media question social home",
        ),
        (Signal.SUICIDE,): (
            "death_wish unless JOKE harmless fig_hit other",
            "kill_self unless JOKE other media",
            "no_life unless laugh trivial food thing other",
            "live + neg + want reason can unless JOKE media other home task question",
            "want + die unless JOKE media other",
            "self_harm unless cook food media other",
        ),
        (Signal.INJURY,): ("dying unless JOKE media thing want sport other fig_fear question",),
        (Signal.OVERDOSE,): (
            "overdose unless med_reason media other",
            "ingest + pills unless med_reason media trivial other neg question",
        ),
        (): (
            "whole: call + police + please now urgent cry come send unless neg question other police_barred",
            "call + police unless neg question if can other has media social police_barred svc_police",
            "want need + police unless neg question other media thing police_barred task svc_police",
            "send + someone cry police urgent unless neg question thing reported social police_barred",
            "come_imp unless thing social task media food question",
        ),
    },
)

_DOUBT: Final = _table(
    Danger.DOUBTFUL,
    {
        (Signal.VIOLENCE,): (
            "abuse + me dat unless media",
            "abuse + HIM unless media other her wife child",
            "beat + HIM unless beat_1 other her wife TALE fig_hit food cook first thing question ask content",
            "beat unless beat_1 other her wife TALE fig_hit fig_kill food cook first thing question ask child school reported harmless they content",
            "violent + he partner ex kin father unless ask media other question first svc_perpetrator_programme",
            "violent + home unless ask media other question first svc_perpetrator_programme task",
            "scream + he partner ex + drunk me dat bang all now unless media other",
            "smash + all home unless TALE other thing first fig_hit",
            "forced_marriage unless media other question",
            "forced_marriage + first unless media question",
            "forbid + dat me unless media other question thing task food trivial social boss school",
            "estrange + HIM future if unless TALE laugh other",
            "nude + HIM threat my dat me unless TALE laugh other fig_kill thing first",
            "burn + home unless cook food media question thing first",
            "let + neg + leave unless thing TALE social other task question first",
            "lock + all unless thing media first",
            "chase + HIM + my dat unless social TALE other",
            "bruise + all HIM beat hit unless other play TALE laugh task",
            "rape unless TALE other question ask",
            "throw_out unless social boss thing media other",
        ),
        (Signal.DEATH_THREAT,): ("kill_weak + me unless TALE JOKE fig_hit content thing task body",),
        (Signal.THREAT,): ("threat unless media other her wife fig_kill sport thing food fig_hit social harmless question play",),
        (Signal.CONTROL,): ("take held + belongings passport + MINE he partner ex kin unless first question media other boss social",),
    },
    past=True,
)

_UNSURE: Final = _table(
    Danger.DOUBTFUL,
    {
        (Signal.AT_THE_DOOR,): (
            "whole: bang + door unless harmless media thing trivial other mother errand play first",
            "bang + here home unless harmless media thing trivial other mother errand play first question",
            "whole: here outside + door unless harmless media thing trivial other mother errand question food play safe first task",
            "here outside + he partner kin unless safe other media question thing play harmless food trivial errand her content",
            "enter + door unless harmless media thing trivial other first child play",
            "outside here + again unless TALE other food thing errand question safe",
            "whole: what_do + come comeback chase drunk fear outside unless TALE other food thing task errand",
            "cant_talk unless thing food sport period med_reason media question",
            "come + fast unless TALE other thing food task errand question social trivial first",
            "come + he ex unless media other question errand safe food trivial content thing social task",
            "comeback + he partner ex they unless media other question errand safe food trivial",
        ),
        (Signal.FEAR,): (
            "last_word unless TALE JOKE other food",
            "rage + HIM unless TALE JOKE other content first",
            "hear + steps unless TALE JOKE other child",
            "alive + neg if leave first unless TALE JOKE other food",
            "whole: marry + me + parents father mother kin they minor unless TALE other",
            "whole: asleep + flee + child first need unless TALE JOKE other",
            "drunk + HIM unless media other food sport question",
            "fear + HIM home unless media other harmless fig_fear task plea",
            "fear unless fig_fear TALE trivial thing other harmless social task food ask question plea she",
            "danger unless other harmless media thing question fig_kill",
            "not_safe unless thing media question social task",
        ),
        (Signal.SUICIDE,): ("last_resort unless thing task media food trivial laugh sport",),
        (Signal.OVERDOSE,): ("pills + all again die kill_self unless med_reason media question svc_health ask",),
    },
)

RULES: Final = (*_DEEDS, *_NOW, *_DOUBT, *_UNSURE)
