"""Documents of central banks: which bank's one is, and its rates.

``parse`` finds the bank by the document. ``read_as`` is for a source that says which bank it is,
by its declaration or its address: then anything else is a problem, and no article is made of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Final, NamedTuple

from services.ingest.parse.decode import looks_like
from services.ingest.parse.document import Arrival, Parsed, Problem
from services.ingest.parse.problems import WHOLE_DOCUMENT, Problems, refused, shown
from services.ingest.parse.rates import cbr, cbt, cbu, ecb, ecb_csv, nbk, nbkr, nbt, nbu
from services.ingest.parse.rates.elements import Element, read_elements, root_name
from services.ingest.parse.rates.judging import rates_of
from services.ingest.parse.rates.objects import Object, read_objects
from services.ingest.parse.rates.sheet import Bank, Row


class _Form(NamedTuple):
    """How a bank's XML is known and read."""

    bank: Bank
    is_mine: Callable[[Element], bool]
    rows: Callable[[Element], Iterator[Row]]


class _ListForm(NamedTuple):
    """How a bank's JSON is known and read."""

    bank: Bank
    claims: Callable[[bytes], bool]
    rows: Callable[[list[Object]], Iterator[Row]]


_XML: Final = (
    _Form(nbkr.BANK, nbkr.is_mine, nbkr.rows),
    _Form(nbk.BANK, nbk.is_mine, nbk.rows),
    _Form(nbt.BANK, nbt.is_mine, nbt.rows),
    _Form(cbr.BANK, cbr.is_mine, cbr.rows),
    _Form(cbt.BANK, cbt.is_mine, cbt.rows),
    _Form(ecb.BANK, ecb.is_mine, ecb.rows),
)
_JSON: Final = (
    _ListForm(cbu.BANK, cbu.claims, cbu.rows),
    _ListForm(nbu.BANK, nbu.claims, nbu.rows),
)
_ROOTS: Final = frozenset({"CurrencyRates", "rates", "ValCurs", "cbt_currency_rate"})
_GESMES: Final = re.compile(rb"gesmes|eurofxref", re.IGNORECASE)  # others write envelopes too
_HEAD_BYTES: Final = 70_000  # a little more than where a root element may stand

BANKS: Final = tuple(form.bank.id for form in (*_XML, *_JSON))
"""What a source may declare."""

_ADDRESSES: Final = tuple(
    (re.compile(rf"https?://(?:www\.)?{address}", re.IGNORECASE), bank)
    for address, bank in (
        (r"nbkr\.kg/XML/", "nbkr"),
        (r"nationalbank\.kz/rss/(?:get_)?rates", "nbk"),
        (r"nbt\.tj/[^?#]*export_xml", "nbt"),
        (r"cbu\.uz/[^?#]*arkhiv-kursov-valyut/json", "cbu"),
        (r"cbt\.tm/kurs/[^?#]*\.xml", "cbt"),
        (r"cbr\.ru/scripts/XML_(?:daily|dynamic)", "cbr"),
        (r"ecb\.europa\.eu/stats/eurofxref/[^?#]*\.xml", "ecb"),
        (r"data-api\.ecb\.europa\.eu/service/data/EXR", "ecb"),
        (r"bank\.gov\.ua/NBU_?(?:Exchange|StatService)/[^?#]*exchange", "nbu"),
    )
)


def claims(data: bytes) -> bool:
    """Whether the bytes are rates of a bank; RSS only where its items are rates."""
    return _claims_xml(data) or ecb_csv.claims(data) or any(form.claims(data) for form in _JSON)


def parse(data: bytes, arrival: Arrival) -> Parsed:
    """The rates of a bank's document, and what was wrong with them."""
    if _claims_xml(data):
        return _parse_xml(data, arrival)
    if ecb_csv.claims(data):
        return _parse_csv(data, arrival)
    return _parse_json(data, arrival)


