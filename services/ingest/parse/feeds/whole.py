"""A whole paragraph written anew in a few passes over it, where it is as plain as most are.

It gives what ``folding.py`` would make of its pieces one by one, at half the cost; where it cannot
be sure of that, it gives nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Final, NamedTuple

from services.ingest.parse.feeds.text import OFTEN_IN_TEXT
from services.ingest.parse.feeds.tokens import Start, attributes_of
from services.ingest.parse.feeds.urls import link

_BLANK: Final = re.compile(r">(?! <)\s++(?:<|\Z)")
"""Spaces alone behind a tag, unless it is one before another tag."""
_IMAGE: Final = re.compile(r"<img([^<>]*+)>")
_LINK: Final = re.compile(r"<a([^<>]*+)>([^<>]*+)</a>")
_TAG: Final = re.compile(r"<[^<>]*+>")


class Whole(NamedTuple):
    """A paragraph written anew."""

    markup: str
    """With its own tags."""
    words: str
    """Spaces not yet folded."""


def whole(inside: str, base: str | None, picture: Callable[[Start], None]) -> Whole | None:
    """A paragraph by what stands between its tags; ``picture`` is told of each picture in it.

    None: it must be read piece by piece; then nothing was told.
    """
    images = _IMAGE.findall(inside) if "<img" in inside else []
    if not inside or _is_odd(inside) or (images and "> <" in inside):
        return None
    if images:
        inside = _IMAGE.sub("", inside)
    if "<br" in inside:
        inside = inside.replace("<br/>", "<br>").replace("<br />", "<br>")
    if "<a" in inside:
        inside = _LINK.sub(lambda found: _linked(found, base), inside)
    markup = _plain(inside)
    if not markup or markup.startswith("<br>"):
        return None
    for given in images:
        picture(Start("img", given))
    broken = markup.replace("<br>", " ") if "<br>" in markup else markup
    return Whole(f"<p>{markup}</p>", _read(_TAG.sub("", broken) if "<" in broken else broken))


def _is_odd(inside: str) -> bool:
    """Whether spaces stand alone before a tag or between tags, which are not kept as they are."""
    if inside[0].isspace() and inside.lstrip()[:1] in {"", "<"}:
        return True
    return _BLANK.search(inside) is not None


def _linked(found: re.Match[str], base: str | None) -> str:
    """A link of text; one that leads nowhere is its text alone."""
    given, text = found.groups()
    address = link(attributes_of(Start("a", given)).get("href", ""), base)
    return f'<a href="{escape(address)}">{text}</a>' if address else text


def _plain(text: str) -> str | None:
    """A text with the references left that must be; None: there are others in it."""
    if "&" not in text:
        return text
    for reference, character in OFTEN_IN_TEXT:
        if reference in text:
            text = text.replace(reference, character)
    kept = text.count("&amp;") + text.count("&lt;") + text.count("&gt;")
    return text if text.count("&") == kept else None


def _read(text: str) -> str:
    if "&" not in text:
        return text
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
