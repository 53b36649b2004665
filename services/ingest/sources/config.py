"""``sources.toml``: what is read, how, and what may be shown of it. Pure.

    [[source]]
    id = "steppe-courier"
    url = "https://courier.example/feed.xml"
    name = "Steppe Courier"        # for readers
    format = "auto"                # or feed, page, list, rates, or a bank: nbkr
    every = "30m"                  # without: as the source says, or by its rhythm
    language = "ru"                # of what declares none
    zone = "Asia/Almaty"           # of times without an offset
    trust_rank = 3                 # 1 the most trusted, to 9
    display = "excerpt"            # or headline; without: the whole text
    rights = "© Steppe Courier"
    enabled = true

``{date:%d.%m.%Y}`` in a URL stands for the day in the source's zone.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from datetime import UTC, date, datetime
from typing import Annotated, Final, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from services.ingest.observe import Source
from services.ingest.parse.feeds.zones import zone_of
from shared.errors import Rejected
from shared.faults import came, sentence
from shared.news import Address, Display, Line, Note, SourceId
from shared.polls import SOURCES_MAX

FILE_BYTES_MAX: Final = 2_000_000
"""Five thousand sources of 400 bytes."""
EVERY_S_MIN: Final = 60
"""No publisher is asked more often, whatever an operator wants."""
EVERY_S_MAX: Final = 604_800
"""A week: what changes more seldom is no source of news."""

Bank = Literal["cbr", "cbt", "cbu", "ecb", "nbk", "nbkr", "nbt", "nbu"]
"""A central bank whose files are read: ``parse.rates.bank_files.BANKS``."""
Kind = Literal["auto", "feed", "page", "list", "rates", Bank]
"""What a source is expected to offer; ``auto``: what its documents say they are."""

_BANKS: Final[tuple[Bank, ...]] = get_args(Bank)
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_EVERY: Final = re.compile(r"([1-9][0-9]{0,6})([smhd])")
_DAY: Final = re.compile(r"\{date:([^{}]{1,40})\}")
WEB: Final = re.compile(
    r"https?://(?P<login>[^/?#\s]*@)?(?P<host>[^/?#@:\s]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
    r"(?:[/?#][^\s]*)?"
)
"""An address of the web; whether it may be reached is the fetcher's to say."""
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,8}")
_LINE_DOTS_MAX: Final = 100  # the reader of TOML takes time by the square of the parts of a key


def _seconds(text: object) -> object:
    if not isinstance(text, str):
        return text
    found = _EVERY.fullmatch(text)
    seconds = int(found[1]) * _UNITS[found[2]] if found else 0
    if not EVERY_S_MIN <= seconds <= EVERY_S_MAX:
        raise ValueError("expected a time such as 15m, 6h or 1d, from 60s to 7d")
    return seconds


class SourceConfig(BaseModel):
    """One source, as the operator wrote it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: SourceId
    url: Address
    name: Line | None = None
    """For readers; None: the id is shown."""
    format: Kind = "auto"
    every: Annotated[int | None, BeforeValidator(_seconds)] = None
    """Seconds; None: as the source says."""
    language: str | None = None
    zone: Annotated[str, Field(max_length=64)] | None = None
    """IANA name."""
    trust_rank: Annotated[int, Field(ge=1, le=9)] | None = None
    display: Display | None = None
    rights: Note | None = None
    enabled: bool = True

    @field_validator("url")
    @classmethod
    def _is_web(cls, url: str) -> str:
        found = WEB.fullmatch(url)
        if found is None:
            raise ValueError("expected an address that begins with http:// or https://")
        if found["login"]:
            raise ValueError("expected an address without a login: it would stand in every log")
        return url

    @field_validator("zone")
    @classmethod
    def _is_zone(cls, zone: str | None) -> str | None:
        if zone is not None and zone_of(zone) is None:
            raise ValueError("expected the name of a zone such as Asia/Bishkek")
        return zone

    @field_validator("language")
    @classmethod
    def _is_language(cls, language: str | None) -> str | None:
        if language is not None and not _LANGUAGE.fullmatch(language):
            raise ValueError("expected a language of BCP 47 such as ru or uz-Latn")
        return language

    def source(self) -> Source:
        """The source as its articles name it."""
        return Source(self.id, self.name, self.rights, self.display, self.trust_rank, self.language)

    @property
    def bank(self) -> Bank | None:
        """The bank that it is; None: not said."""
        return self.format if self.format in _BANKS else None

    @property
    def is_dated(self) -> bool:
        """Whether the address is another one each day."""
        return _DAY.search(self.url) is not None

    def day_at(self, now: datetime) -> date:
        """The day that its address stands for: of its zone, where it has one, else of UTC."""
        zone = zone_of(self.zone) if self.zone else None
        return now.astimezone(zone or UTC).date()

    def url_on(self, day: date) -> str:
        """The address to read on a day."""
        return _DAY.sub(lambda found: day.strftime(found[1]), self.url)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Annotated[tuple[SourceConfig, ...], Field(max_length=SOURCES_MAX)] = ()


def read(data: bytes) -> tuple[SourceConfig, ...]:
    """The sources of a file, in its order.

    Raises:
        Rejected: it is no such file; the sentence says where.
    """
    if len(data) > FILE_BYTES_MAX:
        raise Rejected(f"expected at most {FILE_BYTES_MAX} bytes, came {len(data)}")
    try:
        text = data.decode("utf-8")
        if any(line.count(".") > _LINE_DOTS_MAX for line in text.split("\n")):
            raise Rejected(f"expected at most {_LINE_DOTS_MAX} dots in a line; break it")
        found = _File.model_validate(tomllib.loads(text)).source
    except ValidationError as error:
        raise Rejected(sentence(error)) from error
    except RecursionError as error:
        raise Rejected("expected [[source]], found lists of lists") from error
    except ValueError as error:
        raise Rejected(" ".join(str(error).split())[:300]) from error
    twice = [one for one, count in Counter(each.id for each in found).items() if count > 1]
    if twice:
        raise Rejected(f"expected an id of its own for each source, found {came(twice[0])} again")
    return found
