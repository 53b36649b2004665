"""What a page says of itself to machines: OpenGraph, JSON-LD, its one address. Pure.

Source: https://ogp.me, https://schema.org/NewsArticle, RFC 6596.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from markupsafe import Markup

from services.api import front, typeset
from services.api.syndication.links import Site, original
from services.api.words import paths

DESCRIPTION_CHARACTERS_MAX: Final = 300
"""Of what a page says that it is about: previews cut it earlier."""
_NAME: Final = "Newswire"
_ESCAPED: Final = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)
"""What could end the element, or a line of it. Source: HTML, restrictions for script contents."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What stands in the head of a page."""

    canonical: str | None
    """The one address of what the page shows; None: nobody knows it."""
    description: str | None
    properties: Sequence[tuple[str, str]]
    """OpenGraph, in order."""
    linked: Markup | None
    """JSON-LD, safe inside its element."""


def page(site: Site | None, path: str, title: str) -> Metadata:
    """Of a page that is no article."""
    canonical = site.url + paths.href(path) if site else None
    return Metadata(canonical, None, _open_graph("website", title, canonical, None), None)


def article(document: Mapping[str, Any], site: Site | None) -> Metadata:
    """Of an article, no more than its rights allow to be shown.

    The original is the one that counts, where it has an address.
    """
    own = site.article(document["article_id"]) if site else None
    source = original([document.get("canonical_url"), document.get("url")])
    headline = typeset.one_line(document["headline"])
    description = _description(document)
    published = document.get("published_at") or document.get("published_on")
    changed = document.get("updated_at")
    dates = [("article:published_time", published), ("article:modified_time", changed)]
    tags = [("article:tag", label.name) for label in front.labels(document)[: front.TAGS_SHOWN_MAX]]
    told = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": headline,
        "description": description,
        "inLanguage": front.lang(document) or None,
        "datePublished": published,
        "dateModified": changed,
        "author": [
            {"@type": "Person", "name": typeset.one_line(name)} for name in document["authors"]
        ]
        or None,
        "publisher": {"@type": "Organization", "name": front.credit_of(document)},
        "copyrightNotice": typeset.one_line(document.get("rights") or "") or None,
        "keywords": [label.name for label in front.labels(document)] or None,
        "url": own,
        "isBasedOn": source,
    }
    return Metadata(
        canonical=source or own,
        description=description,
        properties=[
            *_open_graph("article", headline, own, description),
            *((name, value) for name, value in [*dates, *tags] if value),
        ],
        linked=_script({name: value for name, value in told.items() if value is not None}),
    )


def _open_graph(
    kind: str, title: str, url: str | None, description: str | None
) -> list[tuple[str, str]]:
    said = [
        ("og:type", kind),
        ("og:site_name", _NAME),
        ("og:title", title),
        ("og:url", url),
        ("og:description", description),
    ]
    return [(name, value) for name, value in said if value]


def _description(document: Mapping[str, Any]) -> str | None:
    summary, body = front.shown_text(document)
    text = typeset.one_line(summary or next(iter(body), ""))
    return typeset.shortened(text, DESCRIPTION_CHARACTERS_MAX) or None


def _script(told: Mapping[str, object]) -> Markup:
    """JSON that no text in it can leave: markup in it stands escaped, as JSON escapes."""
    text = orjson.dumps(told).decode().translate(_ESCAPED)
    return Markup(text)  # noqa: S704  # nothing of it can be markup by now
