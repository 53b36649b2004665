"""The targets of fuzzing run on their seeds, and what is against a rule would be found."""

from __future__ import annotations

import re

import pytest

from tests.fuzz import holds
from tests.fuzz.target import DICTIONARIES, Target
from tests.fuzz.targets import TARGETS

WORD = re.compile(r'"(?:[ !#-\[\]-~]|\\\\|\\"|\\x[0-9a-f]{2})+"')
"""Source: libFuzzer, on dictionaries; with any other line it does not begin."""


@pytest.mark.parametrize("target", TARGETS.values(), ids=lambda one: one.name)
def test_a_target_runs_on_its_seeds(target: Target) -> None:
    assert target.seeds
    for seed in (*target.seeds, b""):
        assert len(seed) <= target.bytes_max
        target.run(seed)


@pytest.mark.parametrize("target", TARGETS.values(), ids=lambda one: one.name)
def test_the_words_of_a_target_are_a_dictionary(target: Target) -> None:
    lines = (DICTIONARIES / f"{target.dictionary}.dict").read_text("utf-8").splitlines()

    assert [one for one in lines if not one.startswith("#") and not WORD.fullmatch(one)] == []


@pytest.mark.parametrize(
    "html",
    [
        "<script>",
        "<p onclick=x>",
        "<a href='javascript:x'>",
        "<!-- -->",
        "<td class=x>",
        "<svg>",
        "\x1b",
    ],
)
def test_markup_that_is_not_allowed_is_found(html: str) -> None:
    with pytest.raises(AssertionError):
        holds.markup(html)


@pytest.mark.parametrize("url", ["javascript:x", "/news", "https://a.example/ x", "https://"])
def test_an_address_that_leads_elsewhere_is_found(url: str) -> None:
    with pytest.raises(AssertionError):
        holds.address(url)
