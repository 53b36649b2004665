"""ninjs and NewsML-G2 over HTTP: what they hold, how far rights go, what is said of a kill."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from starlette.testclient import TestClient

from services.ingest.parse.document import ArticleEntry
from shared.news import DeclaredTag
from tests.agency_rules import newsml_faults, ninjs_faults
from tests.feeds import read
from tests.view_files import ALMATY, KZ, ViewFile, article_id, client

JUDGES = {"ninjs": ninjs_faults, "newsml": newsml_faults}
PATHS = {"ninjs": "ninjs", "newsml": "newsml-g2"}
ITEM_TYPES = {"ninjs": "application/json", "newsml": "application/vnd.iptc.g2.newsitem+xml"}
LIST_TYPES = {"ninjs": "application/json", "newsml": "application/vnd.iptc.g2.newsmessage+xml"}
TOPIC = ("medtop", "20000337", "Shipping", "topic")
PERSON = ("person", "aigul-serik", "Aigul Serik", "person")
MONEY = ("iso4217", "KGS", "Kyrgyz som", "currency")
NAR = "{http://iptc.org/std/nar/2006-10-01/}"
every_format = pytest.mark.parametrize("form", JUDGES)

SNOW: dict[str, Any] = {
    "headline": "Снег в Алматы: «жол» & 10%",
    "body": ["АЛМАТЫ – Выпал снег.", "Всё <b>бело</b>, сказали в R&D."],
    "language": "ru",
    "summary": "Утром выпал снег.",
    "authors": ["А. Серик", "Б. Омаров"],
    "url": "https://courier.example/news/snow?id=1&x=2",
    "published_at": "2026-03-02T04:30:00.000000Z",
    "updated_at": "2026-03-02T05:00:00Z",
    "urgency": 3,
    "ednote": "Уточняет температуру",
    "slugline": "ALMATY-SNOW",
    "located": "Алматы",
}


@pytest.fixture
def view(tmp_path: Path) -> ViewFile:
    return ViewFile(tmp_path)


def api(view: ViewFile) -> TestClient:
    view.publish()
    return client(view.folder)


def item(view: ViewFile, form: str, number: int = 1) -> bytes:
    """The n-th article in a format, which it is valid in."""
    answer = api(view).get(f"/v1/articles/{article_id(number)}/{PATHS[form]}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == ITEM_TYPES[form]
    assert JUDGES[form](answer.content) == []
    return answer.content


def _json(data: bytes) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(data)
    return said


def entry(data: bytes) -> ArticleEntry:
    """As ingest would take it in."""
    (found,) = read(data).articles
    return found


def many(view: ViewFile, form: str, query: str = "") -> bytes:
    answer = api(view).get(f"/feeds/articles.{form}{query}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == LIST_TYPES[form]
    assert JUDGES[form](answer.content) == []
    return answer.content


@every_format
def test_our_own_reader_finds_what_was_written(view: ViewFile, form: str) -> None:
    view.article(1, TOPIC, KZ, ALMATY, PERSON, MONEY, **SNOW)

    found = entry(item(view, form))

    assert found.headline == "Снег в Алматы: «жол» & 10%"
    assert found.paragraphs == ("АЛМАТЫ – Выпал снег.", "Всё <b>бело</b>, сказали в R&D.")
    assert found.source_item_id == f"urn:newswire:article:{article_id(1)}"
    assert found.declared_language == "ru"
    assert found.summary == "Утром выпал снег."
    assert found.published_at == datetime(2026, 3, 2, 4, 30, tzinfo=UTC)
    assert found.updated_at == datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
    assert (found.urgency, found.ednote, found.slugline, found.located) == (
        3, "Уточняет температуру", "ALMATY-SNOW", "Алматы",
    )  # fmt: skip
    assert found.authors == ("А. Серик, Б. Омаров",)
    assert found.source_version == "1"
    assert found.declares_usable
    assert "© Steppe Courier" in (found.rights or "")
    named = {(tag.kind, tag.scheme, tag.code, tag.name) for tag in found.declared_tags}
    assert named == {
        ("subject", "medtop", "20000337", "Shipping"),
        ("place", "http://cvx.iptc.org/iso3166-1a2/", "KZ", "Kazakhstan"),
        ("place", "http://sws.geonames.org/", "1526384", "Almaty"),
        ("person", None, "urn:newswire:tag:person:aigul-serik", "Aigul Serik"),
        ("subject", "http://cvx.iptc.org/iso4217a/", "KGS", "Kyrgyz som"),
    }
    assert read(item(view, form)).problems == ()


def test_a_subject_says_how_much_of_the_article_speaks_of_it(view: ViewFile) -> None:
    view.article(1, TOPIC)

    found = entry(item(view, "newsml")).declared_tags

    assert found == (
        DeclaredTag(
            kind="subject", scheme="medtop", code="20000337", name="Shipping", relevance=90
        ),
    )


def test_a_day_is_said_where_no_time_is_known(view: ViewFile) -> None:
    view.article(1, published_on="2026-03-02")

    assert entry(item(view, "newsml")).published_on == date(2026, 3, 2)
    assert entry(item(view, "ninjs")).published_on is None


@every_format
@pytest.mark.parametrize(
    ("display", "shown"), [(None, (True, True)), ("excerpt", (True, False)), ("headline", (False,))]
)
def test_an_item_shows_as_much_as_the_rights_of_the_source_let_it(
    view: ViewFile, form: str, display: str | None, shown: tuple[bool, ...]
) -> None:
    view.article(1, display=display)

    text = item(view, form).decode()

    found = ("The first paragraph." in text, "The second paragraph." in text)
    assert found[: len(shown)] == shown
    assert many(view, form).decode().count("The second paragraph.") == text.count(
        "The second paragraph."
    )


@every_format
def test_a_kill_is_said_with_its_status_and_no_word_of_the_article(
    view: ViewFile, form: str
) -> None:
    view.article(1, KZ, headline="Secret canary", body=["Secret canary"], authors=["Canary"])
    view.notice(1, "canceled", reason="It was \x00 wrong ]]> & <false>")
    asked = api(view)

    answer = asked.get(f"/v1/articles/{article_id(1)}/{PATHS[form]}")

    assert answer.status_code == 410
    assert answer.headers["content-type"] == ITEM_TYPES[form]
    assert answer.headers["cache-control"] == "no-store"
    assert JUDGES[form](answer.content) == []
    assert "anary" not in answer.text
    found = entry(answer.content)
    assert found.pubstatus == "canceled"
    assert found.ednote == "It was wrong ]]> & <false>"
    assert f"{article_id(1)}" not in asked.get(f"/feeds/articles.{form}").text


@every_format
def test_what_is_withheld_and_what_is_unknown_look_alike(view: ViewFile, form: str) -> None:
    view.article(1)
    view.notice(1, "withheld")
    asked = api(view)

    for number in (1, 2):
        answer = asked.get(f"/v1/articles/{article_id(number)}/{PATHS[form]}")
        assert answer.status_code == 404
        assert answer.json()["type"] == "urn:newswire:problem:article-unknown"


@every_format
def test_a_list_has_the_filters_and_the_order_of_the_feeds(view: ViewFile, form: str) -> None:
    view.article(1, KZ, listed_on="2026-03-02")
    view.article(2, listed_on="2026-03-03", language="ru")
    view.article(3, KZ, listed_on="2026-03-04", copy_of=None)
    view.article(4, KZ, listed_on="2026-03-05", copy_of=3)

    def order(query: str = "") -> list[int]:
        data = many(view, form, query)
        if form == "newsml":
            guids = [one.get("guid", "") for one in etree.fromstring(data).iter(f"{NAR}newsItem")]
        else:
            guids = [one["uri"] for one in _json(data)["associations"]]
        return [int(guid[-12:]) for guid in guids]

    assert order() == [3, 2, 1]
    assert order("?tag=iso3166:KZ") == [3, 1]
    assert order("?language=ru") == [2]
    assert order("?limit=1") == [3]


@every_format
def test_a_list_without_articles_is_valid_and_holds_no_article(view: ViewFile, form: str) -> None:
    data = many(view, form, "?source=nobody")

    assert read(data).articles == ()


def test_every_item_of_a_collection_is_the_item_by_itself(view: ViewFile) -> None:
    view.article(1, KZ, **SNOW)
    view.article(2, listed_on="2026-03-01")

    items = _json(many(view, "ninjs"))["associations"]

    assert [one["uri"][-1] for one in items] == ["1", "2"]
    for number, one in enumerate(items, start=1):
        alone = _json(item(view, "ninjs", number))
        assert one == {"name": f"item-{number}", "rel": "item", **alone}


@every_format
def test_a_copy_names_what_it_is_a_copy_of(view: ViewFile, form: str) -> None:
    view.article(1)
    view.article(2, copy_of=1)

    (found,) = entry(item(view, form, 2)).associations

    assert found.item_id == f"urn:newswire:article:{article_id(1)}"


HOSTILE = "\x00\x0b]]><![CDATA[<script>&amp;\u202e\u2066\ufffe\ud800 مرحبا 🐎 Қазақ\u2028\r\n\tx"


@every_format
def test_hostile_texts_are_valid_in_every_member(view: ViewFile, form: str) -> None:
    clean = HOSTILE.replace("\ud800", "")
    texts = dict.fromkeys(
        ("headline", "summary", "credit", "rights", "ednote", "slugline", "located", "dateline"),
        clean,
    )
    kinds = {
        "person": "person",
        "medtop": "topic",
        "geonames": "place",
        "organisation": "organisation",
    }
    tags = [(scheme, "1", clean, kind) for scheme, kind in kinds.items()]
    said = {
        "body": [clean, clean * 3_000],
        "authors": [clean],
        "url": f"https://a/{clean}",
        **texts,
    }
    view.article(1, *tags, **said)

    found = entry(item(view, form))

    assert "مرحبا 🐎 Қазақ" in found.headline
    assert "مرحبا 🐎 Қазақ" in found.paragraphs[0]
    assert many(view, form)


@every_format
@pytest.mark.parametrize("number", ["nobody", "'; DROP TABLE article--", "%00", "a" * 3000])
def test_an_id_that_is_none_is_unknown(view: ViewFile, form: str, number: str) -> None:
    view.article(1)

    assert api(view).get(f"/v1/articles/{number}/{PATHS[form]}").status_code == 404


@every_format
@pytest.mark.parametrize("query", ["limit=0", "limit=101", "cursor=x", "tag=KZ", "lmit=1"])
def test_a_parameter_that_is_none_is_refused(view: ViewFile, form: str, query: str) -> None:
    assert api(view).get(f"/feeds/articles.{form}?{query}").status_code == 422


@every_format
def test_who_has_an_answer_is_told_that_nothing_changed(view: ViewFile, form: str) -> None:
    view.article(1)
    asked = api(view)

    for path in (f"/v1/articles/{article_id(1)}/{PATHS[form]}", f"/feeds/articles.{form}"):
        tag = asked.get(path).headers["etag"]
        assert asked.get(path, headers={"If-None-Match": tag}).status_code == 304
        assert asked.head(path).content == b""


@every_format
def test_a_desk_that_does_not_know_its_address_gives_items_and_no_lists(
    view: ViewFile, form: str
) -> None:
    view.article(1)
    asked = api(view)
    state: Any = asked.app
    state.state.site = None

    one = asked.get(f"/v1/articles/{article_id(1)}/{PATHS[form]}")
    assert (one.status_code, JUDGES[form](one.content)) == (200, [])
    assert asked.get(f"/feeds/articles.{form}").status_code == 503
