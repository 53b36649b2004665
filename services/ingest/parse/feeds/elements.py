"""The elements of HTML that a text needs, and which of them stands in which."""

from __future__ import annotations

from typing import Final

_KEPT: Final = ("a", "b", "code", "em", "i", "strong", "sub", "sup")
INLINE: Final = dict(zip(_KEPT, _KEPT, strict=True)) | dict.fromkeys(("samp", "kbd", "tt"), "code")
"""Elements of a line, and what they are kept as."""
PLAIN_TAGS: Final = frozenset(
    f"<{mark}{name}>" for name in _KEPT if name != "a" for mark in ("", "/")
)
"""Start and end tags that are kept as they stand."""
_BUILT: Final = (
    "blockquote", "caption", "h2", "h3", "h4", "li", "ol", "pre", "table", "td", "th", "tr", "ul",
)  # fmt: skip
BLOCKS: Final = dict(zip(_BUILT, _BUILT, strict=True)) | {"h1": "h2", "h5": "h4", "h6": "h4"}
"""Likewise, of what text stands in; ``p`` goes without saying."""
_PARTING: Final = """
    address article aside body center dd details dir div dl dt fieldset figcaption figure footer
    form header hgroup hr main menu nav p section summary tbody tfoot thead
"""
BREAKS: Final = frozenset(_PARTING.split())
"""Tags that part paragraphs and are not kept themselves."""
_UNREAD: Final = "applet audio button canvas head map math object select svg template video"
DROPPED: Final = frozenset(_UNREAD.split())
"""Elements that are left out with all that is in them."""
LEAVES: Final = frozenset({"p", "li", "td", "th", "caption", "pre", "h2", "h3", "h4"})
"""Where text may stand without a paragraph around it."""
HEADINGS: Final = frozenset({"h2", "h3", "h4"})
"""As they are kept; an article is below the heading of its page."""
LINES: Final = HEADINGS | {"pre", "caption"}
"""Where a paragraph cannot begin."""
AROUND: Final = frozenset({"", "blockquote"})
"""Where a paragraph may stand as it is; in a cell or an item its text alone may."""
CLOSES: Final = {
    "li": frozenset({"li"}),
    "tr": frozenset({"td", "th", "tr", "caption"}),
    "td": frozenset({"td", "th"}),
    "th": frozenset({"td", "th"}),
}
"""What an element of a list or a table ends, up to the list or table around it."""
CELLS: Final = frozenset({"td", "th"})
"""Of a row, which is one paragraph."""
SCOPES: Final = {"li": ("ul", "ol"), "tr": ("table",), "td": ("tr",), "th": ("tr",),
                  "caption": ("table",)}  # fmt: skip
"""What an element must stand in; elsewhere it only parts paragraphs."""
FILLERS: Final = {"table": ("tr", "td"), "tr": ("td",), "ul": ("li",), "ol": ("li",)}
"""What stands between an element and a text or block right in it."""
