"""The endings a place name takes in a sentence: Albanian, Serbian and Bosnian, Turkish, Romani.

Pure. Must never decide which place is meant: it only says under which keys a word may stand in the index, the likeliest first.
Endings are taken off the word as typed, never added to the names, so that the index stays small and a new place needs no grammar.
"""

from sos.geo.spelling import sound

# Serbian and Bosnian cases beyond the final vowel: -om Prizrenom, -em Vranjem, -oj Kosovskoj, -og Novog, -ima Dečanima, -ama Livadama.
# Albanian: -it Gjilanit, -ut Istogut, -in Prizrenin, -un Kaçanikun, -s Pejës, -n Pejën, -t Ferizajt, -se/-ne Vushtrrisë, -ve Brusave.
_ENDINGS = (
    "ima", "ama", "om", "em", "oj", "og", "eg", "im", "ih", "oga", "ome", "omu",
    "it", "ut", "in", "un", "se", "ne", "ve", "et", "s", "n", "t",
)  # fmt: skip

# Turkish (locative, ablative, dative, genitive, "I am in") and Romani (locative, ablative). Only towns are looked for under these:
# on small names they would turn ordinary words into villages.
_TOWN_ENDINGS = (
    "deyim", "dayim", "teyim", "tayim", "deyiz", "dayiz", "deki", "daki", "den", "dan", "ten", "tan", "de", "da", "te", "ta",
    "ye", "ya", "yi", "nin", "nun", "li", "lu", "liyim",
    "este", "ate", "estar", "atar", "eske", "ake",
)  # fmt: skip

_SHORTEST_STEM = 3


def _by_last_letter(endings: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return {letter: tuple(ending for ending in endings if ending[-1] == letter) for letter in {ending[-1] for ending in endings}}


_ENDINGS_BY_LETTER = _by_last_letter(_ENDINGS)
_TOWN_ENDINGS_BY_LETTER = _by_last_letter(_TOWN_ENDINGS)


def keys(folded: str) -> list[str]:
    """The sound keys a folded word (not empty) may have in the index, the word itself first; no repeats."""
    found = [sound(folded)]
    for ending in _ENDINGS_BY_LETTER.get(folded[-1], ()):
        if folded.endswith(ending) and len(folded) - len(ending) >= _SHORTEST_STEM:
            _add(found, sound(folded[: -len(ending)]))
    # Suva Reka -> u Suvoj Reci, Bela Palanka -> u Beloj Palanci, Požega -> u Požezi.
    if len(folded) > _SHORTEST_STEM:
        if folded.endswith("ci"):
            _add(found, sound(folded[:-2] + "ka"))
        elif folded.endswith("zi"):
            _add(found, sound(folded[:-2] + "ga"))
    return found


def town_keys(folded: str) -> list[str]:
    """Further keys under which only a town may be looked for."""
    found: list[str] = []
    for ending in _TOWN_ENDINGS_BY_LETTER.get(folded[-1], ()):
        if folded.endswith(ending) and len(folded) - len(ending) > _SHORTEST_STEM:
            _add(found, sound(folded[: -len(ending)]))
    return found


def _add(found: list[str], key: str) -> None:
    if key not in found:
        found.append(key)
