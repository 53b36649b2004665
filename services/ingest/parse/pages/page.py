"""What a page of HTML is read as: what it says that it is, or what it was asked for as."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

from services.ingest.parse.document import Arrival, ArticleEntry, Listed, Parsed, Problem
from services.ingest.parse.limits import PAGE_BYTES_MAX, PAGE_ELEMENTS_MAX
from services.ingest.parse.pages import body
from services.ingest.parse.pages.article import Reader, article_of
from services.ingest.parse.pages.decoding import decoded
from services.ingest.parse.pages.head import head_of
from services.ingest.parse.pages.links import links_of
from services.ingest.parse.pages.structured import structured
from services.ingest.parse.pages.tree import page_of
from services.ingest.parse.problems import WHOLE_DOCUMENT, Problems, refused

_CLAIMED: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--(?:(?!-->).){0,2000}-->\s*){0,5}"
    rb"<(?:!doctype\s+html|html|head|body|div|p|meta|title)\b",
    re.IGNORECASE | re.DOTALL,
)
_HEAD_BYTES: Final = 4_096
_VERSION: Final = 2
"""Raised when the same bytes may give another value."""


def claims(data: bytes) -> bool:
    """Whether the bytes may be HTML."""
    return _CLAIMED.match(data[:_HEAD_BYTES]) is not None


def load() -> None:
    """Load what reads articles: half a second, and files that are opened only once."""
    body.load()


def parse(data: bytes, arrival: Arrival) -> Parsed:
    """The article of a page that says it is one; else its links and feeds, and what to do."""
    opened = _opened(data, arrival)
    if isinstance(opened, Parsed):
        return opened
    return opened.article() if opened.reader.is_article else opened.signpost("an article")


def parse_page(data: bytes, arrival: Arrival) -> Parsed:
    """The article of a page, though it does not say that it is one."""
    opened = _opened(data, arrival)
    return opened if isinstance(opened, Parsed) else opened.article()


def parse_feed(data: bytes, arrival: Arrival) -> Parsed:
    """The feeds that a page names, where a feed was expected."""
    opened = _opened(data, arrival)
    return opened if isinstance(opened, Parsed) else opened.signpost("a feed")


def parse_list(data: bytes, arrival: Arrival) -> Parsed:
    """The articles that a page leads to, and the feeds that it names."""
    opened = _opened(data, arrival)
    return opened if isinstance(opened, Parsed) else opened.links()


class _Page:
    """A page being read; one object lives as long as one parse."""

    def __init__(self, data: bytes, encoding: str, reader: Reader, problems: Problems) -> None:
        self.reader = reader
        self._data = data
        self._encoding = encoding
        self._problems = problems

    def article(self) -> Parsed:
        """Its article."""
        entry = article_of(self.reader, self._problems)
        return self._parsed("article-page", (entry,) if entry else (), ())

    def links(self) -> Parsed:
        """The articles that it leads to."""
        found = self._links()
        if not found:
            expected = "expected links to articles, came a page without any"
            self._problems.add("empty", WHOLE_DOCUMENT, f"{expected}; give its feed instead")
        return self._parsed("link-page", (), found)

    def signpost(self, expected: str) -> Parsed:
        """A page in the place of something else: what it leads to."""
        reader = self.reader
        feeds, found = reader.head.feeds, self._links()
        if feeds:
            advice = f"it names a feed; take {feeds[0]} as the source"
        elif found:
            advice = f"it leads to {len(found)} articles; read it as a list of links"
        else:
            # Whoever gave an address cannot save anything; whoever gave a file has no format.
            step = "read it as a page or a list" if reader.arrival.url else "save the page as text"
            said = f"expected plain text or a feed, came HTML; {step}"
            return refused(self._data, Problem("unsupported", WHOLE_DOCUMENT, said))
        detail = f"expected {expected}, came HTML that is none; {advice}"
        self._problems.add("unsupported", WHOLE_DOCUMENT, detail)
        return self._parsed("link-page", (), found)

    def _links(self) -> tuple[Listed, ...]:
        reader = self.reader
        return links_of(reader.root, reader.head.base, reader.arrival.url)

    def _parsed(
        self, form: str, articles: tuple[ArticleEntry, ...], listed: tuple[Listed, ...]
    ) -> Parsed:
        return Parsed(
            format=form,
            parser_version=_VERSION,
            media_type="text/html",
            encoding=self._encoding,
            sha256=sha256(self._data).hexdigest(),
            listed_on=None,
            articles=articles,
            rates=(),
            problems=self._problems.listed(),
            about=self.reader.about,
            listed=listed,
        )


def _opened(data: bytes, arrival: Arrival) -> _Page | Parsed:
    """The page, or why it is none."""
    if len(data) > PAGE_BYTES_MAX:
        most = f"expected a page of at most {PAGE_BYTES_MAX} bytes, came {len(data)}"
        return refused(data, Problem("too-large", WHOLE_DOCUMENT, f"{most}; give its feed instead"))
    text, encoding, doubt = decoded(data, arrival.charset)
    page = page_of(text)
    if page is None:
        most = f"expected HTML of 1 to {PAGE_ELEMENTS_MAX} elements, came none, more or too deep"
        return refused(data, Problem("unsupported", WHOLE_DOCUMENT, most))
    problems = Problems()
    if doubt:
        came = f"expected the declared encoding, came {doubt}"
        problems.add("encoding-uncertain", WHOLE_DOCUMENT, came)
    reader = Reader(page.root, head_of(page, arrival.url), structured(page.structured), arrival)
    return _Page(data, encoding, reader, problems)
