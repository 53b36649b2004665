"""What readers call a source, a language or a tag: as the newest article that has it does."""

from __future__ import annotations

from typing import Final, Literal

import orjson

from services.api import front, source_queries, typeset
from services.api.words import names
from shared.views import Connection

LOOKED_AT_MAX: Final = 5
"""Articles of a tag, the newest, in which its name is looked for: a country that is in a list for
its towns alone is named in few of them."""
_TOLD: Final = """
SELECT told.value ->> 'name' FROM (
  SELECT article_id FROM article_tag WHERE tag = :tag ORDER BY ordered_at DESC, place LIMIT :most
) AS newest
CROSS JOIN article AS a USING (article_id)
CROSS JOIN json_each(a.document, '$.tags') AS told
WHERE told.value ->> 'scheme' || ':' || (told.value ->> 'code') = :tag LIMIT 1
"""


Kind = Literal["source", "language", "tag"]


def of(connection: Connection, kind: Kind, value: str) -> str | None:
    """A value of a filter in words, a language by its own; None: nobody says them."""
    match kind:
        case "source":
            document = source_queries.newest(connection, value)
            return front.credit_of(orjson.loads(document)) if document else None
        case "language":
            return typeset.language_name(value)
        case "tag":
            return _tag(connection, value)


def _tag(connection: Connection, tag: str) -> str | None:
    row = connection.execute(_TOLD, {"tag": tag, "most": LOOKED_AT_MAX}).fetchone()
    scheme, _, code = tag.partition(":")
    if row is None:
        return names.country(code) if scheme == "iso3166" else None
    return typeset.one_line(front.tag_name(scheme, code, row[0]))
