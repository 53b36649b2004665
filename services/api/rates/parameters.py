"""What the api takes about rates, as the OpenAPI document describes it."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from services.api.asof import AtText
from services.api.rates.bars import Step
from services.api.rates.consensus import Basis
from services.api.rates.queries import FIRST_DAY, LAST_DAY
from shared.news import CurrencyCode, RateKind, SourceId

Format = Literal["json", "csv", "ndjson"]
Per = Literal["series", "pair"]

_PAIR: Final = r"^[A-Z]{3}-[A-Z]{3}$"
_AMOUNT: Final = r"^[0-9]{1,15}(\.[0-9]{1,10})?$"
_DAY: Final = r"^(19[0-9][0-9]|20[0-9][0-9])-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$"
"""Of the days that are taken those that every month has; the rest is looked up in the calendar."""


def _pair(text: str) -> str:
    if not re.fullmatch(_PAIR[1:-1], text):
        raise PydanticCustomError(
            "pair", "Expected two ISO 4217 codes in capitals joined by a hyphen, as USD-KGS"
        )
    return text


def _amount(text: str) -> str:
    if not re.fullmatch(_AMOUNT[1:-1], text, re.ASCII):
        raise PydanticCustomError(
            "amount",
            "Expected an amount in plain digits, as 1250 or 0.5: at most 15 before the point and "
            "10 behind it, no sign, exponent or blank",
        )
    return text


def _day(text: object) -> date:
    try:
        is_plain = isinstance(text, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text)
        day = date.fromisoformat(str(text)) if is_plain else None
    except ValueError:
        day = None
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        raise PydanticCustomError(
            "day",
            "Expected a day of the calendar between {first} and {last}, as 2026-03-02",
            {"first": FIRST_DAY.isoformat(), "last": LAST_DAY.isoformat()},
        )
    return day


PairText = Annotated[
    str,
    AfterValidator(_pair),
    WithJsonSchema({"type": "string", "pattern": _PAIR, "examples": ["USD-KGS"]}),
]
"""``BASE-QUOTE``."""
AmountText = Annotated[
    str,
    AfterValidator(_amount),
    WithJsonSchema({"type": "string", "pattern": _AMOUNT, "examples": ["1250.50"]}),
]
Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "pattern": _DAY, "examples": ["2026-03-02"]}),
]


class Formatted(BaseModel):
    """Parameters that every answer about rates takes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Format = Field(
        default="json",
        description="`csv`: a table with a head (RFC 4180). `ndjson`: one item a line.",
    )
    at: AtText | None = None


class CurrenciesQuery(Formatted):
    """Parameters of the currencies."""

    source: SourceId | None = Field(default=None, description="Only those that this one quotes.")


class LatestQuery(Formatted):
    """Parameters of the latest rates."""

    base: CurrencyCode | None = Field(default=None, description="ISO 4217 code.")
    quote: CurrencyCode | None = Field(default=None, description="ISO 4217 code.")
    source: SourceId | None = Field(default=None, description="Id of the source.")
    kind: RateKind | None = Field(default=None, description="What the rate is for.")
    per: Per = Field(
        default="series",
        description="`pair`: of each pair the one that is chosen, as the ticker of the front page "
        "shows it: official before market before ticker.",
    )


class SeriesQuery(Formatted):
    """Parameters of the rates of one pair."""

    source: SourceId | None = Field(
        default=None, description="Id of the source. Left out: every source, each for itself."
    )
    kind: RateKind | None = Field(default=None, description="Left out: every kind.")
    from_day: Day | None = Field(
        default=None,
        alias="from",
        description="First day. Left out: a year before the last value.",
    )
    to_day: Day | None = Field(default=None, alias="to", description="Last day.")
    step: Step | None = Field(
        default=None,
        description="Bars with open, high, low and close instead of points; weeks are of ISO 8601.",
    )


class ConvertQuery(Formatted):
    """Parameters of a conversion."""

    amount: AmountText = Field(default="1", description="Units of the base, in plain digits.")
    on: Day | None = Field(
        default=None, description="The day; left out: today in UTC, or that of `at`."
    )
    source: SourceId | None = Field(default=None, description="Id of the source.")


class ConsensusQuery(Formatted):
    """Parameters of the consensus."""

    on: Day | None = Field(
        default=None, description="The day; left out: today in UTC, or that of `at`."
    )
    basis: Basis | None = Field(
        default=None,
        description="`official`: what banks set. `quoted`: what markets and newspapers quote. Left "
        "out: official where there is any.",
    )


class VersionsQuery(Formatted):
    """Parameters of the values that one day has had."""

    on: Day | None = Field(
        default=None, description="The day that the values are for; left out: the last one."
    )
    source: SourceId | None = Field(default=None, description="Left out: every source.")
    kind: RateKind | None = Field(default=None, description="Left out: every kind.")


class PairPageQuery(BaseModel):
    """Parameters of the page of a pair. Unknown ones are ignored: links gather such."""

    model_config = ConfigDict(frozen=True)
