"""The text of an article page: its paragraphs as HTML, without what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from lxml.html import fragment_fromstring, tostring

from services.ingest.parse.feeds.text import folded, paragraphs_of
from services.ingest.parse.feeds.tokens import has_markup
from services.ingest.parse.pages.tree import HtmlElement, text_of

_ADVICE: Final = re.compile(
    r"read (?:also|more|next|this next)\b|see also\b|also read\b|more on this\b"
    r"|sign up (?:to|for)\b|follow us\b|share (?:this|on)\b|join our\b|subscribe (?:to|now)\b"
    r"|we use cookies\b|this (?:site|website) uses cookies\b|all rights reserved\b"
    r"|читайте (?:также|ещ[её]|нас)\b|смотрите также\b|подпис(?:ывайтесь|аться) на\b"
    r"|мы используем (?:cookie|куки|файлы)|нашли ошибку\b"
    r"|(?:сондай-ақ|тағы(?: да)?|осыны да) оқы|оқи отыр|бізге жазыл|арнамызға жазыл|біз cookie"
    r"|(?:shuningdek|yana|bularni ham) o.?qi|obuna bo.?ling|шунингдек ўқи|обуна бўлинг",
    re.IGNORECASE,
)
"""How a line begins that sends the reader elsewhere."""
_LABEL: Final = re.compile(
    r"(?:related(?: stories| articles)?|recommended|most read|advertisement|по теме|похожие новости"
    r"|материалы по теме|реклама|поделиться|тақырып бойынша|жарнама|бөлісу|mavzuga (?:oid|doir)"
    r"|reklama|ulashish|мавзуга (?:оид|доир)|subscribe|подписка)\s*(?:[:：.]|\Z)",
    re.IGNORECASE,
)
"""The same as a heading; the word alone may also begin a sentence."""
_ASIDE_CHARACTERS_MAX: Final = 240
"""A line that leads away from the text; a paragraph that only begins like one is longer."""
_WORD: Final = re.compile(r"\w+")
_WHOLE_SHARE: Final = 0.8
_BYLINE: Final = re.compile(
    r"(?:by|автор|текст|фото|авторы|author|мақала авторы|muallif)\b[\s:]*", re.IGNORECASE
)


def body_html(root: HtmlElement, said: str, known: Sequence[str]) -> str:
    """The text as HTML that still has to be judged; empty: none was found.

    ``said`` is what the page itself gives as the text of the article, as text or HTML, or empty;
    ``known`` are headline and authors, which are no paragraphs. What the page says confirms what
    is found; where it says more than is found, it is the text.
    """
    found = list(_paragraphs(_extract(root), known))
    words = _words(said)
    if not words:
        return "".join(markup for _, markup in found)
    if sum(len(_words(text)) for text, _ in found) < _WHOLE_SHARE * len(words):
        return said if has_markup(said) else _as_html(said)
    saying = " ".join(words)
    confirmed = [(text, markup) for text, markup in found if _is_in(text, saying)]
    confirmed_words = sum(len(_words(text)) for text, _ in confirmed)
    # A text that breaks off on purpose confirms its beginning alone.
    kept = confirmed if confirmed_words >= _WHOLE_SHARE * len(words) > 40 else found
    return "".join(markup for _, markup in kept)


def load() -> None:
    """Load what finds the text, and have it read all its files.

    A short text makes it try its other ways, which have files of their own.
    """
    for times in (1, 20):
        text = "A text of some length, with a comma. " * times
        _extract(f"<html><body><article><h1>First</h1><p>{text}</p></article></body></html>")


def _extract(page: HtmlElement | str) -> str:
    import trafilatura  # noqa: PLC0415 - half a second and 130 MB, for those who read pages alone

    try:
        made = trafilatura.extract(
            page,
            output_format="html",
            include_comments=False,
            include_formatting=True,
            include_links=True,
            include_tables=True,
            fast=False,
        )
    except Exception:  # noqa: BLE001 - of a library on hostile input; then the page says it, or none
        return ""
    return made or ""


def _paragraphs(html: str, known: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each block of the text with its markup, but for what leads elsewhere."""
    start, end = html.find("<body>"), html.rfind("</body>")
    if start < 0 or end < 0:
        return
    whole = fragment_fromstring(html[start + 6 : end], create_parent="div")
    is_after_aside = False
    again = {one.casefold().rstrip(".") for one in known}
    for one in whole:
        text = text_of(one)
        is_aside = _leads_away(text)
        is_list_of_aside = is_after_aside and one.tag in {"ul", "ol"}
        is_after_aside = is_aside
        if text and not is_aside and not is_list_of_aside and not _is_known(text, again):
            one.tail = None
            yield text, str(tostring(one, encoding="unicode"))


def _leads_away(text: str) -> bool:
    begun = text.lstrip("—–-•►:» ")
    is_short = len(text) <= _ASIDE_CHARACTERS_MAX
    return is_short and bool(_ADVICE.match(begun) or _LABEL.match(begun))


def _is_known(text: str, known: set[str]) -> bool:
    """Whether it is the headline or a byline over again."""
    plain = folded(_BYLINE.sub("", text, count=1)).casefold().rstrip(".")
    return plain in known


def _is_in(text: str, saying: str) -> bool:
    words = _words(text)
    return bool(words) and " ".join(words[:12]) in saying


def _words(text: str) -> list[str]:
    return _WORD.findall(re.sub(r"<[^<>]*>", " ", text).casefold())


def _as_html(text: str) -> str:
    """A plain text in paragraphs; one without blank lines has one in each line."""
    found = paragraphs_of(text)
    if len(found) == 1:
        found = [folded(one) for one in text.splitlines() if one.strip()]
    return "".join(f"<p>{escape(one)}</p>" for one in found)
