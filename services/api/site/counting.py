"""What articles have in common, counted over a bounded number of their documents. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from services.api import front
from services.api.front import Label

RELATED_MAX: Final = 12
"""Tags beside a tag: what fits two lines; more would be read by nobody."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A tag or a source, and how many of the articles looked at have it."""

    id: str
    name: str
    kind: str
    """Of a tag; empty: it is a source."""
    count: int


def tags(documents: Iterable[Mapping[str, Any]], borne: Mapping[str, int]) -> list[Counted]:
    """Every tag of these articles, the most frequent first, then by name.

    ``borne``: how many of them bear a tag, told or implied, as lists have it.
    """
    each = (front.labels(document) for document in documents)
    found = {label.tag: label for label in chain.from_iterable(each)}
    counted = [Counted(tag, one.name, one.kind, borne[tag]) for tag, one in found.items()]
    return sorted(counted, key=_place)


def related(
    documents: Sequence[Mapping[str, Any]], borne: Mapping[str, int], without: Collection[str]
) -> list[Counted]:
    """Tags that stand beside others on these articles; of one name the most frequent alone."""
    chosen: dict[str, Counted] = {}
    for one in tags(documents, borne):
        if one.id not in without:
            chosen.setdefault(one.name, one)
    return list(chosen.values())[:RELATED_MAX]


def sources(documents: Iterable[Mapping[str, Any]]) -> list[Counted]:
    """Whose articles these are, the most frequent first."""
    names = {document["source"]: front.credit_of(document) for document in documents}
    counts = Counter(document["source"] for document in documents)
    counted = [Counted(one, name, "", counts[one]) for one, name in names.items()]
    return sorted(counted, key=_place)[:RELATED_MAX]


def label_of(documents: Iterable[Mapping[str, Any]], tag: str) -> Label | None:
    """A tag as the first article that bears it has it; None: none does."""
    each = (front.labels(document) for document in documents)
    return next((one for one in chain.from_iterable(each) if one.tag == tag), None)


def _place(one: Counted) -> tuple[int, str]:
    return -one.count, one.name
