"""The names of an article, each with the one entry that it means.

First what is certain; by that, what is not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from services.enrichment.gazetteers.context import Context
from services.enrichment.gazetteers.matching import Hit
from services.enrichment.gazetteers.names import PLACE_KINDS, Entry, Sense
from services.enrichment.steps.names import bearers, people, verdicts
from services.enrichment.steps.names.around import Around
from services.enrichment.steps.names.evidence import Found
from services.enrichment.steps.names.tagging import Mention
from services.enrichment.steps.names.texts import Text
from services.enrichment.steps.names.verdicts import Verdict


class Reading(NamedTuple):
    """A hit with what its surroundings say of it."""

    number: int
    """Of its text."""
    text: Text
    hit: Hit
    verdict: Verdict
    """Of the place that bears the name; ``refused`` where none does."""
    places: list[tuple[Entry, Sense]]
    known: Around | None
    """The words around it, where they were asked for."""

    @property
    def around(self) -> Around:
        """The words around it."""
        return self.known or Around(self.text.text, self.hit)


def readings(texts: tuple[Text, ...], context: Context) -> Iterator[Reading]:
    """Every hit of every text with its verdict, in order."""
    for number, text in enumerate(texts):
        named_until: int | None = None
        for index, hit in enumerate(text.hits):
            if not hit.candidates:
                continue
            borne = bearers.places_of(hit)
            if not hit.spelling.is_place_name:
                yield Reading(number, text, hit, "named" if borne else "refused", borne, None)
                continue
            around = Around(text.text, hit)
            borne = bearers.without_parts(borne, around, context)
            verdict = verdicts.of_place(text, index, around, named_until, context)
            beside = bearers.division_after(text, index)
            if len(borne) > 1 or beside is not None:
                borne = bearers.fitting(around, beside, borne, context)
            if verdict == "named":
                named_until = hit.end
            yield Reading(number, text, hit, verdict if borne else "refused", borne, around)


def learn(read: list[Reading], found: Found) -> tuple[set[str], set[str]]:
    """Codes of people named in full, and names that strangers bear.

    ``found`` learns countries: from names that one place bears, then from those that several do or
    that are doubtful.
    """
    full: set[str] = set()
    strangers: set[str] = set()
    doubtful: list[Reading] = []
    for reading in read:
        hit = reading.hit
        if reading.verdict == "stranger":
            strangers.add(hit.name)
        elif reading.verdict == "named" and len(reading.places) == 1:
            found.add(reading.number, *reading.places[0])
        elif reading.verdict != "refused":
            doubtful.append(reading)
        if len(hit.candidates) == 1 and " " in hit.name:
            entry, sense = hit.candidates[0]
            if entry.kind not in PLACE_KINDS and sense == "name":
                found.add(reading.number, entry, sense)
                full.update({entry.code} if entry.kind == "person" else ())
    _agree(doubtful, found)
    for reading in doubtful:
        chosen = bearers.choose(reading.places, found, reading.number)
        is_sure = reading.verdict == "named" and chosen is not None and not chosen[0].is_minor
        if chosen is not None and (is_sure or _is_supported(reading, chosen[0], found)):
            found.add(reading.number, *chosen)
    return full, strangers


def _agree(doubtful: list[Reading], found: Found) -> None:
    """Two doubtful names of a text speak for the country that both may lie in: Georgia, Florida."""
    names: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
    for reading in doubtful:
        for entry, _ in reading.places:
            if entry.country is not None and not entry.is_minor:
                names[reading.number, entry.country].add(reading.hit.name)
    for (number, country), agreeing in names.items():
        if len(agreeing) > 1:
            found.countries[number].add(country)


def _is_supported(reading: Reading, entry: Entry, found: Found) -> bool:
    hit = reading.hit
    if hit.name in found.context.first_names or hit.spelling.rule == "given":
        return False
    return found.support(entry, reading.number) >= found.context.points.get("support_min", 1e9)


def mentions(read: list[Reading], found: Found, context: Context) -> Iterator[Mention]:
    """What each hit means; nothing for a hit of which that cannot be said."""
    full, strangers = learn(read, found)
    for reading in read:
        is_place = reading.verdict in {"named", "possible"}
        if is_place and reading.hit.name in strangers and _is_bare(reading, context):
            is_place = False
        mention = _place(reading, found, context) if is_place else None
        mention = mention or _other(reading, full, found)
        if mention is not None:
            yield mention


def _is_bare(reading: Reading, context: Context) -> bool:
    """Whether nothing beside it says that it is not the stranger whom the article has named."""
    hit = reading.hit
    if reading.verdict == "possible":
        return True
    is_sure = hit.spelling.rule == "person" or hit.name in context.first_names
    return not is_sure and not reading.around.is_located(context)


def _place(reading: Reading, found: Found, context: Context) -> Mention | None:
    chosen = bearers.choose(reading.places, found, reading.number)
    if chosen is None:
        return None
    (entry, sense), verdict = chosen, reading.verdict
    if verdict == "possible" and _is_likely(reading, entry, found, context):
        verdict = "named"
    others = len(bearers.places_of(reading.hit)) > 1
    return Mention(entry, reading.text, reading.hit, verdict, sense == "adjective", others)


def _is_likely(reading: Reading, entry: Entry, found: Found, context: Context) -> bool:
    """Whether a doubtful name counts after all: for what else the article names, or its size."""
    points = context.points
    hit = reading.hit
    if hit.spelling.rule == "given" and len(hit.name) == hit.end - hit.start:
        return False  # Mary will retire; but Maryda is in Mary
    if found.support(entry, reading.number) >= points.get("support_min", 1e9):
        return True
    around = reading.around
    if entry.kind == "country":
        others = found.states.get(reading.number, set()) - {entry.country}
        return bool(others) and around.starts_sentence and bool(around.after)
    is_borne = hit.spelling.rule is not None or hit.name in context.first_names
    return not is_borne and entry.population >= points.get("known_alone_min", 1e12)


def _other(reading: Reading, full: set[str], found: Found) -> Mention | None:
    """A person, a body, a commodity or a currency by the name; a stranger’s name is nobody’s."""
    hit, text = reading.hit, reading.text
    kinds = {entry.kind for entry, _ in hit.candidates}
    judged: Verdict
    for kind in ("organisation", "person"):
        if kind not in kinds:
            continue
        judge = people.of_body if kind == "organisation" else people.of_person
        judged = judge(text, reading.around, found.context)
        entry = people.bearer((text, hit, reading.number), kind, full, found)
        if judged == "named" and entry is not None:
            return Mention(entry, text, hit, judged, False, len(hit.candidates) > 1)
    for entry, _ in hit.candidates:
        if entry.kind in {"currency", "commodity"}:
            judged = verdicts.of_ware(text.text, hit, entry.asks, found.context)
            return Mention(entry, text, hit, judged, False, False)
    return None
