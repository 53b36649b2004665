"""The lines of an archive: what they look like, and what a reader takes from them."""

from __future__ import annotations

import hashlib
import json

import pytest

from services.ingest.archive import Header, Kept, Reader, Standing, Writer
from services.ingest.sums import canonical
from shared.errors import Rejected
from shared.log import Entry
from shared.streams import Checkpoint, Position

HEADS = {"wire": 1, "deadletters": 0, "sources": 0, "rates": 0, "articles": 0}
EVENT = Entry(
    Position("5-0"),
    1,
    "e1",
    {b"seq": b"1", b"version": b"2", b"id": b"e1", b"data": '{"a":"Снег\\u001b"}'.encode()},
)


def lines() -> list[bytes]:
    """An archive of one event and one checkpoint."""
    writer = Writer()
    return [
        writer.header("newswire", "2026-04-01T00:00:00Z", HEADS),  # type: ignore[arg-type]
        writer.checkpoint(Standing("c", "articles", Checkpoint(Position("9-0"), 3, "e9"))),
        writer.event("wire", EVENT),
        writer.end(),
    ]


def sealed(said: dict[str, object]) -> bytes:
    """A line with a digest that is right."""
    body = json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()
    digest = hashlib.sha256(body).hexdigest()
    return body[:-1] + f',"sha256":"{digest}"}}\n'.encode()


def test_every_line_is_sealed_json() -> None:
    assert lines()[1] == sealed(
        {
            "type": "checkpoint",
            "consumer": "c",
            "input": "articles",
            "position": "9-0",
            "seq": 3,
            "event_id": "e9",
        }
    )
    assert lines()[2] == sealed(
        {
            "type": "event",
            "stream": "wire",
            "position": "5-0",
            "fields": {"seq": "1", "version": "2", "id": "e1", "data": '{"a":"Снег\\u001b"}'},
        }
    )


def test_the_last_line_has_the_digests_of_the_streams_and_of_all_lines_before() -> None:
    *before, end = lines()
    said = json.loads(end)

    assert said["archive"] == hashlib.sha256(b"".join(before)).hexdigest()
    assert said["events"]["wire"] == {
        "events": 1,
        "sha256": hashlib.sha256(canonical(EVENT)).hexdigest(),
    }


def test_the_canonical_bytes_say_where_every_name_and_value_ends() -> None:
    plain = Entry(Position("5-0"), 1, "x", {b"seq": b"1", b"id": b"x,y"})

    assert canonical(plain) == b"3:5-0,1:2,3:seq,1:1,2:id,3:x,y,"


def test_a_reader_takes_what_was_written() -> None:
    reader = Reader()
    header, standing, kept, _ = [reader.take(line) for line in lines()]

    assert isinstance(header, Header)
    assert header.heads == HEADS
    assert standing == Standing("c", "articles", Checkpoint(Position("9-0"), 3, "e9"))
    assert kept == Kept("wire", EVENT, "", "")
    assert reader.finish().events["wire"].events == 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"type": "header", "format": 2}, "format: Input should be 1"),
        ({"type": "event", "stream": "news", "position": "1-0", "fields": {}}, "stream: "),
        ({"type": "other"}, "does not match any of the expected tags"),
        ([], "expected a whole line of an archive"),
    ],
)
def test_a_line_of_another_kind_is_refused_with_its_number(said: object, sentence: str) -> None:
    with pytest.raises(Rejected, match=f"^line 1: .*{sentence}"):
        Reader().take(sealed(said) if isinstance(said, dict) else b"[]\n")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"version": "1", "seq": "1"}, "expected the fields seq and version first"),
        ({"seq": "01", "version": "1"}, "expected a number without leading zeros, found '01'"),
        ({"seq": "1", "version": "0"}, "expected a seq and a version from 1"),
        ({"seq": "1", "version": "1", "x": "y" * 1_000_001}, "an event has at most 1000000 bytes"),
    ],
)
def test_an_event_that_no_log_wrote_is_refused(fields: dict[str, str], sentence: str) -> None:
    reader = Reader()
    reader.take(lines()[0])

    with pytest.raises(Rejected, match=f"^line 2: {sentence}"):
        reader.take(
            sealed({"type": "event", "stream": "wire", "position": "1-0", "fields": fields})
        )


def test_an_event_of_an_input_whose_type_is_not_known_is_refused() -> None:
    """Without its type its content hash is not known, and what it is a repetition of."""
    reader = Reader()
    reader.take(lines()[0])
    fields = {"seq": "1", "version": "1", "id": "x", "type": "newswire.article.new", "time": "x"}

    with pytest.raises(Rejected, match=r"^line 2: newswire.article.new is not a type of the str"):
        reader.take(
            sealed({"type": "event", "stream": "articles", "position": "1-0", "fields": fields})
        )


def test_a_text_that_is_no_utf_8_cannot_be_exported() -> None:
    broken = EVENT._replace(fields={**EVENT.fields, b"data": b"\xff"})

    with pytest.raises(Rejected, match="the entry at 5-0 of wire holds what is no UTF-8 text"):
        Writer().event("wire", broken)
