"""What must not be shown is searched for behind every door, by words that stand nowhere else.

A door is anything that a reader without rights reaches; a new one is a line in DOORS.
"""

from __future__ import annotations

import contextlib
import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

import pytest

from shared import views
from tests import search_index
from tests.e2e.partners import SOURCE, article, new_key, push, seconds_ahead
from tests.e2e.stack import HOST, Stack, connected, eventually, get, raw

OPEN: Final = "canary-open-wagtail"
"""In an article that everybody may read: what shows that the search finds what is there."""
EMBARGOED: Final = "canary-embargoed-bittern"
WITHHELD: Final = "canary-withheld-bustard"
HELD: Final = "canary-held-wheatear"
WITHDRAWN: Final = "canary-withdrawn-courser"
REWORDED: Final = "canary-reworded-dotterel"
"""In an article that was held, and is released without it."""
REINSTATED: Final = "canary-reinstated-lapwing"
"""In an article that was withdrawn, and came back without it."""

FILTERS: Final = ("", "&tag=iso3166:KZ", f"&source={SOURCE}", "&language=en")
SILENCE_S: Final = 1.0
"""So long a stream that never ends is listened to after its last word."""


@dataclass
class Searched:
    """A stack with one article of each kind, by canary, and a cursor from before the first."""

    stack: Stack
    key: str
    cursor: str
    ids: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> str:
        """What the api answers, whatever its status."""
        answer = get(self.stack.port, path)
        return f"{answer.headers} {answer.body}"

    def get_json(self, path: str) -> str:
        """A body alone."""
        return get(self.stack.port, path).body


def _wire(desk: Searched) -> Iterator[str]:
    with connected(desk.stack.redis_url) as log:
        for fields in raw(log, "wire"):
            yield repr(fields) + "".join(text.decode() for text in fields.values())


def _front_page(desk: Searched) -> Iterator[str]:
    yield desk.get("/")


def _article_pages(desk: Searched) -> Iterator[str]:
    return (desk.get(f"/articles/{each}") for each in desk.ids.values())


def _feeds(desk: Searched) -> Iterator[str]:
    for form in ("atom", "rss", "json"):
        for each in FILTERS:
            yield desk.get(f"/feeds/articles.{form}?limit=100{each}")


def _for_agencies(desk: Searched) -> Iterator[str]:
    for form in ("ninjs", "newsml"):
        for each in FILTERS:
            yield desk.get(f"/feeds/articles.{form}?limit=100{each}")
    for each in desk.ids.values():
        yield desk.get(f"/v1/articles/{each}/ninjs")
        yield desk.get(f"/v1/articles/{each}/newsml-g2")


def _downloads(desk: Searched) -> Iterator[str]:
    for name in ("articles", "stories", "rates"):
        yield "".join(_listened(desk.stack.port, f"/v1/export/{name}.ndjson", accept="*/*"))
    yield _bytes(desk.stack.port, "/v1/export/views.sqlite").decode("latin-1")


def _bytes(port: int, path: str) -> bytes:
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()


def _articles(desk: Searched) -> Iterator[str]:
    return (desk.get(f"/v1/articles/{each}") for each in desk.ids.values())


def _lists(desk: Searched) -> Iterator[str]:
    return (desk.get(f"/v1/articles?limit=100{each}") for each in FILTERS)


def _searches(desk: Searched) -> Iterator[str]:
    """By the last part of each canary: what was asked is said again on the page."""
    for word in (each.rpartition("-")[2] for each in desk.ids):
        for path in ("/v1/articles", "/search"):
            yield desk.get(f"{path}?q={word}")
            yield desk.get(f"{path}?q={word[:4]}*")


def _histories(desk: Searched) -> Iterator[str]:
    for each in desk.ids.values():
        yield desk.get(f"/v1/articles/{each}/history?limit=50")
        yield desk.get(f"/articles/{each}/history")


def _past(desk: Searched) -> Iterator[str]:
    head = int(json.loads(get(desk.stack.port, "/readyz").body)["seq"])
    for at in (*range(head + 1), "2999-01-01"):
        yield desk.get(f"/v1/articles?limit=100&at={at}")
    for each in desk.ids.values():
        yield from (desk.get(f"/v1/articles/{each}?at={seq}") for seq in range(1, head + 1, 3))
        yield from (desk.get(f"/articles/{each}?at={seq}") for seq in range(1, head + 1, 3))
    for at in range(head + 1):
        yield desk.get(f"/v1/differences?from={at}&limit=200")
        yield desk.get(f"/v1/differences?from=0&to={at}&limit=200")
        yield desk.get(f"/differences?from={at}&limit=200")
        yield desk.get(f"/differences?from=0&to={at}&limit=200")
        yield desk.get(f"/?at={at}")
        yield desk.get(f"/v1/stories?at={at}")
        yield from (desk.get(f"/stories/{each}?at={at}") for each in _story_ids(desk))
        yield from (desk.get(f"/v1/stories/{each}?at={at}") for each in _story_ids(desk))


