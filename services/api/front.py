"""What the pages show, from the views' rows: stories, days. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

import orjson

from services.api import evidence, typeset
from services.api.queries import Listed
from services.api.story_queries import COUNTED_MAX, Belonging
from services.api.typeset import When
from services.api.words import names, speaking
from services.api.words.languages import ENGLISH
from services.api.words.texts import gettext, marked, ngettext

LEAD_CHARACTERS_MAX: Final = 600
"""Under a headline of the front page; a paragraph may be as long as an article."""
TAGS_SHOWN_MAX: Final = 5
"""Under a headline of the front page; the article shows all."""

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
class Label:
    """A tag as a link."""

    tag: str
    name: str
    kind: str
    """As the wire has it."""
    kind_name: str
    """In the language of the page."""
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
            kind=tag["kind"],
            kind_name=gettext(KINDS.get(tag["kind"], tag["kind"])),
            relevance=tag["relevance"],
            why=evidence.tagged(tag) if document.get("display") is None else "",
        )
        for tag in document["tags"]
    ]
    return sorted(found, key=lambda label: (-label.relevance, label.name))


def tag_name(scheme: str, code: str, name: str) -> str:
    """A tag as the page calls it: countries and currencies by CLDR, all else as the wire has it."""
    if speaking.language() is ENGLISH:
        return name
    match scheme:
        case "iso3166":
            return names.country(code) or name
        case "iso4217":
            return names.currency(code) or name
    return name


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
