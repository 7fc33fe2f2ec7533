"""Which place is meant, or between which places a person must choose.

Pure rules, in words:

1. *Great* places are the municipalities of Kosovo, South Serbia and Sandžak with their seats, and towns of 50,000 inhabitants or more.
   A great place outranks villages of its name (Vranje, Priština, Niš), unless six or more share it (Kamenica): then we ask. It never
   outranks another town.
2. Two great places of one name are asked about (Mitrovica: North and South have other police, another Centre and another language).
3. A village beside a town lies in that town's municipality, or within 20 km of it ("Novo Selo kod Vučitrna").
4. A village alone is believed only when announced (in, near, from, the village of), or when the message says nothing else;
   everyday words that are also village names need more (``_believed``).
5. Where she is outweighs where she comes from. Two places still standing are asked about.

Must never break a tie by chance or by population between equals, and must never ask "Kosovo or Serbia?".
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sos.geo.index import NameIndex, Weight
from sos.geo.nearby import rough_metres
from sos.geo.places import Kind, Place
from sos.geo.reading import Hit, Mention

MOST_CANDIDATES = 5
_GREAT_POPULATION = 50_000
_TOO_MANY_NAMESAKES = 6
_BESIDE_METRES = 20_000
_ONE_SETTLEMENT_METRES = 3_000
SURE_LIKENESS = 90.0
"""Per cent, from which a misspelt village is taken without asking."""
_CERTAIN, _AS_SOUNDED, _INFLECTED, _CHOOSE = 0.98, 0.95, 0.92, 0.5
_ONE_OF_TWINS = 0.7
"""Two hamlets of one name in one municipality: she could not tell them apart either, and the competent services are the same."""
_CONFIDENCE = (_CERTAIN, _AS_SOUNDED, _INFLECTED)

_RANK = {Kind.MUNICIPALITY: 0, Kind.CITY: 1, Kind.TOWN: 2, Kind.VILLAGE: 3, Kind.NEIGHBOURHOOD: 4}

# Where this lifeline works: every municipality of Kosovo, and these of South Serbia and Sandžak.
SERVED_IN_SERBIA = frozenset(
    {
        "rs-bojnik", "rs-bosilegrad", "rs-bujanovac", "rs-crna-trava", "rs-lebane", "rs-leskovac", "rs-medvedja", "rs-presevo", "rs-surdulica", "rs-trgoviste", "rs-vladicin-han",
        "rs-vlasotince", "rs-vranje", "rs-nova-varos", "rs-novi-pazar", "rs-priboj", "rs-prijepolje", "rs-sjenica", "rs-tutin",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one mention, or a whole text, comes down to: one place, or several to choose from, or none."""

    places: tuple[Place, ...]
    confidence: float

    @property
    def settled(self) -> bool:
        """Whether exactly one place is meant, surely enough to go on."""
        return len(self.places) == 1 and self.confidence > _CHOOSE


NOTHING = Meaning((), 0.0)


def is_great(place: Place) -> bool:
    """Rule 1."""
    if place.kind in (Kind.VILLAGE, Kind.NEIGHBOURHOOD):
        return False
    return (is_served(place) and place.kind is Kind.MUNICIPALITY) or place.population >= _GREAT_POPULATION


def is_served(place: Place) -> bool:
    """Whether a place lies where this lifeline works."""
    return place.country == "XK" or place.municipality_id in SERVED_IN_SERBIA


def great_hits(mention: Mention, index: NameIndex) -> tuple[Hit, ...]:
    """The hits of a mention that are great places under their own name."""
    return tuple(hit for hit in mention.hits if hit.weight is Weight.OWN and is_great(index.places[hit.number]))


