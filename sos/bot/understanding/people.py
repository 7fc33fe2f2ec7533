"""Who is writing: the one in danger, the one who endangers, or someone who sees it (DOMAIN 13, 16).

His questions and hers can use the same words; where both readings stand, hers wins, because an alert is looked at by a person.
"""

from typing import Final

from sos.bot.understanding.danger import Finding
from sos.bot.understanding.intents import Danger, Signal
from sos.bot.understanding.reading import Clause, Reading
from sos.bot.understanding.tags import BIT, mask

_HER: Final = mask("wife her")
_ME: Final = mask("me my_body")
_HIS: Final = mask("beat_1 kill_1 where find")
_SELF_OR_HIM: Final = mask("kill_self no_life death_wish he partner ex kin father me my_body first fear neg")
_PREY: Final = mask("wife her find child")
_HARM: Final = mask("beat hit kill choke rape raped threat abuse violent burn chase lock locked weapon beaten throw_out bang smash")
_DEEDS: Final = mask("beat hit kill choke rape")
_STATE: Final = mask(
    "danger scream bruise not_safe bleed kill_self death_wish no_life overdose self_harm fear fear_life cant_breathe unconscious drunk"
)
_GRAVE: Final = mask("beat hit kill choke rape weapon burn kill_self overdose self_harm cant_breathe unconscious bleed locked beaten")
_PRESENT: Final = mask("now scream here again call cry sos urgent police recent")
_HIM: Final = mask("he partner ex father kin")
_HELP: Final = mask("cry help_noun cry_ask")
_GUARD: Final = mask("media sport play fig_hit fig_kill food laugh trivial")


def perpetrator(reading: Reading) -> tuple[Danger | None, frozenset[Signal]] | None:
    """(danger, signals) when he is writing, else None."""
    signals: set[Signal] = set()
    danger: Danger | None = None
    tags = reading.all
    if tags & mask("media sport"):
        return None
    for clause in reading.clauses:
        here = clause.all
        if here & _ME and not here & _HIS:
            continue
        if _struck_her(clause):
            signals.add(Signal.VIOLENCE)
            danger = danger or Danger.DOUBTFUL
        if here & BIT["kill_1"] and (here & _PREY or not here & _SELF_OR_HIM) and not here & mask("laugh fig_kill trivial"):
            signals |= {Signal.PERPETRATOR_THREAT, Signal.DEATH_THREAT}
            danger = Danger.PROBABLE
        if _seeks(here, tags):
            signals.add(Signal.SEEKS_HER)
        if here & BIT["stop_hit"] or (here & BIT["violent"] and here & BIT["first"] and not here & mask("he partner ex kin father home")):
            signals.add(Signal.WANTS_TO_STOP)
    if Signal.WANTS_TO_STOP in signals and danger is Danger.DOUBTFUL:
        danger = None
    if Signal.SEEKS_HER in signals and tags & BIT["kill_1"]:
        signals |= {Signal.PERPETRATOR_THREAT, Signal.DEATH_THREAT}
        danger = Danger.PROBABLE
    return (danger, frozenset(signals)) if signals else None


def _struck_her(clause: Clause) -> bool:
    """He tells of a blow of his own: "I hit her", "udario sam ženu"."""
    here = clause.all
    if here & BIT["beat_1"] and not _told_of_another(clause):
        return bool(here & (_HER | mask("child partner"))) and not here & BIT["fig_hit"]
    mine = (here & BIT["first"] and here & _HER) or (here & BIT["my"] and here & BIT["wife"])
    return bool(mine and here & mask("beat hit") and not here & mask("he partner other mother ex fig_hit"))


def _told_of_another(clause: Clause) -> bool:
    """A neighbour stands before the blow and no "I" anywhere: "fqinji e rreh gruan" shares its verb with "I hit her"."""
    if clause.all & BIT["first"]:
        return False
    place = {name: next((at for at, tag in enumerate(clause.tags) if tag & BIT[name]), -1) for name in ("other", "beat_1")}
    return 0 <= place["other"] < place["beat_1"]


def _seeks(here: int, whole: int) -> bool:
    if here & BIT["where"] and here & BIT["wife"] and not here & mask("other partner"):
        return True
    if here & BIT["find"] and here & _HER and here & mask("first future kill_1 wife") and not here & mask("he partner ex other"):
        return True
    if here & mask("hide hide_f") and here & _HER and here & mask("where question"):
        return True
    return bool(here & BIT["svc_shelter"] and whole & BIT["wife"] and here & mask("where which"))


def third_party(reading: Reading, finding: Finding) -> Danger | bool:
    """Danger for somebody else, True when it is about somebody else without a deed, False when it is not."""
    tags = reading.all
    if tags & mask("media sport fig_hit"):
        return False
    seen: Danger | bool = False
    for clause in reading.clauses:
        here = clause.all
        if not _about_another(clause, tags) or here & _GUARD or (here & BIT["mother"] and here & BIT["father"]):
            continue
        if here & (_HARM | _STATE):
            if here & _GRAVE and tags & _PRESENT and not tags & BIT["far"]:
                return Danger.PROBABLE
            seen = Danger.DOUBTFUL if not tags & BIT["far"] else (seen or True)
        elif (here & _HELP and not here & mask("me thing")) or (here & BIT["what_do"] and tags & _HIM):
            seen = seen or True
    mine = any(clause.all & _ME and clause.all & (_HARM | _STATE) for clause in reading.clauses)
    if not seen and tags & BIT["other"] and tags & (_HARM | _STATE) and not mine and finding.grade is None:
        seen = Danger.PROBABLE if tags & _GRAVE and tags & _PRESENT else Danger.DOUBTFUL
    return seen


def _about_another(clause: Clause, whole: int) -> bool:
    here = clause.all
    if here & BIT["someone"] and here & _DEEDS and not here & (_ME | BIT["dat"] | BIT["help_noun"]):
        return True
    if here & BIT["wife"] and here & _DEEDS and not here & (_ME | mask("my first beat_1 kill_1")):
        return True
    if here & BIT["other"]:
        return not (here & _ME and here & _HARM) or bool(here & BIT["reported"])
    return bool(
        here & BIT["her"]
        and here & mask("beat hit choke abuse")
        and not here & (_ME | BIT["beat_1"])
        and (here & mask("he partner other") or whole & BIT["other"])
    )


def years(reading: Reading) -> int | None:
    """The writer's age where she tells it ("I am 15", "imam 14 godina", "jam 16 vjec"), else None."""
    tags = [tag for clause in reading.clauses for tag in clause.tags]
    for place, token in enumerate(reading.tokens):
        if token.isdigit() and len(token) == 2 and place < len(tags):
            after = reading.tokens[place + 1 : place + 2]
            near = reading.all & BIT["first"]
            if near and (not after or reading.all & BIT["age"]):
                return int(token)
    return None


def child_speaks(reading: Reading) -> bool:
    """A parent does the harm and she says so in a child's words."""
    return any(
        clause.all & BIT["father"] and clause.all & (_HARM | BIT["fear"]) and clause.all & (_ME | BIT["mother"])
        for clause in reading.clauses
    )
