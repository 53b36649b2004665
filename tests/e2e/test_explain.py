"""``newswire explain`` and ``enrich --shadow`` beside a running stack."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.partners import SOURCE, new_key, push
from tests.e2e.stack import Stack, eventually

TEXT = (
    "PAVLODAR, Kazakhstan – The tram depot of the city reopened on Monday after 14 months of work.",
    "It holds 60 trams under one roof, cost 2.4 billion tenge, and keeps 310 people in work.",
    "The first tram left it at 5.40 in the morning with the mayor and two schoolchildren on board.",
)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack with two articles, of which one is a copy."""
    with Stack(tmp_path_factory.mktemp("explained"), "--no-seed") as started:
        yield started


@pytest.fixture(scope="module")
def pair(stack: Stack) -> tuple[str, str]:
    """The ids of an article and its copy, in the order in which they came."""
    key = new_key(stack)
    whole = {
        "id": "1",
        "source": SOURCE,
        "headline": "Depot Reopens",
        "body": TEXT,
        "published_at": "2026-03-03T06:00:00Z",
    }
    copy = {"id": "2", "source": SOURCE, "headline": "Trams", "body": (*TEXT, "Reporting: desk.")}
    ids = [push(stack.push_port, key, one).article_ids[0] for one in (whole, copy)]
    eventually(stack.is_at_rest, "both are in the views")
    return ids[0], ids[1]


def test_two_articles_are_explained_and_a_shadow_says_the_same(
    stack: Stack, pair: tuple[str, str]
) -> None:
    told = stack.run("explain", *pair)
    found = json.loads(stack.run("explain", "--json", *pair).stdout)
    shadow = stack.run("enrich", "--shadow")

    assert (told.returncode, told.stderr) == (0, "")
    assert f"{pair[1]} is near_duplicate to {pair[0]}" in told.stdout
    assert "words in a row: “PAVLODAR, Kazakhstan – The tram depot" in told.stdout
    assert found["articles"][1]["copy_of"] == pair[0]
    assert found["comparison"]["numbers"]["shared"]["listed"] == [
        "14", "60", "2.4", "310", "5.40",
    ]  # fmt: skip
    assert (shadow.stdout, shadow.returncode) == ("events compared: 3; said otherwise: 0\n", 0)


def test_what_is_not_there_is_a_sentence(stack: Stack, pair: tuple[str, str]) -> None:
    unknown = stack.run("explain", "nobody", pair[0])
    twice = stack.run("explain", pair[0], pair[0])

    assert unknown.stderr.startswith("the log has had no article “nobody”. Its id stands in")
    assert twice.stderr == f"expected two articles, came “{pair[0]}” twice\n"
    assert (unknown.returncode, twice.returncode) == (1, 1)


def test_of_a_withdrawn_article_nothing_is_quoted(stack: Stack, pair: tuple[str, str]) -> None:
    stack.run("withdraw", pair[1], "--reason", "It is still closed.")
    eventually(stack.is_at_rest, "the withdrawal is in the views")

    told = stack.run("explain", *pair).stdout

    assert f"{pair[1]} was withdrawn: its text is neither compared nor quoted." in told
    assert "Trams" not in told
    assert "words in a row" not in told


def test_the_log_is_as_it_was(stack: Stack, pair: tuple[str, str], tmp_path: Path) -> None:
    before = stack.run("export", "--digest").stdout

    stack.run("enrich", "--shadow", "--json")
    stack.run("explain", *pair)

    assert stack.run("export", "--digest").stdout == before
    assert list(tmp_path.iterdir()) == []