def _changes(desk: Searched) -> Iterator[str]:
    since = f"/v1/articles?limit=100&cursor={quote(desk.cursor)}"
    return (desk.get(since + each) for each in FILTERS)


def _all_changes(desk: Searched) -> Iterator[str]:
    for each in FILTERS[:3]:  # it knows no language
        yield desk.get(f"/v1/changes?limit=100{each}")
        yield desk.get(f"/v1/changes?limit=100&cursor={quote(desk.cursor)}&wait=1{each}")


def _stories(desk: Searched) -> Iterator[str]:
    yield desk.get("/v1/stories")
    yield desk.get(f"/v1/stories?cursor={quote(desk.cursor)}")
    yield from (desk.get(f"/v1/stories/{each}") for each in _story_ids(desk))


def _story_pages(desk: Searched) -> Iterator[str]:
    return (desk.get(f"/stories/{each}") for each in _story_ids(desk))


def _story_ids(desk: Searched) -> list[str]:
    """All stories, those that were merged or have nothing left among them."""
    return [one["story_id"] for one in json.loads(desk.get_json("/v1/stories"))["items"]]


def _live(desk: Searched) -> Iterator[str]:
    for each in FILTERS[:3]:  # it knows no language
        yield "".join(_listened(desk.stack.port, f"/v1/stream?after={quote(desk.cursor)}{each}"))


def _events(desk: Searched) -> Iterator[str]:
    path = "/v1/events?stream=wire&from=1&limit=100"
    yield desk.get(path)
    yield "".join(_listened(desk.stack.port, path, accept="application/x-ndjson"))


def _listened(port: int, path: str, accept: str = "text/event-stream") -> Iterator[str]:
    """An answer line by line, until it ends or is silent."""
    connection = http.client.HTTPConnection(HOST, port, timeout=SILENCE_S)
    try:
        connection.request("GET", path, headers={"Accept": accept})
        response = connection.getresponse()
        with contextlib.suppress(TimeoutError):
            while line := response.readline():
                yield line.decode()
    finally:
        connection.close()


@dataclass(frozen=True)
class Door:
    """Where readers get in."""

    name: str
    texts: Callable[[Searched], Iterator[str]]
    is_history: bool = False
    """It tells what was said, also what was taken back later."""

    def shows(self, desk: Searched, canary: str) -> bool:
        """Whether the canary is to be found behind it."""
        return any(canary in text for text in self.texts(desk))


DOORS: Final = (
    Door("the wire", _wire, is_history=True),
    Door("the front page", _front_page),
    Door("pages of articles", _article_pages),
    Door("lists", _lists),
    Door("feeds", _feeds),
    Door("lists and articles for agencies", _for_agencies),
    Door("downloads of whole views", _downloads),
    Door("searches", _searches),
    Door("changes by cursor", _changes),
    Door("changes of everything", _all_changes),
    Door("articles", _articles),
    Door("histories of articles", _histories),
    Door("the past", _past),
    Door("stories", _stories),
    Door("pages of stories", _story_pages),
    Door("the live stream", _live),
    Door("events", _events),
)
every_door = pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searched]:
    """All articles pushed, four of them shown and taken back, two of these back without a word."""
    with Stack(tmp_path_factory.mktemp("canary"), "--no-seed") as stack:
        key = new_key(stack)
        cursor = json.loads(get(stack.port, "/v1/articles").body)["cursor"]
        pushed = push(
            stack.push_port,
            key,
            # The first of a story gives its headline: those that are taken back come before OPEN.
            article(HELD),
            article(WITHDRAWN),
            article(REWORDED, id="one"),
            article(REINSTATED, id="two"),
            article(EMBARGOED, embargoed_until=seconds_ahead(86_400).isoformat()),
            article(WITHHELD, pubstatus="withheld"),
            article(OPEN),
        )
        assert pushed.outcomes == ["appended"] * 7
        canaries = (HELD, WITHDRAWN, REWORDED, REINSTATED, EMBARGOED, WITHHELD, OPEN)
        found = Searched(stack, key, cursor, dict(zip(canaries, pushed.article_ids, strict=True)))
        shown = (OPEN, *canaries[:4])
        eventually(lambda: all(_is_shown(found, each) for each in shown), "five are shown")
        for command, canary in _TAKEN_BACK:
            _decide(found, command, canary)
        eventually(lambda: not any(_is_shown(found, each) for each in shown[1:]), "four are away")
        clean = article("Nobody", id="one"), article("Nobody", id="two", pubstatus="usable")
        assert push(stack.push_port, key, *clean).outcomes == ["appended"] * 2
        _decide(found, "release", REWORDED)
        back = (REWORDED, REINSTATED)
        eventually(lambda: all(_is_shown(found, each) for each in back), "two are back")
        eventually(stack.is_at_rest, "the desk has taken everything in")
        yield found