@dataclass(frozen=True, slots=True)
class Reader:
    """Rules 1 to 3 with what is known from elsewhere: a country named or hinted, a municipality (id) hinted."""

    index: NameIndex
    country: str | None
    hint: str | None

    def town(self, mention: Mention, others: list[Mention]) -> Meaning:
        """A mention with great places among its hits. The others in the text help only where it stands undecided alone."""
        hits = _of_the_kind_named(mention, self.index)
        alone = self._meaning(hits, within=frozenset())
        if alone.settled:
            return alone
        within = frozenset(
            self.index.places[hit.number].municipality_id for other in others for hit in great_hits(other, self.index)
        )  # fmt: skip
        helped = self._meaning(hits, within=within | self._hinted()) if within or self.hint else alone
        return helped if helped.settled else alone

    def is_village_of_the_next(self, mention: Mention, following: Mention | None) -> bool:
        """Rule 3 against rule 1: a village called like a great place, when its own municipality is named right behind it."""
        if following is None:
            return False
        within = {self.index.places[hit.number].municipality_id for hit in great_hits(following, self.index)}
        return any(
            self.index.places[hit.number].municipality_id in within and not is_great(self.index.places[hit.number])
            for hit in mention.hits
            if hit.weight is not Weight.BASE
        )

    def village(self, mention: Mention, towns: list[tuple[Mention, Meaning]]) -> Meaning:
        """A mention without great places, beside the towns of the text where it can be."""
        within = _municipalities(towns) or self._hinted()
        return self._meaning(_of_the_kind_named(mention, self.index), within=within)

    def is_beside(self, mention: Mention, towns: list[tuple[Mention, Meaning]]) -> bool:
        """Rule 3: whether some hit lies in the municipality of a town named in the text, or near that town."""
        within = _municipalities(towns)
        return any(self.index.places[hit.number].municipality_id in within for hit in mention.hits) or bool(
            within and _beside(list(mention.hits), self.index, within)
        )

    def joined(self, towns: list[tuple[Mention, Meaning]], villages: list[tuple[Mention, Meaning]]) -> list[tuple[Mention, Meaning]]:
        """A village swallows the town that only says where it lies; far from every town named it must have been plainly announced."""
        kept: list[tuple[Mention, Meaning]] = []
        swallowed: set[int] = set()
        for mention, meaning in villages:
            beside = [place for place, (_, town) in enumerate(towns) if self._lies_beside(meaning, town)]
            if beside or not towns or mention.kind_named or (mention.large and mention.announced and meaning.settled):
                kept.append((mention, meaning))
                swallowed.update(beside)
        return [pair for place, pair in enumerate(towns) if place not in swallowed] + kept

    def _lies_beside(self, village: Meaning, town: Meaning) -> bool:
        return any(
            place.municipality_id == other.municipality_id or _metres_between(place, other) <= _BESIDE_METRES
            for place in village.places
            for other in town.places
        )

    def _hinted(self) -> frozenset[str]:
        return frozenset({self.hint}) if self.hint else frozenset()

    def _meaning(self, mentioned: tuple[Hit, ...], *, within: frozenset[str]) -> Meaning:
        hits = _nearest(mentioned, self.index, country=self.country, within=within)
        great = [hit for hit in hits if hit.weight is Weight.OWN and is_great(self.index.places[hit.number])]
        close = _closest_spelling(hits)
        namesakes = {hit.number for hit in hits if hit.weight is Weight.OWN and hit.exactness <= 1} - {hit.number for hit in great}
        equals = [number for number in namesakes if _RANK[self.index.places[number].kind] < _RANK[Kind.VILLAGE]]
        outranked = not equals and (len(namesakes) < _TOO_MANY_NAMESAKES or self.country is not None)
        if great and outranked:
            return _sure(great, self.index) if len(great) == 1 else _choose(great, self.index)
        if close and close[0].weight is Weight.ALTERNATIVE:
            close = [
                *close,
                *(hit for hit in hits if hit.weight is Weight.BASE),
            ]  # "Hoča": the old name of one, half the name of two others
        chosen = _merged(list({hit.number: hit for hit in [*great, *close]}.values()), self.index)
        if not chosen or all(hit.weight is Weight.BASE for hit in chosen) or chosen[0].likeness < SURE_LIKENESS:
            return _choose(chosen, self.index)
        if len(chosen) == 1:
            nearer = self._nearer_by_half_a_name(chosen[0], hits)
            return _choose([*chosen, *nearer], self.index) if nearer else _sure(chosen, self.index)
        choice = _choose(chosen, self.index)
        return Meaning(choice.places, _ONE_OF_TWINS) if len(choice.places) == 1 else choice

    def _nearer_by_half_a_name(self, hit: Hit, hits: list[Hit]) -> list[Hit]:
        """Zhabar sounds like Žabari far away, and is half the name of two villages by Mitrovica: a far place must be spelled right."""
        if hit.exactness == 0 or is_served(self.index.places[hit.number]):
            return []
        return [other for other in hits if is_served(self.index.places[other.number])]


def _municipalities(towns: list[tuple[Mention, Meaning]]) -> frozenset[str]:
    return frozenset(place.municipality_id for _, meaning in towns for place in meaning.places)


