"""What the pages show, from the views' rows: quotes, stories, days. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any, Final

import orjson

from services.api import evidence, typeset
from services.api.queries import LatestRate, Listed
from services.api.story_queries import COUNTED_MAX, Belonging
from services.api.typeset import When
from services.api.words import names, speaking
from services.api.words.languages import ENGLISH
from services.api.words.texts import gettext, marked, ngettext

LEAD_CHARACTERS_MAX: Final = 600
"""Under a headline of the front page; a paragraph may be as long as an article."""
TAGS_SHOWN_MAX: Final = 5
"""Under a headline of the front page; the article shows all."""

QUOTES_SHOWN_MAX: Final = 12
"""In the ticker of the front page; a bank alone has seventy. Two rows where the page is wide."""
QUOTES_OF_SOURCE_MAX: Final = 100
"""In the ticker of one source: all that a bank sets for a day."""
_FIRST: Final = ("USD", "EUR", "RUB")


REASONS: Final = {
    "peg": marked("it breaks a peg"),
    "triangle": marked("it does not fit the rates beside it"),
    "inverted": marked("it looks inverted"),
    "nominal": marked("it looks like a slip of the nominal"),
    "jump": marked("it is a jump beyond the history of its series"),
}
"""Why a rate is doubted, by the rule."""

KINDS: Final = {
    "country": marked("country"),
    "region": marked("region"),
    "place": marked("place"),
    "currency": marked("currency"),
    "commodity": marked("commodity"),
    "person": marked("person"),
    "organisation": marked("organisation"),
    "topic": marked("topic"),
}
"""What a tag stands for."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value that is not plausible."""

    value: str | None
    """Later than what is shown; None: it is what is shown, for want of another."""
    as_of: When
    reasons: str
    """In a sentence: ``it looks inverted (87.45 where 0.01143 was expected)``."""


@dataclass(frozen=True, slots=True)
class Quote:
    """One currency pair of the ticker."""

    pair: str
    path: str
    """Of the page of the pair."""
    value: str
    change: str | None
    direction: str
    since: When | None
    """Of a change that we computed: the day it is counted from. None: the source printed it."""
    as_of: When
    credit: str
    doubt: Doubt | None
    """What is not believed of it; None: nothing."""


@dataclass(frozen=True, slots=True)
class Label:
    """A tag as a link."""

    tag: str
    name: str
    kind: str
    relevance: int
    why: str
    """What speaks for it, and how surely; empty: it may not be shown, or nothing stands for it."""


@dataclass(frozen=True, slots=True)
class PartOf:
    """The story that an article is in, with others."""

    story_id: str
    words: str
    """``3 articles in this story``."""


@dataclass(frozen=True, slots=True)
class Story:
    """An article as the front page offers it."""

    article_id: str
    headline: str
    lead: str
    language: str
    """BCP 47; empty: not known."""
    language_name: str | None
    """None for the one that the page itself is in, and where it is not known."""
    source: str
    credit: str
    when: When
    labels: Sequence[Label]
    also: Sequence[tuple[str, str]]
    """Article and credit of every exact copy."""
    part_of: PartOf | None
    """None: it is alone."""


@dataclass(frozen=True, slots=True)
class Day:
    """The stories of one day, in order."""

    when: When
    stories: Sequence[Story]


def ticker(rates: Iterable[LatestRate], count_max: int = QUOTES_SHOWN_MAX) -> list[Quote]:
    """Every pair once: of several quotations the one with the latest ``as_of``, then by source.

    One that is doubted is chosen where there is no other. Of more pairs than are shown: what papers
    and markets quote before what banks set, and of that the dollar, the euro and the rouble first.
    """
    chosen: dict[tuple[str, str], dict[str, Any]] = {}
    read = [orjson.loads(rate.json()) for rate in rates]
    for rate in sorted(read, key=lambda rate: (rate["source"], rate["kind"])):
        pair = rate["base"], rate["quote"]
        if pair not in chosen or _standing(rate) > _standing(chosen[pair]):
            chosen[pair] = rate
    shown = sorted(chosen.values(), key=_rank)[:count_max]
    return [_quote(rate) for rate in sorted(shown, key=lambda rate: (rate["base"], rate["quote"]))]


def _standing(rate: Mapping[str, Any]) -> tuple[bool, str]:
    return rate["status"] != "disputed", rate["as_of"]


def credits_of(quotes: Iterable[Quote]) -> list[str]:
    """Whose rates these are, each once."""
    return list(dict.fromkeys(quote.credit for quote in quotes))


def part_of(belonging: Belonging | None) -> PartOf | None:
    """What is said of an article's story; None: no other article of it can be shown."""
    if belonging is None or belonging.articles < 2:
        return None
    number = belonging.articles
    words = (
        ngettext("%(num)s article in this story", "%(num)s articles in this story", number)
        if number < COUNTED_MAX
        else gettext("%(num)s or more articles in this story", num=number)
    )
    return PartOf(belonging.story_id, words)


def days(
    rows: Sequence[Listed], copies: Sequence[Listed], belongings: Mapping[str, Belonging]
) -> list[Day]:
    """A page of the list, by day."""
    also: dict[str | None, list[tuple[str, str]]] = {}
    for copy in copies:
        credit = credit_of(orjson.loads(copy.document))
        also.setdefault(copy.copy_of, []).append((copy.article_id, credit))
    return [
        Day(
            typeset.day(date),
            [
                _story(row, also.get(row.article_id, ()), part_of(belongings.get(row.article_id)))
                for row in group
            ],
        )
        for date, group in groupby(rows, key=lambda row: row.ordered_at[:10])
    ]


def credit_of(document: Mapping[str, Any]) -> str:
    """The source's name for readers, else its id."""
    return typeset.one_line(str(document.get("credit") or document["source"]))


