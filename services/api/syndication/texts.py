"""Texts that can stand in a feed: what XML 1.0 does not take is left out. Pure."""

from __future__ import annotations

import re
from html import escape
from typing import Final

from services.api.syndication.items import Item

_FORBIDDEN: Final = re.compile(
    "[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
"""What XML 1.0 does not take, and the control characters that it takes and advises against."""
_BLANKS: Final = re.compile("[\t\n\r ]+")


def clean(text: str) -> str:
    """The text without control characters and halves of pairs. Source: XML 1.0, 2.2 ``Char``.

    Of JSON too, which could write them: who reads both formats finds the same words.
    """
    return _FORBIDDEN.sub("", text).strip()


def line(text: str) -> str:
    """The text in one line; a no-break space stays one."""
    return _BLANKS.sub(" ", clean(text)).strip(" ")


def brief(item: Item) -> str:
    """The lead as HTML; where that is all that may be shown, with the source and its link."""
    return _paragraph(escape(item.lead)) + ("" if item.is_whole and item.lead else _credit(item))


def whole(item: Item) -> str:
    """The text as HTML, as much as may be shown, then the source with its link."""
    shown = item.paragraphs or (item.summary,)
    return "".join(_paragraph(escape(one)) for one in shown) + _credit(item)


def _credit(item: Item) -> str:
    """Most readers show the author alone: whose text it is stands below it too."""
    name = escape(item.credit)
    if item.original_url is None:
        return _paragraph(name)
    return _paragraph(f'<a href="{escape(item.original_url)}">{name}</a>')


def _paragraph(html: str) -> str:
    return f"<p>{html}</p>" if html else ""
