"""Feeds parsed and sanitised, beside feedparser and fastfeedparser on the same bytes.

Both feeds are made here: a hundred entries of 1.6 kB, with the markup that newsrooms print. We
parse, write the HTML anew and judge it; feedparser sanitises too; fastfeedparser does not.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from importlib import import_module
from typing import Final

from services.ingest.parse import parse
from services.ingest.parse.document import Arrival
from tests.benchmarks.content import SEED, SEEN_AT
from tests.benchmarks.measure import Row, Run, Stopwatch, rounds

ENTRIES: Final = 100
PEERS: Final = ("feedparser", "fastfeedparser")
_BODY_CHARS: Final = 960
_TEXT: Final = (
    "the ministry said that freight on the northern line would fall before winter while farmers"
    " waited for water and prices of grain rose at border markets after talks in Almaty Osh and"
    " Samarkand where engineers repaired two stations near an old reservoir"
)


def rss(first: int = 0) -> bytes:
    """An RSS feed of 160 kB: its HTML escaped in every second item, in CDATA in the others."""
    dice = random.Random(SEED + first)
    items = "\n".join(_item(dice, number) for number in range(first, first + ENTRIES))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Steppe Courier</title>'
        f"<link>https://courier.example/</link><language>en</language>\n{items}\n</channel></rss>"
    ).encode()


def atom() -> bytes:
    """The same as Atom."""
    dice = random.Random(SEED)
    entries = "\n".join(_entry(dice, number) for number in range(ENTRIES))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        "<title>Steppe Courier</title><id>tag:courier.example,2026:all</id>"
        f"<updated>2026-03-02T05:00:00Z</updated>\n{entries}\n</feed>"
    ).encode()


async def rows(count: int, passes: int) -> list[Row]:
    """Entries a second, ``passes`` documents in a run."""
    made: list[Row] = []
    for name, data in (("RSS", rss()), ("Atom", atom())):
        readers: dict[str, Callable[[bytes], object]] = {"ours": _ours}
        for peer in PEERS:
            try:
                readers[peer] = import_module(peer).parse
            except ImportError:
                made.append(Row(f"parse {name}: {peer} is not installed", ()))
        runs = {name: _run(read, data, passes) for name, read in readers.items()}
        reached = await rounds(count, runs)
        ours = reached.pop("ours")
        title = f"parse {name} of {len(data) / 1000:.0f} kB, {ENTRIES} entries"
        made += [Row(f"{title}; {peer}", ours, theirs) for peer, theirs in reached.items()]
        made += [] if reached else [Row(title, ours)]
    return made


def _ours(data: bytes) -> object:
    parsed = parse(data, Arrival(SEEN_AT.date()))
    assert len(parsed.articles) == ENTRIES, parsed.problems
    return parsed


def _run(read: Callable[[bytes], object], data: bytes, passes: int) -> Run:
    async def run() -> float:
        watch = Stopwatch()
        for _ in range(passes):
            read(data)
        return watch.per_second(passes * ENTRIES)

    return run


def _item(dice: random.Random, number: int) -> str:
    html = _html(dice, number)
    described = f"<![CDATA[{html}]]>" if number % 2 else escape(html, quote=False)
    return (
        f"<item><title>{_sentence(dice, 9)[:-1]}</title><link>{_address(number)}</link>"
        f'<guid isPermaLink="false">courier-{number}</guid>'
        f"<pubDate>{format_datetime(_published_at(number), usegmt=True)}</pubDate>"
        "<dc:creator>Aigerim Toleukhan</dc:creator><category>Roads</category>"
        f"<category>Weather</category>\n<description>{described}</description></item>"
    )


def _entry(dice: random.Random, number: int) -> str:
    html = _html(dice, number)
    said = f"<![CDATA[{html}]]>" if number % 2 else escape(html, quote=False)
    at = _published_at(number).isoformat()
    return (
        f'<entry><title>{_sentence(dice, 9)[:-1]}</title><link href="{_address(number)}"/>'
        f"<id>tag:courier.example,2026:{number}</id><published>{at}</published>"
        f"<updated>{at}</updated><author><name>Aigerim Toleukhan</name></author>"
        f'<category term="Roads"/>\n<content type="html">{said}</content></entry>'
    )


def _html(dice: random.Random, number: int) -> str:
    """Paragraphs with a link, emphasis, a picture, a list, entities: about 1.1 kB."""
    picture = f'<img src="/pictures/{number}.jpg" alt="Pass {number}" width="600" height="400">'
    link = f'<a href="{_address(number + 1)}" title="More">the pass</a>'
    emphasis = f"<em>{_sentence(dice, 4)}</em>"
    parts = [
        f"<p>{picture}{_sentence(dice, 14)}</p>",
        f"<p>{_sentence(dice, 8)} {link} &amp; {emphasis} {_sentence(dice, 10)}</p>",
        f"<ul><li>{_sentence(dice, 5)}</li><li>{_sentence(dice, 6)}</li></ul>",
    ]
    while sum(map(len, parts)) < _BODY_CHARS:
        parts.append(
            f"<p>{_sentence(dice, 9)} &ldquo;{_sentence(dice, 6)}&rdquo; &mdash;"
            f"&nbsp;<strong>{number}&nbsp;km</strong>.<br/>{_sentence(dice, 8)}</p>"
        )
    return "\n".join(parts)


def _sentence(dice: random.Random, words: int) -> str:
    return " ".join(dice.choices(_TEXT.split(), k=words)).capitalize() + "."


def _address(number: int) -> str:
    return f"https://courier.example/news/2026/03/{number}-snow-closes-the-road-to-osh"


def _published_at(number: int) -> datetime:
    return datetime(2026, 3, 2, 4, 0, tzinfo=UTC) - timedelta(minutes=7 * number)
