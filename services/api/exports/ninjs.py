"""ninjs 3.1. Source: iptc.org/std/ninjs/ninjs-schema_3.1.json. Pure."""

from __future__ import annotations

from html import escape
from typing import Any, Final

import orjson

from services.api.exports.item import Collection, NewsItem, Subject
from shared.instants import rfc3339

MEDIA_TYPE: Final = "application/json"
"""The standard registers none of its own."""
_STANDARD: Final = {
    "name": "ninjs",
    "version": "3.1",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#",
}
_PLACES: Final = ("country", "region", "place")


def item(one: NewsItem) -> bytes:
    """One article."""
    return orjson.dumps(_item(one))


def collection(many: Collection) -> bytes:
    """Several articles as one item of the type ``composite``, each an association of it.

    A list without an envelope would be no ninjs: the standard knows one object. It has no title,
    lest a reader that knows no collections takes it for an article.
    """
    return orjson.dumps(
        {
            "uri": many.id,
            "type": "composite",
            "standard": _STANDARD,
            "versionCreated": rfc3339(many.sent_at),
            "pubStatus": "usable",
            "infoSources": [{"name": many.desk}],
            "associations": [
                {"name": f"item-{number}", "rel": "item", **_item(one)}
                for number, one in enumerate(many.items, start=1)
            ],
        }
    )


def _item(one: NewsItem) -> dict[str, Any]:
    said = {
        "uri": one.id,
        "type": "text",
        "standard": _STANDARD,
        "representationType": "full" if one.is_whole and one.status == "usable" else "partial",
        "version": str(one.version),
        "versionCreated": rfc3339(one.changed_at),
        "pubStatus": one.status,
        # A day alone has no place: the standard wants a time, and nobody knows it.
        "contentCreated": rfc3339(one.published_at) if one.published_at else "",
        "urgency": one.urgency,
        "copyrightNotice": one.rights,
        "edNote": one.note,
        "language": one.language,
        "headlines": _texts(one.headline),
        "descriptions": _texts(one.summary),
        "bodies": _bodies(one),
        "by": one.by,
        "slugline": one.slugline,
        "located": one.located,
        "infoSources": _sources(one),
        "altIds": [{"role": "original", "value": one.original_url}] if one.original_url else [],
        **_concepts(one),
        "associations": _canonical(one.copy_of),
    }
    return {name: value for name, value in said.items() if value not in (None, "", [])}


def _texts(text: str) -> list[dict[str, str]]:
    return [{"role": "main", "contentType": "text/plain", "value": text}] if text else []


def _bodies(one: NewsItem) -> list[dict[str, Any]]:
    """The text with markup, and without."""
    if not one.paragraphs:
        return []
    marked = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in one.paragraphs)
    plain = "\n\n".join(one.paragraphs)
    words = sum(len(paragraph.split()) for paragraph in one.paragraphs)
    return [
        {"role": "main", "contentType": "text/html", "wordCount": words, "value": marked},
        {"role": "main", "contentType": "text/plain", "wordCount": words, "value": plain},
    ]


def _sources(one: NewsItem) -> list[dict[str, str]]:
    """Whose text it is; of a notice the id of the source is all that is told."""
    return [{"name": one.credit or one.source, "literal": one.source}]


def _concepts(one: NewsItem) -> dict[str, list[dict[str, Any]]]:
    """Tags by what they are. Only a subject may say how sure it is: the others have no place."""
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for each in one.subjects:
        by_kind.setdefault(_kind(each), []).append(_concept(each))
    return by_kind


def _kind(one: Subject) -> str:
    if one.kind in _PLACES:
        return "places"
    return {"person": "people", "organisation": "organisations"}.get(one.kind, "subjects")


def _concept(one: Subject) -> dict[str, Any]:
    said: dict[str, Any] = {"name": one.name, "uri": one.uri, "literal": one.tag}
    match _kind(one):
        case "subjects":
            sure = {"relevance": one.relevance, "confidence": one.confidence}
            return {**said, "creator": one.method, **sure}
        case "places" if one.point:
            return {**said, "geoJSON": {"type": "Point", "coordinates": list(one.point)}}
        case _:
            return said


def _canonical(copy_of: str | None) -> list[dict[str, str]]:
    """The article that this is a copy of."""
    if copy_of is None:
        return []
    return [{"name": "canonical", "rel": "copyOf", "uri": copy_of, "type": "text"}]
