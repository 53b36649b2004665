"""Steps of enrichment: one pure function each, bound to their data once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.enrichment.steps.language import Language
from services.enrichment.wording import Wording
from shared.news import Article, Tag


@dataclass(frozen=True, slots=True)
class Steps:
    """What is asked about an article, with the version of every method."""

    language: Callable[[Article], Language]
    names: Callable[[Article], tuple[Tag, ...]]
    """Places, people, organisations, currencies, commodities; most relevant first."""
    topics: Callable[[Article, str, Wording], tuple[Tag, ...]]
    """Media Topics of an article in a language by its words; none, where it is sure of none."""
    methods: Mapping[str, str]
