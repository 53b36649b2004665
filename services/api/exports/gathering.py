"""A list of articles for agencies, of the rows that the views keep."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from services.api.exports.item import Collection
from services.api.exports.reading import item_of
from services.api.queries import Listed
from services.api.syndication.filters import Parameters
from services.api.syndication.links import Site
from services.api.syndication.listing import few


def collection(
    rows: Iterable[Listed], parameters: Parameters, site: Site, at: datetime
) -> Collection:
    """These articles, as many as there is room for; ``at`` is when the views last changed."""
    found = list(rows)
    taken = found[: sum(1 for _ in few(row.document for row in found))]
    return Collection(
        id=site.feed_id(parameters),
        desk=site.desk,
        sent_at=at,
        items=tuple(item_of(row) for row in taken),
    )
