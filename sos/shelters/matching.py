"""Operators' matching: public services as ever, then confidential ones by published area, capacity and criteria.

Never a true place, never a distance, never an order by distance: a hidden service has no point here at all. What she must stay away from cannot
be compared with a hidden place here (that would tell the place by asking); the front gate is asked instead.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sos.directory.jurisdictions import Jurisdictions
from sos.directory.matching.answer import Matched, numbers_for, public_matches
from sos.directory.matching.filters import Moment
from sos.directory.matching.index import Snapshot, build
from sos.directory.matching.ranking import match
from sos.directory.matching.wish import Found, Match, Reason, Wish
from sos.shelters.vault import Card

EVERY_CARD = 50


def answer_operator(
    snapshot: Snapshot,
    cards: Sequence[Card],
    wish: Wish,
    moment: Moment,
    jurisdictions: Jurisdictions,
    *,
    without_authorities: bool = False,
) -> Matched:
    """What an operator sees. At most `wish.limit` public and `EVERY_CARD` confidential matches."""
    public = public_matches(snapshot, wish, moment)
    hidden = _hidden(cards, wish, moment)
    matches = public.matches + hidden.matches
    next_best = () if matches else public.next_best + hidden.next_best
    missing = () if matches else tuple(dict.fromkeys(public.missing + hidden.missing))
    if len(missing) > 1:
        missing = tuple(code for code in missing if code != "category")
    return Matched(matches, next_best, missing, numbers_for(wish, moment, jurisdictions, without_authorities=without_authorities))


def _hidden(cards: Iterable[Card], wish: Wish, moment: Moment) -> Found:
    by_id = {card.id: card for card in cards if not set(card.published_area) & wish.avoid}
    if not by_id:
        return Found((), (), ("category",))
    snapshot = build([card.service for card in by_id.values()], version=0, fold=str.casefold)
    blind = replace(
        wish, point=None, limit=EVERY_CARD, avoid=frozenset(), farther_than_km=0.0, municipality=wish.municipality or wish.country
    )
    found = match(snapshot, blind, moment)
    return Found(
        tuple(_shown(one, by_id[one.id], wish) for one in found.matches),
        tuple(_shown(one, by_id[one.id], wish) for one in found.next_best),
        found.missing,
    )


def _shown(one: Match, card: Card, wish: Wish) -> Match:
    extra = [Reason("published_area", {"area": ", ".join(card.published_area)})]
    if wish.avoid:
        extra.append(Reason("avoid.ask_front_gate"))
    extra.append(Reason("front_gate", {"contact": card.front_gate}))
    kept = [reason for reason in one.reasons if reason.code not in ("coverage", "coverage.everywhere")]
    return replace(one, area=", ".join(card.published_area), distance_km=None, place_id=None, service=None, reasons=(*kept, *extra))