def bank_at(url: str | None) -> str | None:
    """Which bank publishes rates at an address; None: none does."""
    return next((bank for address, bank in _ADDRESSES if address.match(url or "")), None)


def read_as(bank: str, data: bytes, arrival: Arrival) -> Parsed:
    """The rates of a document that must be a bank's; anything else is refused and said.

    ``bank`` is one of BANKS.
    """
    parsed = parse(data, arrival) if claims(data) else None
    if parsed is not None and (parsed.format == bank or not parsed.rates):
        return parsed
    if parsed is not None:
        came = f"those of {parsed.format}"
        return refused(data, Problem("unsupported", WHOLE_DOCUMENT, _other(bank, came)))
    if not data.strip(b"\xef\xbb\xbf \t\r\n[]"):
        came = f"expected rates of {bank}, came none; there may be none of that day"
        return refused(data, Problem("empty", WHOLE_DOCUMENT, came))
    is_page = looks_like(data) == "HTML" or root_name(data).lower() == "html"
    came = "an HTML page" if is_page else _kind(data)
    return refused(data, Problem("unsupported", WHOLE_DOCUMENT, _other(bank, came)))


def _other(bank: str, came: str) -> str:
    return f"expected rates of {bank}, came {came}; look whether the address has changed"


def _kind(data: bytes) -> str:
    root = root_name(data)
    return f"XML with the root element {shown(root)}" if root else looks_like(data)


def _claims_xml(data: bytes) -> bool:
    root = root_name(data)
    if root == "rss":
        return nbk.claims_feed(data)
    if root == "Envelope":
        return _GESMES.search(data[:_HEAD_BYTES]) is not None
    return root in _ROOTS


def _parse_xml(data: bytes, arrival: Arrival) -> Parsed:
    tree = read_elements(data)
    if isinstance(tree, Problem):
        return refused(data, tree)
    root = tree.root
    for form in _XML:
        if form.is_mine(root):
            reading = _Reading(form.bank, "application/xml", tree.encoding)
            return reading.parsed(data, form.rows(root), arrival)
    if root.name == "ValCurs" and not root.children:
        came = "expected rates, came none; there may be none of that day"
        return refused(data, Problem("empty", WHOLE_DOCUMENT, came))
    came = f"expected rates of {', '.join(BANKS)}, came {shown(root.name)} of another form"
    return refused(data, Problem("unsupported", WHOLE_DOCUMENT, came))


def _parse_csv(data: bytes, arrival: Arrival) -> Parsed:
    reading = _Reading(ecb.BANK, "text/csv")
    rows = ecb_csv.rows(data, reading.problems)
    if isinstance(rows, Problem):
        return refused(data, rows)
    return reading.parsed(data, rows, arrival)


def _parse_json(data: bytes, arrival: Arrival) -> Parsed:
    objects = read_objects(data)
    if isinstance(objects, Problem):
        return refused(data, objects)
    form = next(form for form in _JSON if form.claims(data))
    reading = _Reading(form.bank, "application/json")
    return reading.parsed(data, form.rows(objects), arrival)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A document whose bank and form are known."""

    bank: Bank
    media_type: str
    encoding: str = "utf-8"
    problems: Problems = field(default_factory=Problems)

    def parsed(self, data: bytes, rows: Iterable[Row], arrival: Arrival) -> Parsed:
        """The rates of its rows; the document is of a day where all of them are."""
        rates = rates_of(self.bank, rows, arrival, self.problems)
        days = {rate.as_of for rate in rates}
        only = next(iter(days)) if len(days) == 1 else None
        return Parsed(
            format=self.bank.id,
            parser_version=self.bank.version,
            media_type=self.media_type,
            encoding=self.encoding,
            sha256=sha256(data).hexdigest(),
            listed_on=date.fromisoformat(only) if only else None,
            articles=(),
            rates=rates,
            problems=self.problems.listed(),
        )
