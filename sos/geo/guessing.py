"""Where in a text a misspelt name may be looked for at all.

Must never look at a word that the dictionaries know, at everyday words, at names of streets, or at towns elsewhere: what is not
announced as a place is hardly ever one.
"""

from sos.geo import misspelling, vocabulary
from sos.geo.belief import Believer
from sos.geo.index import NameIndex
from sos.geo.misspelling import Corpus
from sos.geo.reading import Hit, Mention, Word, in_context, is_filler, street_words
from sos.geo.resolution import great_hits
from sos.geo.spelling import sound

_MOST_GUESSES = 12
_MOST_JOINED = 4
_LONG_ENOUGH_ALONE = 7
"""Letters of a sound key, from which a lone unknown word may be a misspelt village rather than any other word."""


def with_misspelt(words: list[Word], found: list[Mention], corpus: Corpus, index: NameIndex, believer: Believer) -> list[Mention]:
    """The mentions found, and those that a slip of the finger hid, in the order of the text."""
    taken = {position for mention in found for position in range(mention.start, mention.end)} | street_words(words, index)
    open_words = [
        position
        for position, word in enumerate(words)
        if position not in taken and not _is_no_name(word, believer)
    ]  # fmt: skip
    others = sum(position not in taken and not is_filler(word) for position, word in enumerate(words))
    towns = frozenset(index.places[hit.number].municipality_id for mention in found for hit in great_hits(mention, index))
    guessed = [
        mention
        for position in open_words[:_MOST_GUESSES]
        if (mention := _guess(words, position, towns, corpus, index, only_content=others == 1))
    ]  # fmt: skip
    if not guessed and not found and 1 < others <= _MOST_JOINED:
        guessed = _joined(words, [position for position, word in enumerate(words) if not is_filler(word)], corpus, index)
    return sorted([*found, *guessed], key=lambda mention: mention.start)


def _is_no_name(word: Word, believer: Believer) -> bool:
    return is_filler(word) or word.folded in vocabulary.NEGATIONS or believer.is_ordinary(word) or believer.speaks_of_elsewhere(word)


def _guess(
    words: list[Word], position: int, towns: frozenset[str], corpus: Corpus, index: NameIndex, *, only_content: bool
) -> Mention | None:
    """``towns``: ids of municipalities named in the text. A misspelt village is then looked for in them alone."""
    word = words[position]
    bare = in_context(words, Mention(position, position + 1, ()))
    hits: tuple[Hit, ...]
    if only_content or bare.announced or (bare.large and position):
        hits = misspelling.town(word.keys, corpus, index)
    else:
        hits = misspelling.town_unannounced(word.keys, corpus, index)
    if not hits:
        hits = _village(word, bare, towns, corpus, index, only_content=only_content)
    return in_context(words, Mention(position, position + 1, hits)) if hits else None


def _village(word: Word, bare: Mention, towns: frozenset[str], corpus: Corpus, index: NameIndex, *, only_content: bool) -> tuple[Hit, ...]:
    announced = bare.kind_named or (bare.announced and bare.large and not bare.after_people_word)
    if not announced and not only_content:
        return ()
    hits = misspelling.village(word.keys, corpus, index)
    if towns:
        return tuple(hit for hit in hits if index.places[hit.number].municipality_id in towns)
    if announced or (len(word.keys[0]) >= _LONG_ENOUGH_ALONE and len(hits) == 1):
        return hits
    return ()


def _joined(words: list[Word], positions: list[int], corpus: Corpus, index: NameIndex) -> list[Mention]:
    """A name of several words with a slip in one: all content words written together."""
    if not positions or positions[-1] - positions[0] >= _MOST_JOINED:
        return []
    span = range(positions[0], positions[-1] + 1)
    hits = misspelling.town([sound("".join(words[position].folded for position in span))], corpus, index)
    return [in_context(words, Mention(span[0], span[-1] + 1, hits))] if hits else []
