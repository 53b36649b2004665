"""The links of a page that lead to articles, in its order and without its menus."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final, NamedTuple

from services.ingest.parse.document import Listed
from services.ingest.parse.feeds.text import beginning
from services.ingest.parse.feeds.urls import absolute, address_key
from services.ingest.parse.limits import ARTICLES_MAX, ENTRY_LINE_CHARACTERS_MAX
from services.ingest.parse.pages.sites import path_of, same_site
from services.ingest.parse.pages.tree import HtmlElement, attribute, elements, text_of

_AROUND: Final = frozenset({"nav", "header", "footer", "form", "select"})
_AROUND_ROLES: Final = frozenset({"navigation", "banner", "contentinfo"})
_AROUND_WORDS: Final = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|mainmenu|topmenu|breadcrumbs?|footer|pagination|pager|tags?"
    r"|social|share|cookies?|lang|languages?|banner|ads?|advert)(?:$|[\s_-])",
    re.IGNORECASE,
)
_NO_ARTICLES: Final = re.compile(
    r"/(?:tags?|category|categories|rubrics?|authors?|users?|search|login|register|about|contacts?|page"
    r"|privacy|terms|subscribe|rss|feed|advert\w*|reklama|wp-login\.php|archive)(?:/|$)",
    re.IGNORECASE,
)
_ARTICLE_PATHS: Final = re.compile(
    r"/(?:19|20)\d\d/\d{1,2}(?:/|-)"  # a day or month
    r"|\d{4,}(?=[/._-]|$)"  # a number of its own
    r"|/[^/]{12,}\.s?html?$",
    re.IGNORECASE,
)
_SLUG_WORDS_MIN: Final = 4
_WORDS_MIN: Final = 3
_CHARACTERS_MIN: Final = 15


class _Place(NamedTuple):
    """Where something stands on a page."""

    is_around: bool
    """In a menu, a head or a foot: the nearest element that tells decides."""
    is_in_article: bool


_OUTSIDE: Final = _Place(is_around=False, is_in_article=False)


def links_of(root: HtmlElement, base: str | None, url: str | None) -> tuple[Listed, ...]:
    """The articles that a page leads to, each once, where it stands first, on the same site."""
    found: dict[str, Listed] = {}
    own = address_key(url) if url else ""
    places = _places(root)
    for one in elements(root, "a"):
        address = absolute(attribute(one, "href"), base)
        if address is None or not _leads_to_an_article(address, url):
            continue
        key = address_key(address)
        if key == own or (key not in found and _above(one, places).is_around):
            continue
        title = _title(one)
        if key not in found:
            found[key] = Listed(address, where=f"line {one.sourceline or 1}", title=title)
        elif len(title or "") > len(found[key].title or ""):
            found[key] = replace(found[key], title=title)
    worded = [one for one in found.values() if one.title]
    return tuple(worded[:ARTICLES_MAX])


def _leads_to_an_article(address: str, url: str | None) -> bool:
    path = path_of(address)
    is_here = url is None or same_site(address, url)
    if not is_here or _NO_ARTICLES.search(path):
        return False
    slug = re.split(r"[-_]", path.rstrip("/").rpartition("/")[2])
    return len(slug) >= _SLUG_WORDS_MIN or bool(_ARTICLE_PATHS.search(path))


def _title(link: HtmlElement) -> str | None:
    """What the link reads, its heading before all else; None: too little to be a headline."""
    headings = (text_of(one) for one in elements(link, "h1", "h2", "h3", "h4"))
    text = next(filter(None, headings), "") or text_of(link) or attribute(link, "title")
    is_enough = len(text) >= _CHARACTERS_MIN and len(text.split()) >= _WORDS_MIN
    return beginning(text, ENTRY_LINE_CHARACTERS_MAX) if is_enough else None


def _above(element: HtmlElement, places: dict[HtmlElement, _Place]) -> _Place:
    above = element.getparent()
    return _OUTSIDE if above is None else places.get(above, _OUTSIDE)


def _places(root: HtmlElement) -> dict[HtmlElement, _Place]:
    """For each element of a page, where what is in it stands, found in one pass."""
    found: dict[HtmlElement, _Place] = {}
    for one in elements(root, "*"):
        found[one] = _place(one, _above(one, found))
    return found


def _place(element: HtmlElement, around: _Place) -> _Place:
    is_in_article = around.is_in_article or element.tag in {"article", "section", "main"}
    if element.tag in _AROUND or attribute(element, "role") in _AROUND_ROLES:
        is_around = element.tag != "header" or not around.is_in_article
        return _Place(is_around, is_in_article)
    said = f"{attribute(element, 'class')} {attribute(element, 'id')}"
    is_named = element.tag not in {"body", "html", "main"} and _AROUND_WORDS.search(said)
    return _Place(bool(is_named) or around.is_around, is_in_article)
