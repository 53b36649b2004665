"""A rate that cannot be right: the ticker keeps the last good one until an operator accepts it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest

from tests.e2e.partners import SOURCE, new_key, push_rates
from tests.e2e.stack import Stack, eventually, get

NAMED = ("official", "USD", "KGS", "2026-03-03")
WHY = ("--reason", "the bank confirms it", "--who", "Aigul")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack that has seen nothing."""
    with Stack(tmp_path_factory.mktemp("doubted"), "--no-seed") as started:
        yield started


def latest(stack: Stack) -> dict[str, Any]:
    """The som by the api; empty: there is none."""
    items = json.loads(get(stack.port, "/v1/rates/latest?quote=KGS").body)["items"]
    found: dict[str, Any] = items[0] if items else {}
    return found


def on_page(stack: Stack) -> str:
    """The ticker of the front page."""
    html = get(stack.port, "/").body
    return unescape(html.partition('<section class="ticker"')[2].partition("</section>")[0])


def test_a_doubted_rate_is_told_on_the_ticker_and_shown_once_it_is_accepted(stack: Stack) -> None:
    key = new_key(stack)
    quoted = {"source": SOURCE, "base": "USD", "quote": "KGS"}
    push_rates(
        stack.push_port, key,
        {**quoted, "value": "87.4500", "as_of": "2026-03-02"},
        {**quoted, "value": "874.60", "as_of": "2026-03-03"},
    )  # fmt: skip

    eventually(lambda: bool(latest(stack).get("doubted")), "the api says that a rate is doubted")
    item = latest(stack)
    assert (item["value"], item["as_of"], item["status"]) == ("87.4500", "2026-03-02", "quoted")
    doubted = item["doubted"]
    assert (doubted["value"], doubted["standing_as_of"]) == ("874.60", "2026-03-02")
    (dispute,) = doubted["disputes"]
    assert dispute["rule"] == "nominal"
    assert dispute["evidence"]["ratio"] == "10.0011"
    ticker = on_page(stack)
    assert '<span class="value">87.4500</span>' in ticker
    assert "a later 874.60 of" in ticker
    assert "it looks like a slip of the nominal (874.60 where 87.45 was expected)" in ticker

    refused = stack.run("rate", "accept", SOURCE, *NAMED, "--value", "87.46", *WHY)
    done = stack.run("rate", "accept", SOURCE, *NAMED, "--value", "874.60", *WHY)
    again = stack.run("rate", "accept", SOURCE, *NAMED, "--value", "874.60", *WHY)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"{SOURCE} quotes 874.60 for it, not 87.46" in refused.stderr
    about = f"{SOURCE} official USD KGS 2026-03-03 874.60 (seq 3)\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, f"accepted: {about}", "")
    assert again.stdout == f"accepted already: {about}"
    eventually(lambda: latest(stack)["value"] == "874.60", "the accepted rate stands")
    item = latest(stack)
    assert (item["status"], item["doubted"]) == ("quoted", None)
    assert item["methods"]["accepted"] == "operator"
    assert "doubted" not in on_page(stack)
    assert '<span class="value">874.60</span>' in on_page(stack)
    verified = stack.run("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
