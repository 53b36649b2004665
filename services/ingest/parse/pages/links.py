"""The links of a page that lead to articles, in its order and without its menus."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from services.ingest.parse.document import Listed
from services.ingest.parse.feeds.text import beginning
from services.ingest.parse.feeds.urls import absolute, address_key
from services.ingest.parse.limits import ARTICLES_MAX, ENTRY_LINE_CHARACTERS_MAX
from services.ingest.parse.pages.sites import path_of, same_site
from services.ingest.parse.pages.tree import HtmlElement, attribute, elements, text_of

_AROUND: Final = frozenset({"nav", "header", "footer", "form", "select"})
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


def links_of(root: HtmlElement, base: str | None, url: str | None) -> tuple[Listed, ...]:
    """The articles that a page leads to, each once, where it stands first, on the same site."""
    found: dict[str, Listed] = {}
    own = address_key(url) if url else ""
    for one in elements(root, "a"):
        address = absolute(attribute(one, "href"), base)
        if address is None or not _leads_to_an_article(address, url):
            continue
        key = address_key(address)
        if key == own or (key not in found and _is_around(one)):
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


def _is_around(link: HtmlElement) -> bool:
    """Whether it stands in a menu, a head or a foot of the page."""
    for above in link.iterancestors():
        if above.tag in _AROUND or attribute(above, "role") in {
            "navigation",
            "banner",
            "contentinfo",
        }:
            return above.tag != "header" or not _is_in_article(above)
        said = f"{attribute(above, 'class')} {attribute(above, 'id')}"
        if above.tag not in {"body", "html", "main"} and _AROUND_WORDS.search(said):
            return True
    return False


def _is_in_article(element: HtmlElement) -> bool:
    return any(above.tag in {"article", "section", "main"} for above in element.iterancestors())
