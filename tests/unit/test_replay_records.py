"""What there is to replay at a path, and when each document was seen."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.ingest.observe import Source
from services.ingest.parse.document import Problem
from services.ingest.parse.limits import DOCUMENT_BYTES_MAX
from services.ingest.recording import DocumentRecord, EventsRecord
from services.ingest.replay import read_document, records, seen_at
from tests.builders import at

DAY = at(2)


def written(path: Path, text: str = "Headline\n\nText.\n", *, seen: datetime = DAY) -> Path:
    """A file that was last changed at a time."""
    path.write_text(text, encoding="utf-8")
    os.utime(path, (seen.timestamp(), seen.timestamp()))
    return path


def test_a_document_alone_has_the_source_of_its_name_and_the_time_of_its_file(
    tmp_path: Path,
) -> None:
    file = written(tmp_path / "Steppe Courier.txt", seen=at(2, 6, 10))

    assert records(file, None) == [
        DocumentRecord(file, Source("steppe-courier"), datetime(2026, 3, 2, 6, 10, tzinfo=UTC))
    ]
    assert records(file, "silk-road-bulletin") == [
        DocumentRecord(file, Source("silk-road-bulletin"), datetime(2026, 3, 2, 6, 10, tzinfo=UTC))
    ]


@pytest.mark.parametrize("name", ["events.ndjson", "events.jsonl"])
def test_a_file_of_events_is_known_by_its_suffix(tmp_path: Path, name: str) -> None:
    file = written(tmp_path / name)

    assert records(file, None) == [EventsRecord(file)]


def test_a_directory_gives_its_files_by_the_time_they_were_seen(tmp_path: Path) -> None:
    second = written(tmp_path / "a.txt", seen=at(3))
    first = written(tmp_path / "b.txt", seen=at(2))
    third = written(tmp_path / "c.ndjson", seen=at(3))
    written(tmp_path / ".hidden", seen=at(1))
    (tmp_path / "folder").mkdir()

    assert records(tmp_path, "x") == [
        DocumentRecord(first, Source("x"), at(2)),
        DocumentRecord(second, Source("x"), at(3)),
        EventsRecord(third),
    ]


def test_a_directory_with_a_manifest_gives_what_that_says(tmp_path: Path) -> None:
    written(tmp_path / "not-named.txt")
    (tmp_path / "manifest.toml").write_text('[[record]]\nevents = "e.ndjson"\n', encoding="utf-8")

    assert records(tmp_path, None) == [EventsRecord(tmp_path / "e.ndjson")]


def test_nothing_at_a_path_is_a_problem(tmp_path: Path) -> None:
    assert records(tmp_path / "missing", None) == Problem(
        "unreadable", str(tmp_path / "missing"), "expected a file or a directory, found nothing"
    )


@pytest.mark.parametrize("data", [b"\xff\xfe", b"record = ["], ids=["not UTF-8", "not TOML"])
def test_a_manifest_that_cannot_be_read_is_a_problem(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "manifest.toml").write_bytes(data)

    found = records(tmp_path, None)

    assert isinstance(found, Problem)
    assert found.reason == "manifest-invalid"


def test_a_manifest_that_is_a_directory_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "manifest.toml").mkdir()

    assert isinstance(records(tmp_path, None), Problem)


def test_a_document_was_seen_when_its_file_was_changed(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.touch()
    os.utime(file, ns=(0, 1_772_431_800_500_000_000))

    assert seen_at(file) == datetime(2026, 3, 2, 6, 10, 0, 500_000, tzinfo=UTC)


def test_a_document_is_read_with_the_day_it_was_seen(tmp_path: Path) -> None:
    file = written(tmp_path / "page.txt", "2 March 2026\n\nTenge Firms\n\nThe tenge rose.\n")

    found = read_document(file, Source("steppe-courier"), at(2))
    before = read_document(file, Source("steppe-courier"), at(1, 0).replace(month=2))

    assert not isinstance(found, Problem)
    assert not isinstance(before, Problem)
    assert [each.headline for each in found.parsed.articles] == ["Tenge Firms"]
    assert (found.source, found.observed_at) == (Source("steppe-courier"), at(2))
    assert found.parsed.problems == ()
    assert [problem.reason for problem in before.parsed.problems] == ["date-in-future"]


def test_a_document_that_cannot_be_opened_is_a_problem(tmp_path: Path) -> None:
    missing, folder = tmp_path / "missing.txt", tmp_path

    assert read_document(missing, Source("x"), at(2)) == Problem(
        "unreadable", str(missing), "expected a readable file: No such file or directory"
    )
    assert read_document(folder, Source("x"), at(2)) == Problem(
        "unreadable", str(folder), "expected a readable file: Is a directory"
    )


def test_a_name_that_no_file_can_have_is_a_problem(tmp_path: Path) -> None:
    """A manifest may say ``file = "a\\u0000b"``."""
    assert isinstance(read_document(tmp_path / "a\0b", Source("x"), at(2)), Problem)


def test_of_a_document_too_large_one_byte_too_many_is_read(tmp_path: Path) -> None:
    file = tmp_path / "dump.txt"
    file.write_bytes(b"")
    os.truncate(file, 10 * DOCUMENT_BYTES_MAX)

    found = read_document(file, Source("x"), at(2))

    assert not isinstance(found, Problem)
    assert [problem.reason for problem in found.parsed.problems] == ["too-large"]
    assert "came 5000001" in found.parsed.problems[0].detail