def labels(document: Mapping[str, Any]) -> list[Label]:
    """All tags, the most relevant first."""
    found = [
        Label(
            tag=f"{tag['scheme']}:{tag['code']}",
            name=tag_name(tag["scheme"], tag["code"], tag["name"]),
            kind=gettext(KINDS.get(tag["kind"], tag["kind"])),
            relevance=tag["relevance"],
            why=evidence.tagged(tag) if document.get("display") is None else "",
        )
        for tag in document["tags"]
    ]
    return sorted(found, key=lambda label: (-label.relevance, label.name))


def tag_name(scheme: str, code: str, name: str) -> str:
    """A tag as the page calls it: a country by CLDR, everything else as the wire has it."""
    if scheme != "iso3166" or speaking.language() is ENGLISH:
        return name
    return names.country(code) or name


def lang(document: Mapping[str, Any]) -> str:
    """The ``lang`` attribute of its text; empty: not known. Source: HTML ``lang``."""
    code = str(document["language"])
    return "" if code == "und" else code


def foreign_name(code: str) -> str | None:
    """Name of a language that the page is not in; None: it is in this one, or not known."""
    return None if code == speaking.language().code else typeset.language_name(code)


def shown_text(document: Mapping[str, Any]) -> tuple[str | None, list[str]]:
    """The summary and the paragraphs that a page may show, as the rights of the source have it.

    An excerpt is the summary, else the beginning of the text; of a headline alone there is neither.
    """
    summary: str | None = document.get("summary")
    body: list[str] = document["body"]
    match document.get("display"):
        case None:
            return summary, body
        case "excerpt":
            text = summary or next(iter(body), "")
            return typeset.shortened(text, LEAD_CHARACTERS_MAX) or None, []
        case _:
            return None, []


def _story(row: Listed, also: Sequence[tuple[str, str]], told_in: PartOf | None) -> Story:
    document = orjson.loads(row.document)
    summary, body = shown_text(document)
    lead = next(iter(body), None) or summary or ""
    return Story(
        article_id=row.article_id,
        headline=typeset.one_line(document["headline"]),
        lead=typeset.shortened(lead, LEAD_CHARACTERS_MAX),
        language=lang(document),
        language_name=foreign_name(document["language"]),
        source=document["source"],
        credit=credit_of(document),
        when=typeset.dated(document),
        labels=_one_per_name(labels(document))[:TAGS_SHOWN_MAX],
        also=also,
        part_of=told_in,
    )


def _one_per_name(found: Sequence[Label]) -> list[Label]:
    """A region and its city share a name; under a headline the more relevant stands for both."""
    chosen: dict[str, Label] = {}
    for label in found:
        chosen.setdefault(label.name, label)
    return list(chosen.values())


def _quote(rate: Mapping[str, Any]) -> Quote:
    nominal = "" if rate["nominal"] == 1 else f"{rate['nominal']} "
    number, unit, since = rate.get("change"), rate.get("change_unit"), None
    if number is None and (movement := _movement(rate)):
        number, unit = movement["percent"], "percent"
        since = _as_of(movement["previous_as_of"])
    return Quote(
        pair=f"{nominal}{rate['base']}/{rate['quote']}",
        path=f"/rates/{rate['base']}-{rate['quote']}",
        value=typeset.value(rate["value"]),
        change=None if number is None else typeset.change(number, unit),
        direction="flat" if number is None else typeset.direction(number),
        since=since,
        as_of=_as_of(rate["as_of"]),
        credit=credit_of(rate),
        doubt=_doubt(rate),
    )


def _movement(rate: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """How a rate moved, as far as the digits carry it; None: they do not, or it is doubted.

    One step of the last digit may be nothing but rounding: half of it on either side.
    """
    found: Mapping[str, Any] | None = rate.get("movement")
    if found is None or rate["status"] == "disputed":
        return None
    before = _half_step(found["previous_value"], found.get("previous_nominal") or rate["nominal"])
    doubt = before + _half_step(rate["value"], rate["nominal"])
    difference = abs(Fraction(found["absolute"]))
    return found if difference > doubt or not difference else None


def _half_step(value: str, nominal: int) -> Fraction:
    return Fraction(1, 2 * nominal * 10 ** len(value.partition(".")[2]))


def _doubt(rate: Mapping[str, Any]) -> Doubt | None:
    doubted = rate if rate["status"] == "disputed" else rate.get("doubted")
    if doubted is None:
        return None
    reasons = [_reason(one["rule"], one["evidence"]) for one in doubted["disputes"]]
    return Doubt(
        value=None if doubted is rate else typeset.value(doubted["value"]),
        as_of=_as_of(doubted["as_of"]),
        reasons="; ".join(reasons),
    )


def _reason(rule: str, evidence: Mapping[str, str]) -> str:
    words = REASONS[rule]
    return gettext(
        "%(reason)s (%(value)s where %(expected)s was expected)",
        reason=gettext(words),
        value=typeset.value(evidence["value"]),
        expected=typeset.value(evidence["expected"]),
    )


def _rank(rate: Mapping[str, Any]) -> tuple[bool, int, str, str]:
    """The place of a pair among those that may be shown."""
    base = rate["base"]
    place = _FIRST.index(base) if base in _FIRST else len(_FIRST)
    return rate["kind"] == "official", place, base, rate["quote"]


def _as_of(as_of: str) -> When:
    """What a rate is for; as it came where no calendar has it.

    To the pattern of an event 31 February is a day, and one rate must not take the page away.
    """
    is_day = "T" not in as_of
    try:
        return typeset.day(as_of) if is_day else typeset.instant(as_of)
    except ValueError:
        return When(as_of, as_of, is_day)
