"""What an api is asked in the benchmark: targets of requests, the same every run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

import numpy as np
import orjson

from services.api.search_page import RESULTS_COUNT
from tests.benchmarks.invented import article_id, vocabulary
from tests.e2e.stack import get

ASKED: Final = 20_000
"""Requests of a kind before they repeat; fewer than one run has only where they are as few."""
_SEED: Final = 20260304
_QUERIES: Final = Path(__file__).parents[1] / "labelled" / "search-queries.jsonl"
_LISTS: Final = (
    "", "tag=iso3166:KZ", "tag=iso3166:TM", "tag=geonames:1526007", "tag=person:person-3",
    "source=source-7", "source=source-21", "language=ru", "language=uz",
    "language=kk&tag=iso3166:UZ",
)  # fmt: skip
"""Each is asked for with its second page."""


def of_articles(count: int) -> list[str]:
    """Articles by Zipf's law over all of them, in an order that has nothing to do with their age.

    A cache of a thousand answers would hold 60 % of what is asked for; there is none.
    """
    dice = np.random.default_rng(_SEED)
    numbers = dice.permutation(count)
    shares = 1 / (np.arange(count) + 1.0)
    ranks = dice.choice(count, ASKED, p=shares / shares.sum())
    return [f"/v1/articles/{article_id(number)}" for number in numbers[ranks].tolist()]


def of_lists(port: int) -> list[str]:
    """Lists of 50: of all, by tag, source and language, and the second page of each."""
    found = []
    for query in _LISTS:
        first = f"/v1/articles?{query}".rstrip("?")
        said: dict[str, Any] = json.loads(get(port, first).body)
        found.append(first)
        if said["next"]:
            more = urlencode({"cursor": said["next"]})
            found.append(f"{first}{'&' if query else '?'}{more}")
    return found


def of_searches() -> list[str]:
    """The labelled searches, and as many in words that the invented articles have.

    Each for as many articles as the page of searches shows.
    """
    labelled = [orjson.loads(line)["text"] for line in _QUERIES.read_bytes().splitlines()]
    asked = [text for pair in zip(labelled, _invented(len(labelled)), strict=True) for text in pair]
    return [f"/v1/articles?limit={RESULTS_COUNT}&q={quote(text)}" for text in asked]


def _invented(count: int) -> list[str]:
    """Searches of one to three words, common and rare ones: together, either, as they stand."""
    dice = np.random.default_rng(_SEED + 1)
    words = [word for word in vocabulary() if re.fullmatch("[a-z]{3,}", word)]
    shares = 1 / (np.arange(len(words)) + 3.0)
    found = []
    for number in range(count):
        size = 1 + number % 3
        one = [words[rank] for rank in dice.choice(len(words), size, p=shares / shares.sum())]
        match number % 5:
            case 0:
                found.append(" OR ".join(one))
            case 1:
                found.append(f'"{" ".join(one)}"')
            case 2:
                found.append(f"{one[0][:3]}*")
            case _:
                found.append(" ".join(one))
    return found
