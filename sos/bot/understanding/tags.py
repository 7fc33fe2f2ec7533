"""The meanings a word or phrase can carry, as bits: lexicons of all languages speak in these, rules are written in them.

A tag is about meaning, never about one language; a new language needs no new tag. The order has no meaning.
"""

from typing import Final

_PEOPLE = "first me dat my her he she they partner ex kin father mother wife other child boss police nobody doctor"
_DEEDS = (
    "beat hit beat_1 beaten kill kill_weak kill_1 choke choke_self rape raped threat lock locked held chase smash burn petrol weapon"
    " break body my_body bleed abuse throw_out door bang here outside come comeback comeback_f hide hide_f flee drunk take belongings passport"
    " death_wish kill_self no_life live die dying pills ingest cant_breathe overdose self_harm breath hardly reason let forbid leave enter shoot bed force sex hands neck smother face asleep night block marry parents rage alive steps hear last_word last_resort cant_talk forced_marriage unconscious scream violent find stop_hit breach nude estrange"
)
_STATES = "fear fear_life life danger safe not_safe alone pregnant home age school sell nowork labour minor bruise"
_MODES = "neg plea if would far recent now future want need can question where which send call urgent please has again all"
_GUARDS = (
    "media fig_kill fig_hit fig_fear food thing laugh sport trivial social med_reason cook period play animal task errand harmless reported"
)
_ASKS = "come_imp police_barred not_first sos cry cry_ask help_noun not_only erase exit greeting yes no thanks cancel about menu more skip location place_of"
_TALK = "talk someone operator speak and light content spanned aux what_do fast"
_SERVICES = (
    "svc_shelter svc_legal_aid svc_psychological svc_documents svc_livelihood svc_health svc_social_work svc_police svc_child"
    " svc_trafficking svc_perpetrator_programme ask"
)
_LANGUAGES = "lang_sq lang_sr lang_bs lang_tr lang_rom lang_en"

NAMES: Final = " ".join((_PEOPLE, _DEEDS, _STATES, _MODES, _GUARDS, _ASKS, _TALK, _SERVICES, _LANGUAGES)).split()
GUARDS: Final = _GUARDS.split()
BIT: Final[dict[str, int]] = {name: 1 << place for place, name in enumerate(NAMES)}


def mask(names: str) -> int:
    """The bits of names written with spaces; KeyError for a name that is no tag."""
    bits = 0
    for name in names.split():
        bits |= BIT[name]
    return bits
