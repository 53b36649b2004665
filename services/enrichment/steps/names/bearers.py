"""Which of the places that bear a name is meant."""

from __future__ import annotations

from typing import TypeAlias

from services.enrichment.gazetteers.context import Context
from services.enrichment.gazetteers.matching import Hit
from services.enrichment.gazetteers.names import PLACE_KINDS, Entry, Sense
from services.enrichment.steps.names.around import Around
from services.enrichment.steps.names.evidence import Found
from services.enrichment.steps.names.texts import Text

Borne: TypeAlias = tuple[Entry, Sense]
"""A bearer of a name, and how the name stands for it."""


def places_of(hit: Hit) -> list[Borne]:
    """The bearers on the map."""
    return [(e, sense) for e, sense in hit.candidates if e.kind in PLACE_KINDS]


def without_parts(borne: list[Borne], around: Around, context: Context) -> list[Borne]:
    """The bearers; by the adjective of a region only in a list: Ошской и Нарынской областях."""
    parts = [one for one in borne if one[1] == "part"]
    if not parts:
        return borne
    if around.ends_list(context):
        return parts
    return [(entry, sense) for entry, sense in borne if sense != "part"]


def fitting(
    around: Around, beside: Entry | None, borne: list[Borne], context: Context
) -> list[Borne]:
    """The bearers that the words beside the name allow.

    The region where the text says region, else the town of the same country: Kostanay region,
    Kostanay; a state of one city is a country. Where a division of a country follows, what lies in
    it: Moscow, Idaho.
    """
    if beside is not None:
        inside = [(entry, sense) for entry, sense in borne if _lies_in(entry, beside)]
        borne = [one for one in inside if one[0].kind == "place"] or inside
    states = {entry.code for entry, _ in borne if entry.kind == "country"}
    borne = [one for one in borne if one[0].kind != "place" or one[0].country not in states]
    if len(borne) <= 1:
        return borne
    if around.is_called_region(context):
        return [one for one in borne if one[0].kind == "region"] or borne
    towns = {entry.country for entry, _ in borne if entry.kind == "place"}
    if around.is_called_town(context) and towns:
        return [one for one in borne if one[0].kind == "place"]
    return [one for one in borne if one[0].kind != "region" or one[0].country not in towns]


def division_after(text: Text, number: int) -> Entry | None:
    """The division that a comma ties to a town; None where a country or nothing follows."""
    if number + 1 == len(text.hits):
        return None
    hit, right = text.hits[number], text.hits[number + 1]
    if text.text[hit.end : right.start] != ", ":
        return None
    divisions = [e for e, _ in right.candidates if e.kind == "region" and e.admin]
    is_plain = len(divisions) == len(right.candidates) == 1
    return divisions[0] if is_plain else None


def _lies_in(entry: Entry, division: Entry) -> bool:
    if entry.kind == "country":
        return True
    if entry.country != division.country:
        return False
    if entry.kind == "region":
        return True
    return entry.is_minor is False or entry.admin in {None, division.admin}


def choose(borne: list[Borne], found: Found, text: int) -> tuple[Entry, Sense] | None:
    """The bearer with most points; None where none of them leads."""
    if len(borne) <= 1:
        return borne[0] if borne else None
    points = sorted(
        ((found.support(e, text) + found.size(e), e.code, n) for n, (e, _) in enumerate(borne)),
        reverse=True,
    )
    if points[0][0] - points[1][0] < found.context.points.get("lead_min", 0.0):
        return None
    return borne[points[0][2]]
