"""A list of articles as parameters of its address: one list has one address. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from services.api.articles.parameters import ArticlesFilter, filtered
from services.api.articles.wanted import Wanted

Parameters = Sequence[tuple[str, str]]

_DAY_BEGINS: Final = "T00:00:00.000000Z"
_DAY_ENDS: Final = "T23:59:59.999999Z"
_OF_A_PAGE: Final = frozenset({"q", "tag", "source", "language"})
"""What pages can be filtered by; by one source and one language."""


def parameters_of(query: ArticlesFilter) -> list[tuple[str, str]]:
    """A filter, and what is searched for in what it lets through, as parameters."""
    return [*searched(query.q), *chosen(filtered(query))]


def searched(typed: str | None) -> list[tuple[str, str]]:
    """What is searched for as a parameter; None: nothing is."""
    return [] if typed is None else [("q", typed.strip())]


def chosen(wanted: Wanted) -> list[tuple[str, str]]:
    """A filter as parameters, in whatever order and by whatever name its parts were given.

    A place, a person, an organisation and a topic are tags; an instant is in UTC.
    """
    found = [("tag", tag) for tag in sorted(set(wanted.tags))]
    found += [("source", source) for source in sorted(set(wanted.sources))]
    found += [("language", language) for language in sorted(set(wanted.languages))]
    if wanted.story is not None:
        found.append(("story", wanted.story))
    if wanted.has_text is not None:
        found.append(("text", "full" if wanted.has_text else "none"))
    if wanted.begin is not None:
        found.append(("from", _bound(wanted.begin, _DAY_BEGINS)))
    if wanted.end is not None:
        found.append(("to", _bound(wanted.end, _DAY_ENDS)))
    if wanted.copies != "hidden":
        found.append(("copies", wanted.copies))
    return found


def of_page(parameters: Parameters) -> list[tuple[str, str]]:
    """What of a filter the front page and that of searches know: they show it, or a wider list."""
    times = Counter(name for name, _ in parameters)
    return [
        (name, value)
        for name, value in parameters
        if name in _OF_A_PAGE and (name == "tag" or times[name] == 1)
    ]


def _bound(instant: str, of_day: str) -> str:
    """A bound as short as it can be said: a day where it is the day's own."""
    if instant.endswith(of_day):
        return instant.removesuffix(of_day)
    return instant.removesuffix("Z").rstrip("0").rstrip(".") + "Z"
