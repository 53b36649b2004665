"""What the api gives about rates, as the OpenAPI document describes it.

Bodies are built as plain JSON in ``items`` and never pass through these models; the tests hold the
two together.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from services.api.rates.bars import Step
from services.api.rates.consensus import RULE as CONSENSUS_RULE
from services.api.rates.consensus import Basis, Outcome, Reason
from services.api.rates.crossing import RULE, Way
from shared.news import RateKind


class PointItem(BaseModel):
    """A value that stands, as it was published: of the quote for ``nominal`` units of the base."""

    source: str = Field(examples=["nbkr"])
    kind: RateKind
    as_of: str = Field(examples=["2026-03-02"])
    value: str = Field(examples=["87.4500"])
    nominal: int


class HeldItem(PointItem):
    """The value that holds for a day."""

    on: date
    """The day that was asked for."""
    carried: bool
    """Whether it was published for an earlier day, at most 31 before."""


class ChangeItem(BaseModel):
    """From an earlier value of the series."""

    percent: str | None = Field(examples=["0.12"])
    """With the decimals that the digits of both values carry; null: they carry none."""
    since_as_of: str
    since_value: str
    since_nominal: int


class ChangesItem(BaseModel):
    """Changes up to the value that holds; null: nothing holds for the earlier day."""

    day: ChangeItem | None
    week: ChangeItem | None
    month: ChangeItem | None
    year: ChangeItem | None


class SeriesItem(BaseModel):
    """One series of the pair."""

    series: str = Field(examples=["nbkr:official:USD-KGS"])
    source: str
    kind: RateKind
    credit: str | None
    """The source's name for readers; null: it gives none."""
    holds: HeldItem | None
    """For ``to``, else for the day of its last value; null: nothing does."""
    changes: ChangesItem
    latest_as_of: str | None
    """Of its last value that stands, whatever was asked for."""
    age_days: int | None
    """Days from there to today; null: none stands."""
    usual_gap_days: int | None
    """Days between its last twenty values, days of rest left out; null: too few to tell."""
    is_stale: bool | None
    """Whether it is quiet for more than two of its usual gaps; null: no telling."""


class BarItem(BaseModel):
    """What a series did in a step of the calendar."""

    source: str
    kind: RateKind
    period: str = Field(examples=["2026-W10"])
    first: date
    last: date
    open: str
    high: str
    low: str
    close: str
    nominal: int
    """Units of the base that all four are for: those of the last value."""
    count: int
    """Values that it is made of."""
    as_of: str
    """Of the last one."""


class LeftOutItem(BaseModel):
    """A value that is not part of the answer: it is doubted."""

    series: str
    as_of: str
    value: str
    nominal: int
    reason: Literal["doubted"]


class PairRates(BaseModel):
    """The rates of one pair, as its sources published them."""

    base: str
    quote: str
    from_day: date | None = Field(alias="from")
    """First day of the answer, with a step that of its first period; null: nothing stands."""
    to: date | None
    step: Step | None
    rule: Literal["every-source"]
    """Every source that was asked for stands for itself; nothing is mixed."""
    series: list[SeriesItem]
    items: list[PointItem] | list[BarItem]
    """Oldest first; of one day or period by series."""
    left_out: list[LeftOutItem]
    """The first twenty."""
    left_out_count: int
    """Counted up to 101."""
    next_to: date | None
    """``to`` of the answer before this one in time; null: the range is whole."""


class LegItem(PointItem):
    """A published rate on the way."""

    base: str
    quote: str
    carried: bool
    is_inverse: bool
    """Turned round by us: no source says it so."""


class Conversion(BaseModel):
    """An amount of one currency in another."""

    base: str
    quote: str
    amount: str
    on: date
    result: str = Field(examples=["8745.00"])
    """Rounded to the digits that the rate carries, half to even."""
    unrounded: str
    """The same product with up to 60 digits, for who has a rounding rule of their own."""
    rate: str = Field(examples=["87.4500"])
    """Of one unit of the base, with the digits that it carries."""
    digits: int
    """Significant digits of the worst leg."""
    way: Way
    rule: Literal["official-first"] = Field(examples=[RULE])
    source: str
    as_of: str
    """Of the oldest leg."""
    path: list[LegItem]
    left_out: list[LeftOutItem]
    left_out_count: int


class VoiceItem(BaseModel):
    """What one source says of a pair for a day, as a conversion with it alone has it."""

    source: str = Field(examples=["nbk"])
    rate: str = Field(examples=["501.4"])
    """Of one unit of the base, with the digits that it carries."""
    digits: int
    way: Way
    kind: RateKind
    as_of: str
    """Of the oldest rate on the way."""
    carried: bool
    """Whether any rate on the way was published for an earlier day."""
    apart_percent: str | None = Field(examples=["-0.12"])
    """Distance from the median of what is fresh; null: fewer than two are."""
    reason: Reason | None
    """Why it does not count: ``stale`` is late by its own rhythm, ``outlier`` more than 2 % away
    from the median. Null: it counts."""
    path: list[LegItem]


class ConsensusBody(BaseModel):
    """What several sources say together of a pair for a day."""

    base: str
    quote: str
    on: date
    basis: Basis
    """What is weighed: rates that banks set, or those of markets and newspapers; never both."""
    rule: Literal["median-of-sources"] = Field(examples=[CONSENSUS_RULE])
    outcome: Outcome = Field(examples=["agreed"])
    """``agreed``: two sources or more. ``single``: ``value`` is that of the one in ``sources``.
    ``apart``: no two lie near the median of all. ``stale``: none is fresh."""
    value: str | None = Field(examples=["501.6"])
    """Of one unit of the base; null: they are apart, or stale."""
    sources: list[str]
    """Those that count."""
    items: list[VoiceItem]
    """By source, those that do not count too; the first fifty."""
    left_out: list[LeftOutItem]
    left_out_count: int


class VersionItem(BaseModel):
    """A value that a source gave for an instant or a day, as it was heard."""

    source: str
    kind: RateKind
    as_of: str = Field(examples=["2026-03-02"])
    version: int
    seq: int
    """Of the event of the wire that said it."""
    known_at: datetime | None = Field(examples=["2026-03-02T09:30:00.000Z"])
    """When the wire said it; null: it keeps no time of that event."""
    value: str = Field(examples=["87.4500"])
    nominal: int
    status: Literal["quoted", "reconfirmed", "restated", "disputed"]
    doubted: bool
    stands: bool
    """Whether it is the one that stands, at the instant that was asked about."""


class VersionList(BaseModel):
    """Every value that one day of a pair has had."""

    base: str
    quote: str
    on: date
    items: list[VersionItem]
    """By series, then by ``as_of``, then as they were heard."""
    is_whole: bool
    """Whether these are all: there are at most 500."""


class CurrencyItem(BaseModel):
    """A currency that some series quotes, or is quoted against."""

    code: str = Field(examples=["KGS"])
    sources: list[str]
    pairs: int
    """Pairs that it is one side of."""


class Currencies(BaseModel):
    """Every currency, by code."""

    items: list[CurrencyItem]
    is_whole: bool
    """Whether all series were looked at: there are fewer than 5,000."""