def _of_the_kind_named(mention: Mention, index: NameIndex) -> tuple[Hit, ...]:
    """After "selo" a village, after "grad" a town, where there is one."""
    if not mention.kind_named:
        return mention.hits
    small = (Kind.VILLAGE, Kind.NEIGHBOURHOOD)
    kept = tuple(hit for hit in mention.hits if (index.places[hit.number].kind in small) == mention.village_named)
    return kept or mention.hits


def _nearest(hits: Iterable[Hit], index: NameIndex, *, country: str | None, within: frozenset[str]) -> list[Hit]:
    """Those in the named country and municipalities, or near them; all of them where the clue fits none."""
    kept = list(hits)
    if country:
        kept = [hit for hit in kept if index.places[hit.number].country == country] or kept
    if within:
        inside = [hit for hit in kept if index.places[hit.number].municipality_id in within]
        kept = inside or _beside(kept, index, within) or kept
    return kept


def _beside(hits: list[Hit], index: NameIndex, within: frozenset[str]) -> list[Hit]:
    towns = [index.places[index.numbers[identity]] for identity in within if identity in index.numbers]
    return [
        hit
        for hit in hits
        if any(_metres_between(index.places[hit.number], town) <= _BESIDE_METRES for town in towns)
    ]  # fmt: skip


def _closest_spelling(hits: list[Hit]) -> list[Hit]:
    """Names before halves of names; as spelled before as sounded before as inflected; own names before alternative ones."""
    if not hits:
        return []
    best = min(_distance_in_spelling(hit) for hit in hits)
    return [hit for hit in hits if _distance_in_spelling(hit) == best]


def _distance_in_spelling(hit: Hit) -> tuple[bool, bool, Weight, int]:
    return (hit.weight is Weight.BASE, hit.exactness > 0, hit.weight, hit.exactness)


def _merged(hits: list[Hit], index: NameIndex) -> list[Hit]:
    """One hit a settlement: the sources list some twice, as village and as hamlet, a short walk apart."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: _order(index.places[hit.number])):
        place = index.places[hit.number]
        if not any(_one_settlement(place, index.places[other.number]) for other in kept):
            kept.append(hit)
    return kept


def _one_settlement(one: Place, other: Place) -> bool:
    return one.municipality_id == other.municipality_id and _metres_between(one, other) <= _ONE_SETTLEMENT_METRES


def _metres_between(one: Place, other: Place) -> float:
    return rough_metres(one.lat, one.lon, other.lat, other.lon)


def _order(place: Place) -> tuple[int, int, int, int, str, str]:
    return (0 if is_great(place) else 1, 0 if is_served(place) else 1, _RANK[place.kind], -place.population, place.name, place.municipality)


def _sure(hits: list[Hit], index: NameIndex) -> Meaning:
    hit = hits[0]
    return Meaning((index.places[hit.number],), round(_CONFIDENCE[hit.exactness] * hit.likeness / 100, 3))


def _choose(hits: list[Hit], index: NameIndex) -> Meaning:
    """For choosing, two hamlets of one name in one municipality are one line: she could not tell them apart, and help is the same."""
    places = sorted((index.places[number] for number in {hit.number for hit in hits}), key=_order)
    told_apart = {(place.name, place.municipality_id): place for place in reversed(places)}
    return Meaning(tuple(reversed(told_apart.values())), _CHOOSE if places else 0.0)


def together(meanings: list[tuple[Mention, Meaning]]) -> Meaning:
    """Rule 5, over the believed mentions of a text."""
    standing = [pair for pair in meanings if pair[1].places and not pair[0].denied]
    if any(mention.at for mention, _ in standing):
        standing = [pair for pair in standing if pair[0].at]
    elif any(not mention.origin for mention, _ in standing):
        standing = [pair for pair in standing if not pair[0].origin]
    if not standing:
        return NOTHING
    distinct: list[Meaning] = []
    for _, meaning in standing:
        if not any(set(meaning.places) <= set(other.places) or set(other.places) <= set(meaning.places) for other in distinct):
            distinct.append(meaning)
        else:
            distinct = [meaning if set(meaning.places) < set(other.places) else other for other in distinct]
    if len(distinct) == 1:
        return distinct[0]
    places = tuple(dict.fromkeys(place for meaning in distinct for place in meaning.places))
    return Meaning(places, _CHOOSE)
