"""JSON that readers understand differently: nothing is lost, joined or raised."""

from __future__ import annotations

import pytest

from services.ingest.parse.document import Parsed
from tests.feeds import json_feed, read
from tests.news_items import ninjs


def feed(inside: str) -> Parsed:
    """A JSON Feed of one item that is written out."""
    return read(json_feed(0).replace(b"[0]", b"[" + inside.encode() + b"]"))


@pytest.mark.parametrize("number", [2**53, 2**63, 2**64, 10**40])
def test_two_large_numbers_are_two_ids(number: int) -> None:
    """A reader that makes them floats would take two articles for one."""
    items = ",".join(f'{{"id":{number + one},"title":"t{one}"}}' for one in (0, 1))

    assert [one.source_item_id for one in feed(items).articles] == [str(number), str(number + 1)]


def test_a_number_of_five_thousand_digits_raises_nothing() -> None:
    assert feed('{"id":' + "9" * 5_000 + ',"title":"t"}').articles[0].source_item_id is None


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_of_json_is_a_word(word: str) -> None:
    for parsed in (feed(f'{{"id":{word},"title":"t"}}'), read(ninjs(uri=1).replace(b"1", b"NaN"))):
        assert parsed.articles or parsed.problems


def test_of_two_members_of_one_name_the_last_stands() -> None:
    assert [one.headline for one in feed('{"title":"a","title":"b"}').articles] == ["b"]


def test_half_a_character_stands_as_one_that_is_none() -> None:
    parsed = feed('{"title":"a\\ud800b"}')

    assert [one.headline for one in parsed.articles] == ["a\ufffdb"]
    parsed.articles[0].headline.encode()


@pytest.mark.parametrize("mark", ["[", '{"a":'])
def test_a_hundred_thousand_in_each_other_raise_nothing(mark: str) -> None:
    for data in (json_feed(0), ninjs()):
        assert read(data[:-1] + b',"x":' + mark.encode() * 100_000).articles == ()
