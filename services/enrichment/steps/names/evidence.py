"""What an article says for one bearer of a name against another, in points (points.tsv)."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field

from services.enrichment.gazetteers.context import Context, Evidence
from services.enrichment.gazetteers.names import PLACE_KINDS, Entry, Sense
from shared.news import Article

REGION_SIZE = 6.0
"""What counts as the power of ten of a region's inhabitants, which no table has."""


@dataclass(slots=True)
class Found:
    """The countries and divisions that are named beyond doubt, by text; and where all of it is."""

    context: Context
    home: frozenset[str]
    tongue: str | None
    """The country of the declared language."""
    countries: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    """By text: of countries, and of what lies in them."""
    states: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    """By text: of countries by their own names."""
    anywhere: set[str] = field(default_factory=set)
    divisions: set[tuple[str, str]] = field(default_factory=set)
    """Country and first-order division."""
    adjectives: set[str] = field(default_factory=set)
    bodies: set[str] = field(default_factory=set)

    def add(self, text: int, entry: Entry, sense: Sense) -> None:
        """One name that has one bearer."""
        if entry.country is None:
            return
        if entry.kind not in PLACE_KINDS:
            self.bodies.add(entry.country)
        elif sense == "adjective":
            self.adjectives.add(entry.country)
        else:
            self.countries[text].add(entry.country)
            self.anywhere.add(entry.country)
            if entry.kind == "country":
                self.states[text].add(entry.country)
            if entry.admin is not None:
                self.divisions.add((entry.country, entry.admin))

    def support(self, entry: Entry, text: int) -> float:
        """What speaks for an entry besides its size."""
        country, points = entry.country, self.context.points
        if country is None:
            return 0.0
        total = 0.0
        if country in self.countries.get(text, ()):
            total += points.get("sentence", 0.0)
        elif country in self.anywhere:
            total += points.get("article", 0.0)
        if entry.admin is not None and (country, entry.admin) in self.divisions:
            total += points.get("sentence", 0.0)
        kinds: tuple[tuple[Evidence, bool], ...] = (
            ("adjective", country in self.adjectives),
            ("body", country in self.bodies),
            ("home", country in self.home),
            ("language", country == self.tongue),
        )
        return total + sum(points.get(kind, 0.0) for kind, holds in kinds if holds)

    def size(self, entry: Entry) -> float:
        """What speaks for an entry wherever it is named."""
        points = self.context.points
        if entry.kind == "country":
            return points.get("country", 0.0)
        if entry.kind == "region":
            return points.get("population", 0.0) * REGION_SIZE
        own = 0.0 if entry.is_minor else points.get("capital", 0.0)
        return own + points.get("population", 0.0) * math.log10(max(entry.population, 1))


def found_in(article: Article, context: Context) -> Found:
    """Nothing yet but where the article is from: its language's region, its address."""
    tag = (article.declared_language or "").replace("_", "-").split("-")
    home = {part for part in tag[1:] if len(part) == 2 and part.isupper()}
    host = (article.url or "").partition("://")[2].partition("/")[0]
    domain = host.partition(":")[0].rpartition(".")[2].lower()
    if domain in context.of("home", "itself"):
        home.add(domain.upper())
    return Found(context, frozenset(home), context.home_by_language.get(tag[0].lower()))
