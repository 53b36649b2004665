"""The page of what differs between two instants: for people, without a script."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from services.api.times import differing
from shared.events import (
    ArticleCanceled,
    ArticleCorrected,
    ArticlePublished,
)
from tests.hostile.snippets import snippets
from tests.unit.test_api_differences import EVENTS, ONE, TWO
from tests.unit.test_api_history_of_articles import wire
from tests.unit.test_api_time_travel import TAKEN_BACK
from tests.view_files import ViewFile, client
from tests.wire_builders import carried, notice, quoted

LINE = re.compile(r'<ol class="lines">.*?</ol>', re.DOTALL)
ITEM = re.compile(r"<li>(.*?)</li>", re.DOTALL)
SAID = "1 January 1970, 00:00 UTC"
"""When the log of these tests took in its events."""


@pytest.fixture
def api(tmp_path: Path) -> TestClient:
    return wire(tmp_path, *EVENTS)


def page(api: TestClient, query: str) -> str:
    answer = api.get(f"/differences?{query}")
    assert answer.status_code == 200, answer.text
    return answer.text


def read(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def lines(body: str) -> list[str]:
    """The differences as they are read."""
    return [read(item) for part in LINE.findall(body) for item in ITEM.findall(part)]


def links(body: str) -> list[str]:
    return re.findall(r'class="headline"[^>]*><a href="([^"]*)"', "".join(LINE.findall(body)))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("from=0&to=1", ["Lorries wait New steppe-courier {}, event 1"]),
        ("from=4&to=5", ["Lorries waitgo on Changed: headline steppe-courier {}, event 5"]),
        (
            "from=5&to=6",
            ["KZT/USD 520 525 Changed for 2 March 2026 steppe-courier {}, event 6"],
        ),
        ("from=7&to=8", ["An article is gone. Nothing of it is shown. Taken back {}, event 8"]),
        (
            "from=11&to=12",
            ["Queues Changed 3 articles {}, event 12", "A story In another story {}, event 12"],
        ),
    ],
)
def test_what_came_changed_and_left_is_told(api: TestClient, query: str, found: list[str]) -> None:
    assert lines(page(api, query)) == [one.format(SAID) for one in found]


def test_what_changed_of_a_headline_and_a_rate_is_marked(api: TestClient) -> None:
    assert "Lorries <del>wait</del><ins>go on</ins></a>" in page(api, "from=4&to=5")
    assert "<del>520</del> <ins>525</ins>" in page(api, "from=5&to=6")


def test_articles_stories_and_rates_stand_apart(api: TestClient) -> None:
    body = page(api, "from=2&to=5")

    assert re.findall(r'<h2 class="day-name" id="([^"]*)">([^<]*)</h2>', body) == [
        ("part-article", "Articles"), ("part-story", "Stories"), ("part-rate", "Rates"),
    ]  # fmt: skip


def test_links_lead_to_what_was_shown_at_the_later_instant(api: TestClient) -> None:
    assert links(page(api, "from=2&to=5")) == [
        "/articles/a?at=5", f"/stories/{ONE}?at=5", "/rates/KZT-USD"
    ]  # fmt: skip
    assert links(page(api, "from=11")) == [f"/stories/{ONE}", f"/stories/{ONE}"]
    assert TWO not in page(api, "from=11")


def test_the_span_is_said_and_the_form_keeps_what_was_asked(api: TestClient) -> None:
    body = page(api, "from=1969-12-31&to=3")
    form = body[(begin := body.index('<form class="instants"')) : body.index("</form>", begin)]

    assert "From before the first event to 1 January 1970, 00:00 UTC, event 3" in read(body)
    assert 'action="/differences" method="get"' in form
    assert re.search(r'<label for="from">From</label> <input [^>]*value="1969-12-31"', form)
    assert re.search(r'<label for="to">[^<]*</label> <input [^>]*value="3"', form)
    assert 'href="/v1/differences?from=0&amp;to=3"' in body


def test_without_an_instant_there_is_the_form_and_nothing_is_said_to_differ(
    api: TestClient,
) -> None:
    body = page(api, "")

    assert '<form class="instants"' in body
    assert "Nothing differs" not in body
    assert lines(body) == []


def test_an_empty_later_instant_is_the_present(api: TestClient) -> None:
    assert lines(page(api, "from=11&to=")) == lines(page(api, "from=11"))


def test_two_alike_states_are_said_to_be_alike(api: TestClient) -> None:
    for query in ("from=0&to=0", "from=13", "from=6&to=7"):
        body = page(api, query)
        assert "Nothing differs" in body
        assert 'rel="next"' not in body


def test_pages_of_it_are_the_whole(api: TestClient) -> None:
    whole, found, path = lines(page(api, "from=0")), list[str](), "/differences?from=0&limit=1"
    for _ in range(20):
        body = api.get(path).text
        found += lines(body)
        following = re.search(r'rel="next" href="([^"]*)"', body)
        if following is None:
            break
        path = unescape(following[1])

    assert sorted(found) == sorted(whole)
    assert path.startswith("/differences?from=0&to=13&after=")


def test_a_part_without_a_difference_says_that_there_is_more(
    api: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(differing, "LOOKED_MAX", 1)
    body = page(api, "from=0")

    assert "Nothing in this part" in body
    assert 'rel="next"' in body


def test_the_last_part_without_a_difference_says_that_there_was_no_more(api: TestClient) -> None:
    assert "Nothing more" in page(api, "from=0&to=13&after=13")


def test_the_bounds_are_said(api: TestClient) -> None:
    assert "about 50 differences at most, and looks at no more than 1000 events" in read(
        page(api, "from=0")
    )


def test_what_was_taken_back_is_on_no_page(tmp_path: Path) -> None:
    api = wire(tmp_path, *TAKEN_BACK)

    for begin in range(6):
        for end in range(begin, 6):
            body = api.get(f"/differences?from={begin}&to={end}").text
            assert "Secret" not in body
            assert "Killed" not in body
            assert notice(ArticleCanceled, "b").reason not in body
            assert "/articles/b" not in body


@pytest.mark.parametrize(
    "query",
    ["from=", "from=14", "from=1&to=14", "from=5&to=4", "from=x", "from=1&to=2026-03-02T09:30",
     "from=1&limit=0", "from=1&limit=201", "from=1&after=-1", "from=1&after=1e3", "from=1&from=2",
     "from=1&until=3", "from=%00", "from=%FF", "from=1' OR 1", "from=" + "9" * 3_000, "to=x",
     "from=<script>alert(1)</script>", "from=1&to=%E2%80%AE", "until=3",
     "from=1&after=" + "9" * 30],
)  # fmt: skip
def test_what_cannot_be_compared_is_a_page_with_a_next_step(api: TestClient, query: str) -> None:
    answer = api.get(f"/differences?{query}", headers={"Accept": "*/*"})

    assert answer.status_code == 422
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "<script>alert" not in answer.text
    assert '<form class="instants"' in answer.text
    assert 'id="fault"' in answer.text


@pytest.mark.parametrize("language", ["", "/ky"])
def test_the_form_keeps_what_was_typed(api: TestClient, language: str) -> None:
    answer = api.get(f"{language}/differences?from=yesterday%22%3E&to=2026-03-02")

    assert answer.status_code == 422
    assert 'name="from" value="yesterday&#34;&gt;"' in answer.text
    assert 'name="to" value="2026-03-02"' in answer.text
    assert "query/from: Input should be the number of an event, a day" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_instant_that_is_no_instant_is_not_shown_whole(api: TestClient) -> None:
    assert "9" * 41 not in api.get("/differences?from=" + "9" * 3_000).text.split("<form", 1)[1]


def test_an_unknown_parameter_is_told_with_the_nearest_one(api: TestClient) -> None:
    assert "did you mean to?" in api.get("/differences?from=1&too=3").text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=0001-01-01T00:00:00%2B14:00", "From before the first event to"),
        ("from=3&to=9999-12-31T23:59:59-14:00", "1 January 1970, 00:00 UTC, event 13"),
        ("from=9999-12-31", "Nothing differs"),
    ],
)
def test_an_instant_at_the_end_of_time_is_the_state_of_then(
    api: TestClient, query: str, said: str
) -> None:
    assert said in read(page(api, query))


def test_of_an_empty_wire_nothing_differs(tmp_path: Path) -> None:
    ViewFile(tmp_path).publish()
    body = page(client(tmp_path), "from=0")

    assert "From before the first event to before the first event" in read(body)
    assert "Nothing differs" in body


def test_hostile_headlines_stay_text(tmp_path: Path) -> None:
    texts = snippets(9)[::12]
    api = wire(
        tmp_path,
        *(carried(ArticlePublished, f"a{at}", headline=text) for at, text in enumerate(texts)),
        *(carried(ArticleCorrected, f"a{at}", headline=f"{text} {text[::-1]}")
          for at, text in enumerate(texts)),
    )  # fmt: skip

    for begin in (0, len(texts)):
        body = "".join(LINE.findall(page(api, f"from={begin}&limit=200")))
        assert set(re.findall(r"<([a-z0-9]+)", body)) <= {
            "ol", "li", "h3", "a", "ins", "del", "p", "span", "time",
        }  # fmt: skip
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", body)


def test_it_is_in_the_language_of_its_path(api: TestClient) -> None:
    body = api.get("/ru/differences?from=0&to=6").text

    assert "Что изменилось" in body
    assert "Материалы" in body
    assert '<form class="instants" action="/ru/differences"' in body
    assert 'href="/ru/articles/a?at=6"' in body
    assert "1 января 1970 г., 00:00 UTC, событие 5" in read(body).replace("\xa0", " ")
    assert "January" not in body


def test_a_nominal_is_told_with_its_value(tmp_path: Path) -> None:
    event = quoted(value="525")
    of_hundred = event.model_copy(update={"rate": event.rate.model_copy(update={"nominal": 100})})
    (line,) = lines(page(wire(tmp_path, of_hundred), "from=0"))

    assert line.startswith("KZT/USD 100 KZT = 525 USD New")


def test_the_same_state_is_not_sent_twice(api: TestClient) -> None:
    first = api.get("/differences?from=3")
    again = api.get("/differences?from=3", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_the_front_page_of_then_leads_there(api: TestClient) -> None:
    then = api.get("/?at=3&language=en").text

    assert '<a href="/differences?from=3">What has changed since then</a>' in then
    assert "/ru/differences?from=2026-03-02T12%3A00%3A00Z" in (
        api.get("/ru/?at=2026-03-02T12:00:00Z").text
    )
    assert "/differences" not in api.get("/").text
