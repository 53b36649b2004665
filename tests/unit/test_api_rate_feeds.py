"""The rates of a pair for feed readers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from starlette.testclient import TestClient

from tests.feed_rules import faults
from tests.view_files import ViewFile, client

FORMATS = ("atom", "rss", "json")
every_format = pytest.mark.parametrize("form", FORMATS)
HOSTILE = "]]><b>&amp;\x00\x0b\u202e\ufffe مرحبا 🐎 Қазақ\u2028\r\n\t"


@pytest.fixture
def view(tmp_path: Path) -> ViewFile:
    view = ViewFile(tmp_path)
    view.rate("USD/KGS", "87.40", "2026-03-01")
    view.rate("USD/KGS", "87.41", "2026-03-02")
    view.rate("RUB/KGS", "107.52", "2026-03-02", nominal=100)
    view.rate("USD/KGS", "87.39", "2026-03-03", source="b", credit="The B", kind="official")
    return view


def api(view: ViewFile) -> TestClient:
    view.publish()
    return client(view.folder)


def items(view: ViewFile, path: str = "/feeds/rates/USD-KGS") -> list[dict[str, Any]]:
    """The items of a feed, which is valid in every format."""
    asked = api(view)
    where, _, query = path.partition("?")
    for form in FORMATS:
        answer = asked.get(f"{where}.{form}?{query}")
        assert answer.status_code == 200
        assert faults(form, answer.content) == []
    found: list[dict[str, Any]] = asked.get(f"{where}.json?{query}").json()["items"]
    return found


def titles(found: list[dict[str, Any]]) -> list[str]:
    return [one["title"] for one in found]


def test_each_value_is_an_item_and_the_last_day_stands_first(view: ViewFile) -> None:
    found = items(view)

    assert titles(found) == ["1 USD = 87.39 KGS", "1 USD = 87.41 KGS", "1 USD = 87.40 KGS"]
    assert found[0]["id"] == "urn:newswire:rate:b:official:USD-KGS:2026-03-03"
    assert found[0]["url"] == "https://news.example/rates/USD-KGS"
    assert "The B, official, 2026-03-03" in found[0]["content_html"]


def test_a_value_is_for_its_nominal(view: ViewFile) -> None:
    assert titles(items(view, "/feeds/rates/RUB-KGS")) == ["100 RUB = 107.52 KGS"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("source=b", ["1 USD = 87.39 KGS"]),
        ("kind=ticker", ["1 USD = 87.41 KGS", "1 USD = 87.40 KGS"]),
        ("limit=1", ["1 USD = 87.39 KGS"]),
        ("source=steppe-courier&kind=ticker&limit=1", ["1 USD = 87.41 KGS"]),
    ],
)
def test_a_feed_is_of_one_source_or_kind(view: ViewFile, query: str, said: list[str]) -> None:
    assert titles(items(view, f"/feeds/rates/USD-KGS?{query}")) == said


def test_another_choice_is_another_feed(view: ViewFile) -> None:
    asked = api(view)
    ids = {
        etree.fromstring(asked.get(f"/feeds/rates/USD-KGS.atom{query}").content).findtext(
            "{http://www.w3.org/2005/Atom}id"
        )
        for query in ("", "?source=b", "?kind=ticker", "?limit=1")
    }

    assert len(ids) == 3  # how many are listed makes no other list


def test_a_restated_value_is_the_same_item(view: ViewFile) -> None:
    before = items(view)[0]
    later = "2026-03-04T06:10:00Z"
    view.rate(
        "USD/KGS", "87.38", "2026-03-03", 2,
        source="b", credit="The B", kind="official", observed_at=later,
    )  # fmt: skip

    after = items(view)[0]

    assert after["id"] == before["id"]
    assert (after["title"], after["date_modified"]) == ("1 USD = 87.38 KGS", later)


def test_what_is_doubted_is_left_out(view: ViewFile) -> None:
    view.rate("USD/KGS", "8.739", "2026-03-04", status="disputed")

    assert "1 USD = 8.739 KGS" not in titles(items(view))
    assert len(items(view)) == 3


def test_a_name_of_anything_makes_a_valid_feed(view: ViewFile) -> None:
    view.rate("EUR/KGS", "102.49", "2026-03-03", credit=f"Bank {HOSTILE}")

    assert "Қазақ" in items(view, "/feeds/rates/EUR-KGS")[0]["content_html"]


@every_format
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("USD-XAU", 404), ("usd-kgs", 422), ("USDKGS", 422), ("USD-KGS?limit=0", 422),
        ("USD-KGS?limit=101", 422), ("USD-KGS?sorce=b", 422), ("USD-KGS?kind=gold", 422),
        ("USD-KGS?source=nobody", 404),
    ],
)  # fmt: skip
def test_what_is_no_feed_is_a_problem(view: ViewFile, form: str, path: str, status: int) -> None:
    pair, _, query = path.partition("?")

    answer = api(view).get(f"/feeds/rates/{pair}.{form}?{query}")

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@every_format
def test_who_has_a_feed_is_told_so_until_a_value_comes(view: ViewFile, form: str) -> None:
    path = f"/feeds/rates/USD-KGS.{form}"
    tag = {"If-None-Match": api(view).get(path).headers["etag"]}
    view.article(1)
    view.rate("EUR/KGS", "102.49", "2026-03-03")

    assert api(view).get(path, headers=tag).status_code == 304
    view.rate("USD/KGS", "87.44", "2026-03-04")
    assert api(view).get(path, headers=tag).status_code == 200


def test_a_desk_that_does_not_know_its_address_has_no_feeds(view: ViewFile) -> None:
    asked = api(view)
    state: Any = asked.app
    state.state.site = None

    assert asked.get("/feeds/rates/USD-KGS.atom").status_code == 503
    assert "/feeds/rates" not in asked.get("/rates/USD-KGS").text


def test_the_page_of_a_pair_names_its_feeds(view: ViewFile) -> None:
    page = etree.fromstring(
        api(view).get("/rates/USD-KGS").content, etree.HTMLParser(encoding="utf-8")
    )

    named = [link.get("href") for link in page.findall(".//link[@rel='alternate'][@type]")]

    assert {f"/feeds/rates/USD-KGS.{form}" for form in FORMATS} <= set(named)
