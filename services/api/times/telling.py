"""What differs between two instants, as a page tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import orjson

from services.api import front, past, source_queries, typeset
from services.api.typeset import When
from services.api.words.texts import gettext, marked, ngettext
from shared.views import Connection

NAMES: Final = {
    "article": marked("Articles"),
    "story": marked("Stories"),
    "rate": marked("Rates"),
}
"""The parts of the page, in order."""
CHANGES: Final = {
    "came": marked("New"),
    "opened": marked("New"),
    "changed": marked("Changed"),
    "left": marked("Taken back"),
    "merged": marked("In another story"),
    "closed": marked("Closed"),
    "gone": marked("No value stands"),
}
FIELDS: Final = {
    "headline": marked("headline"),
    "summary": marked("summary"),
    "body": marked("body"),
    "tags": marked("tags"),
    "relations": marked("relations to others"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A difference in print."""

    change: str
    """In a word."""
    seq: int
    when: When | None = None
    """When the event that made it was said."""
    pieces: Sequence[tuple[str, str]] = ()
    """What it is of: operation and text; empty: nothing of it can be shown."""
    path: str = ""
    language: str = ""
    """Of that text, BCP 47; empty: not known."""
    source: str | None = None
    credit: str | None = None
    details: Sequence[str] = ()
    as_of: When | None = None
    """Of a rate."""
    values: tuple[str | None, str | None] | None = None
    """Of a rate: what stood at each instant; None: nothing did."""


@dataclass(frozen=True, slots=True)
class Part:
    """Differences of one kind."""

    kind: str
    name: str
    lines: Sequence[Line]


def parts(
    connection: Connection, items: Sequence[Mapping[str, Any]], then: int | None
) -> list[Part]:
    """The differences by kind, in order; a kind without any has no part.

    Each is told with when its event was said, and with the name of its source.

    ``then``: links lead to what was shown at this event; None: to what is shown.
    """
    at = "" if then is None else f"?at={then}"
    when = {seq: past.said_at(connection, seq) for seq in {item["seq"] for item in items}}
    names = _credits(connection, items)
    lines: dict[str, list[Line]] = {}
    for item in items:
        line = _LINES[item["kind"]](item, at)
        credit = names.get(line.source or "", line.source)
        said = replace(line, when=printed(when[item["seq"]]), credit=credit)
        lines.setdefault(item["kind"], []).append(said)
    return [Part(kind, gettext(NAMES[kind]), lines[kind]) for kind in NAMES if kind in lines]


def _credits(connection: Connection, items: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The names of their sources, as far as they are known."""
    sources = {_source(item) for item in items} - {None}
    latest = {one: source_queries.document(connection, one) for one in sources if one}
    return {one: front.credit_of(orjson.loads(text)) for one, text in latest.items() if text}


def printed(at: datetime | None) -> When | None:
    """An instant in print."""
    return typeset.instant(at.isoformat()) if at else None


def _source(item: Mapping[str, Any]) -> str | None:
    if item["kind"] == "rate":
        return str(item["series"]).partition(":")[0]
    return item.get("source")


def _article(item: Mapping[str, Any], at: str) -> Line:
    how = item["change"]
    change = gettext(CHANGES[how])
    if how == "left":
        return Line(change, item["seq"])
    fields = ", ".join(gettext(FIELDS[name]) for name in item.get("fields", ()))
    whole = [{"operation": "equal", "text": item["headline"]}]
    return Line(
        f"{change}: {fields}" if fields else change,
        item["seq"],
        pieces=[(one["operation"], one["text"]) for one in item.get("pieces", whole)],
        path=f"/articles/{item['id']}{at}",
        language=front.lang(item),
        source=item["source"],
    )


def _story(item: Mapping[str, Any], at: str) -> Line:
    headline, number, how = item["headline"], item["article_count"], item["change"]
    counted = ngettext("%(num)s article", "%(num)s articles", number)
    return Line(
        gettext(CHANGES[how]),
        item["seq"],
        pieces=[("equal", headline or gettext("A story"))],
        path=f"/stories/{item['merged_into'] or item['id']}{at}",
        language=front.lang(item) if headline else "",
        details=[counted] if number else [],
    )


def _rate(item: Mapping[str, Any], at: str) -> Line:
    """The page of a pair is of the present: its links say nothing of an instant."""
    del at
    source, _, pair = item["series"].split(":")
    how = item["change"] if item["after"] else "gone"
    return Line(
        gettext(CHANGES[how]),
        item["seq"],
        pieces=[("equal", pair.replace("-", "/"))],
        path=f"/rates/{pair}",
        source=source,
        as_of=typeset.as_of(item["as_of"]),
        values=(_value(pair, item["before"]), _value(pair, item["after"])),
    )


def _value(pair: str, of: Mapping[str, Any] | None) -> str | None:
    """``87.45``; of a nominal other than one: ``100 KZT = 17.40 KGS``."""
    if of is None:
        return None
    value, nominal = typeset.value(of["value"]), of["nominal"]
    base, _, quote = pair.partition("-")
    return value if nominal == 1 else f"{nominal} {base} = {value} {quote}"


_LINES: Final = {"article": _article, "story": _story, "rate": _rate}
