"""What is said of a source, by the articles and rates that it has on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import orjson

from services.api import front, source_queries, typeset
from services.api.site.tags import counted
from services.api.typeset import When
from services.api.words.texts import ngettext
from shared.views import Connection

SOURCES_MAX: Final = 200
"""Sources on the page of all, by id: three index seeks and a document each."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source, as its newest article and its rates tell of it."""

    source: str
    name: str
    home: str | None
    """Its site, of the address of its newest article; None: it gave none."""
    rights: str | None
    articles: str | None
    """``3 articles``; None: it has none that may be shown."""
    rates: str | None
    """``40 rates``; None: it has none."""
    newest: When | None
    """Of its newest article."""


def sources(connection: Connection) -> list[Source]:
    """Every source with something to show, by name."""
    ids = source_queries.sources(connection)[:SOURCES_MAX]
    found = [source(connection, one) for one in ids]
    return sorted(filter(None, found), key=lambda one: one.name.casefold())


def source(connection: Connection, source_id: str) -> Source | None:
    """One source; None: nothing of it can be shown."""
    row = source_queries.source(connection, source_id)
    if row is None:
        return None
    newest = orjson.loads(row.document) if row.document else None
    document = newest or orjson.loads(row.rate or "{}")
    return Source(
        source=source_id,
        name=front.credit_of(document),
        home=_home(document),
        rights=document.get("rights"),
        articles=counted(row.articles, source_queries.COUNTED_MAX) if newest else None,
        rates=ngettext("%(num)s rate", "%(num)s rates", row.series) if row.series else None,
        newest=typeset.dated(newest) if newest else None,
    )


def _home(document: Mapping[str, Any]) -> str | None:
    """The site that an article's address is on; None: it is on none, or the port is no number."""
    address = typeset.web_address(document.get("canonical_url") or document.get("url"))
    if address is None:
        return None
    parts = urlsplit(address)
    try:
        named = parts.hostname and (parts.port is None or parts.port)
    except ValueError:
        return None
    host = parts.netloc.rpartition("@")[2]  # a login is nobody's home page
    return f"{parts.scheme}://{host}/" if named else None