_TAKEN_BACK: Final = (
    ("hold", HELD), ("withdraw", WITHDRAWN), ("hold", REWORDED), ("withdraw", REINSTATED),
)  # fmt: skip


def _decide(desk: Searched, command: str, canary: str) -> None:
    decided = desk.stack.run(command, desk.ids[canary], "--reason", "a trial")
    assert decided.returncode == 0, decided.stdout + decided.stderr


def _is_shown(desk: Searched, canary: str) -> bool:
    return get(desk.stack.port, f"/v1/articles/{desk.ids[canary]}").status == 200


@every_door
def test_what_is_open_is_behind_every_door(desk: Searched, door: Door) -> None:
    """The search finds what is there; without this, the tests below would say nothing."""
    assert door.shows(desk, OPEN)


@every_door
@pytest.mark.parametrize("canary", [EMBARGOED, WITHHELD])
def test_what_was_never_shown_is_behind_no_door(desk: Searched, door: Door, canary: str) -> None:
    assert not door.shows(desk, canary)


@pytest.mark.parametrize("canary", [HELD, WITHDRAWN, REWORDED, REINSTATED])
@pytest.mark.parametrize(
    "door", [each for each in DOORS if not each.is_history], ids=lambda d: d.name
)
def test_what_was_taken_back_is_behind_no_door_of_the_api(
    desk: Searched, door: Door, canary: str
) -> None:
    """Nor when the article is back without it."""
    assert not door.shows(desk, canary)


def _indexed(desk: Searched) -> tuple[set[str], bytes]:
    """The words of the index of the views, and all of its file."""
    file = views.live_file(desk.stack.data / "views")
    with closing(views.open_reader(file)) as connection:
        return search_index.words(connection), search_index.blocks(connection)


def test_what_was_taken_back_is_in_no_index_nor_in_the_file_of_any(desk: Searched) -> None:
    gone = [each.rpartition("-")[2] for each in (HELD, WITHDRAWN, REWORDED, REINSTATED)]

    assert "wagtail" in _indexed(desk)[0]
    assert not _indexed(desk)[0] & {*gone, "bittern", "bustard"}
    # Words that begin alike share their beginning there.
    eventually(
        lambda: not any(word[2:].encode() in _indexed(desk)[1] for word in gone), "it is merged"
    )


@pytest.mark.parametrize("canary", [HELD, WITHDRAWN, REWORDED, REINSTATED])
def test_the_wire_keeps_what_it_carried_before_it_was_taken_back(
    desk: Searched, canary: str
) -> None:
    """An event is never changed: whoever may read the stream reads its history."""
    assert any(canary in text for text in _wire(desk))


@pytest.mark.parametrize("canary", [WITHDRAWN, REINSTATED])
def test_a_story_has_told_the_headline_of_what_was_taken_back(desk: Searched, canary: str) -> None:
    """Without this, the doors would say nothing of stories."""
    assert any(canary in text for text in _wire(desk) if "newswire.story." in text)


def test_where_articles_come_from_is_told_without_a_word_of_what_was_taken_back(
    desk: Searched,
) -> None:
    """Events of an article hold none at all, and relations to others those that may be shown."""
    events = "".join(desk.get(f"/v1/articles/{each}/provenance") for each in desk.ids.values())
    relations = "".join(desk.get(f"/v1/articles/{each}/relations") for each in desk.ids.values())

    assert "newswire.article.withheld" in events
    assert not [canary for canary in desk.ids if canary in events]
    assert not [canary for canary in desk.ids if canary in relations and canary != OPEN]


def _release(desk: Searched, canary: str) -> None:
    """What a source keeps back it lets go itself; what an operator holds, an operator does."""
    if canary == HELD:
        desk.stack.run("release", desk.ids[canary], "--reason", "the trial is over")
    else:
        push(desk.stack.push_port, desk.key, article(canary, pubstatus="usable"))
    eventually(lambda: _is_shown(desk, canary), f"{canary} is shown")


@every_door
@pytest.mark.parametrize("canary", [EMBARGOED, WITHHELD, HELD])
def test_what_is_released_is_behind_every_door(desk: Searched, door: Door, canary: str) -> None:
    """The last test here: it changes what the ones before it have searched."""
    _release(desk, canary)

    assert door.shows(desk, canary)


@pytest.mark.parametrize("path", ["/status", "/v1/status", "/metrics"])
def test_operators_are_told_no_text_at_all(desk: Searched, path: str) -> None:
    said = desk.get(path)

    assert "ingest" in said
    assert not [canary for canary in desk.ids if canary in said]
