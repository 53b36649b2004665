"""Bodies as they arrive: items, whatever the pieces, and never more than the limits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.push import bodies
from services.ingest.push.bodies import Cut, Form, Item, Lines, Part, Stop, batches

JSON = st.dictionaries(st.text(max_size=5), st.text(max_size=20) | st.integers(0, 99), max_size=3)


async def pieces(chunks: Sequence[bytes], cut: str | None = None) -> AsyncIterator[bytes]:
    """A body in pieces, cut off after the last one where a reason is given."""
    for chunk in chunks:
        yield chunk
    if cut is not None:
        raise Cut(cut)


def read(chunks: Sequence[bytes], form: Form = "ndjson", cut: str | None = None) -> list[Part]:
    """All parts of a body."""

    async def all_parts() -> list[Part]:
        return [part async for batch in batches(pieces(chunks, cut), form) for part in batch]

    return asyncio.run(all_parts())


def divided(data: bytes, places: Sequence[int]) -> list[bytes]:
    """The data cut at these places."""
    ends = sorted({min(place, len(data)) for place in places} | {0, len(data)})
    return [data[begin:end] for begin, end in pairwise(ends)]


@given(
    st.lists(JSON, max_size=8),
    st.lists(st.integers(0, 300), max_size=8),
    st.sampled_from([b"", b"\n"]),
)
def test_any_pieces_of_the_same_lines_give_the_same_items(
    objects: list[dict[str, object]], places: list[int], end: bytes
) -> None:
    lines = [orjson.dumps(each) for each in objects]
    body = b"\n".join(lines) + end

    assert read(divided(body, places)) == [Item(line) for line in lines]


@given(st.lists(JSON, min_size=1, max_size=6), st.integers(0, 300), st.sampled_from([None, "gone"]))
def test_wherever_a_body_is_cut_the_complete_items_stand(
    objects: list[dict[str, object]], place: int, cut: str | None
) -> None:
    lines = [orjson.dumps(each) for each in objects]
    body = b"\n".join(lines)[:place]
    complete, length = [], 0
    for line in lines:
        length += len(line)
        if len(body) < length:
            break
        complete.append(Item(line))
        length += 1
    has_rest = len(body) > sum(len(item.data) + 1 for item in complete)

    parts = read([body], cut=cut)

    assert [part for part in parts if isinstance(part, Item)] == complete
    stops = [part.reason for part in parts if isinstance(part, Stop)]
    assert stops == (["incomplete"] if cut or has_rest else [])


def test_blank_lines_returns_and_a_byte_order_mark_are_no_part_of_an_item() -> None:
    body = b'\xef\xbb\xbf{"a":1}\r\n\r\n   \n {"b":2} \n\n'

    assert read([body]) == [Item(b'{"a":1}'), Item(b'{"b":2}')]


def test_a_last_line_needs_no_end_when_its_object_is_whole() -> None:
    assert read([b'{"a":1}\n{"b"', b":2}"]) == [Item(b'{"a":1}'), Item(b'{"b":2}')]


def test_a_last_line_that_ends_in_the_middle_is_incomplete() -> None:
    parts = read([b'{"a":1}\n{"b":'])

    assert parts == [
        Item(b'{"a":1}'),
        Stop("incomplete", "the body ends within this line; send it again, whole"),
    ]


def test_what_was_cut_off_says_why() -> None:
    assert read([b'{"a":1}\n{"b":'], cut="gone")[1:] == [Stop("incomplete", "gone")]
    assert read([b'{"a":1}'], "json", cut="gone") == [Stop("incomplete", "gone")]


def test_items_are_handed_on_as_they_come() -> None:
    async def first() -> list[Part]:
        async def endless() -> AsyncIterator[bytes]:
            yield b'{"a":1}\n{"b"'
            raise AssertionError("more was asked for")

        async for batch in batches(endless(), "ndjson"):
            return batch
        return []

    assert asyncio.run(first()) == [Item(b'{"a":1}')]


def test_a_line_that_is_too_long_ends_the_reading() -> None:
    begun = [b'{"a":1}\n', *[b"x" * 100_000] * 9]

    assert len(read([*begun, b"\n"])) == 2
    assert read([*begun, b"x"])[0] == Item(b'{"a":1}')
    stop = read([*begun, b"x"])[1]
    assert stop == Stop("too-large", "expected at most 900000 bytes in one item, came more")


def test_more_items_than_are_read_end_the_reading() -> None:
    line = b'{"a":1}\n'
    last = Stop("too-large", "expected at most 10000 items; send the rest as another")

    assert len(read([line * 10_000])) == 10_000
    assert all(isinstance(part, Item) for part in read([line * 10_000]))
    assert read([line * 10_001])[10_000:] == [last]
    assert read([line * 9_999, line, line, line])[10_000:] == [last]
    array = b"[" + b"{}," * 10_000 + b"{}]"
    assert read([array], "json")[10_000:] == [last]


def test_a_body_that_is_too_large_ends_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "NDJSON_BYTES_MAX", 20)
    stop = Stop("too-large", "expected at most 20 bytes, came more; send several")

    assert read([b'{"a":1}\n', b'{"b":2}\n{"c":3}\n']) == [Item(b'{"a":1}'), Item(b'{"b":2}'), stop]


def test_a_json_body_that_is_too_large_is_not_held() -> None:
    piece = b"x" * 1_000_000

    assert read([piece] * 6, "json") == [
        Stop("too-large", "expected at most 5000000 bytes, came more; send several")
    ]


def test_a_json_body_is_one_item_or_an_array_of_them() -> None:
    assert read([b' {"a":', b"1} "], "json") == [Item(b'{"a":1}')]
    assert read([b'[{"a":1}, {"b" : 2}]'], "json") == [Item(b'{"a":1}'), Item(b'{"b" : 2}')]
    assert read([b"[]"], "json") == []
    assert read([b""], "json") == []
    assert read([b"  \n"], "ndjson") == []


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"[", "Expecting value: line 1 column 2 (char 1)"),
        (b"[,]", "Expecting value: line 1 column 2 (char 1)"),
        (b'[{"a":1},', "Expecting value: line 1 column 10 (char 9)"),
        (b'[{"a":1},]', "Expecting value: line 1 column 10 (char 9)"),
        (b"[1,2", "Expecting ',' or ']': line 1 column 5 (char 4)"),
        (b"[1 2]", "Expecting ',' or ']': line 1 column 4 (char 3)"),
        (b"[1] 2", "Extra data: line 1 column 5 (char 4)"),
        (b"[] []", "Extra data: line 1 column 4 (char 3)"),
        (b"[" + b"1," * 450_001, "Expecting value: line 1 column 900004 (char 900003)"),
    ],
)
def test_an_array_that_is_none_says_where_whatever_its_size(
    monkeypatch: pytest.MonkeyPatch, body: bytes, why: str
) -> None:
    monkeypatch.setattr(bodies, "ITEMS_MAX", 1_000_000)

    assert read([body], "json") == [Stop("invalid", f"expected a JSON array, came none: {why}")]


@pytest.mark.parametrize("body", [b"[" * 100_000, b"[" + b"[" * 5_000 + b"]" * 5_001])
def test_an_array_whose_item_is_too_deep_to_find_its_end_is_refused(body: bytes) -> None:
    detail = "expected items of a few levels, came one that is deeper"

    assert read([body], "json") == [Stop("invalid", detail)]


def test_a_json_body_that_is_no_array_is_one_item_for_its_reader_to_refuse() -> None:
    assert read([b"nothing"], "json") == [Item(b"nothing")]


@pytest.mark.parametrize(
    "faulty",
    [
        b'{"a":"\\ud800"}', b'{"a":1e400}', b'{"a":' + b"9" * 5_000 + b"}", b'{"a":"\xff"}',
        b'{"a":"\x01"}', b"[" * 300 + b"]" * 300, b"NaN",
    ],
    ids=["half a character", "a huge number", "a long number", "no UTF-8", "a control character",
         "deep", "no JSON"],
)  # fmt: skip
def test_an_item_of_an_array_is_as_it_was_sent_whatever_is_wrong_inside(faulty: bytes) -> None:
    body = b'[{"b" : 1}, ' + faulty + b'\n,{"c":"\xd0\xb6"} ]'

    assert read([body], "json") == [Item(b'{"b" : 1}'), Item(faulty), Item(b'{"c":"\xd0\xb6"}')]


def test_blank_lines_cost_no_time_one_by_one() -> None:
    """A body may be a hundred million of them."""
    begin = time.process_time()
    for blank in (b"\n", b" \n", b"\r\n", b" \t\x0b\x0c\r\n"):
        lines = Lines()
        assert lines.feed(b'{"a":1}\n' + blank * 3_000_000 + b'{"b"') == [Item(b'{"a":1}')]
        assert lines.feed(b":2}\n" + blank * 3_000_000) == [Item(b'{"b":2}')]

    assert time.process_time() - begin < 5


def test_what_is_held_is_less_than_one_item() -> None:
    lines = Lines()
    for _ in range(1_000):
        lines.feed(b'{"a":1}\n' * 100 + b'{"b"')
        lines.feed(b":2}\n")

    assert len(lines._begun) == 0
