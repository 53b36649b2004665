"""How many articles of a list, or of what a search found, bear each source, language or tag."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, StringConstraints

from services.api.articles import listing, naming
from services.api.articles.fields import listed_names
from services.api.articles.listing import Page
from services.api.articles.naming import Kind
from services.api.articles.wanted import Wanted
from services.api.binding import array
from shared.views import Connection

COUNTED_MAX: Final = 10_000
"""Articles that are counted, the newest of a list: a tenth of a second, and nobody waits longer."""
VALUES_MAX: Final = 20
"""Of each facet, the most frequent."""
_CHARACTERS_MAX: Final = 200

_KINDS: Final[dict[str, Kind]] = {"source": "source", "language": "language"}
_SCHEMES: Final[dict[str, tuple[str, ...]]] = {
    "tag": (),
    "place": ("iso3166", "iso3166-2", "geonames"),
    "person": ("person",),
    "organisation": ("organisation",),
    "topic": ("medtop",),
}
"""Facets of tags with their schemes; of ``tag`` all. A value is what the filter of its name
takes."""
NAMES: Final = ("source", "language", *_SCHEMES)


def _known(text: str) -> str:
    return listed_names(text, NAMES)


FacetsText = Annotated[
    str,
    StringConstraints(max_length=_CHARACTERS_MAX),
    AfterValidator(_known),
    Field(
        description="Counts for the list as a whole, or for what a search found, with commas "
        f"between them: {', '.join(f'`{name}`' for name in NAMES)}. Of each the {VALUES_MAX} most "
        f"frequent values, over the newest {COUNTED_MAX:,} articles, of a search over those that "
        "its pages go through; `exact` is false where there are more.",
        examples=["source,language"],
    ),
]


def counted(connection: Connection, wanted: Wanted, names: Sequence[str]) -> dict[str, Any]:
    """The counts of some facets of a list, as they are answered."""
    query, values = listing.keys(connection, wanted, Page(COUNTED_MAX + 1))
    found = f"WITH found AS MATERIALIZED ({query})"
    all_of_it = f"{found} SELECT count(*) FROM found"  # noqa: S608  # our own words
    articles = connection.execute(all_of_it, values).fetchone()[0]
    newest = f"{found}, newest AS (SELECT article_id FROM found LIMIT {COUNTED_MAX})"  # noqa: S608  # our own words
    counts = _counts(connection, newest, values, names)
    return {
        "articles": min(articles, COUNTED_MAX), "exact": articles <= COUNTED_MAX, "counts": counts,
    }  # fmt: skip


def counted_of(
    connection: Connection, article_ids: Sequence[str], names: Sequence[str], *, is_whole: bool
) -> dict[str, Any]:
    """The same of some articles; ``is_whole``: there are no others."""
    newest = "WITH newest (article_id) AS (SELECT value FROM json_each(?))"
    counts = _counts(connection, newest, [array(article_ids)], names)
    return {"articles": len(article_ids), "exact": is_whole, "counts": counts}


def _counts(
    connection: Connection, newest: str, values: Sequence[object], names: Sequence[str]
) -> dict[str, list[dict[str, Any]]]:
    return {name: _values(connection, newest, values, name) for name in dict.fromkeys(names)}


def _values(
    connection: Connection, newest: str, values: Sequence[object], name: str
) -> list[dict[str, Any]]:
    bound = list(values)
    if name not in _SCHEMES:
        asked = (
            f"SELECT a.{name} AS value FROM newest n CROSS JOIN article a "  # noqa: S608  # of NAMES
            "INDEXED BY article_narrow ON a.article_id = n.article_id"
        )
    else:
        asked = "SELECT t.tag AS value FROM newest CROSS JOIN article_tag t USING (article_id)"
        if schemes := _SCHEMES[name]:
            within = "substr(t.tag, 1, instr(t.tag, ':'))"
            asked += f" WHERE {within} IN ({', '.join('?' * len(schemes))})"
            bound += [f"{scheme}:" for scheme in schemes]
    rows = connection.execute(
        f"{newest} SELECT value, count(*) FROM ({asked}) GROUP BY value "  # noqa: S608  # our own words
        f"ORDER BY count(*) DESC, value LIMIT {VALUES_MAX}",
        bound,
    )
    is_bare = name in _SCHEMES and name != "tag"
    return [
        {
            "value": value.partition(":")[2] if is_bare else value,
            "name": naming.of(connection, _KINDS.get(name, "tag"), value),
            "count": count,
        }
        for value, count in rows
    ]
