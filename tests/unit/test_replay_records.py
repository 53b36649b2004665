"""What there is to replay at a path, and when each document was seen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from services.ingest import replay
from services.ingest.observe import Source
from services.ingest.parse.document import Problem
from services.ingest.parse.limits import DOCUMENT_BYTES_MAX
from services.ingest.recording import DocumentRecord, EventsRecord, Unusable
from services.ingest.replay import naming, read_document, records, seen_at
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

    assert records(tmp_path, "x") == [
        DocumentRecord(first, Source("x"), at(2)),
        DocumentRecord(second, Source("x"), at(3)),
        EventsRecord(third),
    ]


@pytest.mark.parametrize("source", ["x", None])
def test_what_cannot_be_published_stands_among_the_files_with_its_reason(
    tmp_path: Path, source: str | None
) -> None:
    good = written(tmp_path / "good.txt")
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "link.txt").symlink_to(tmp_path / "missing")
    os.mkfifo(tmp_path / "pipe.txt")
    os.mkfifo(tmp_path / "pipe.ndjson")

    found = records(tmp_path, source)

    assert isinstance(found, list)
    assert DocumentRecord(good, Source(source or "good"), DAY) in found
    problems = {one.path.name: one.problem for one in found if isinstance(one, Unusable)}
    assert {name: (one.reason, one.detail) for name, one in problems.items()} == {
        "folder.txt": ("unreadable", "expected a file, came a directory"),
        "link.txt": ("unreadable", "expected a readable file: No such file or directory"),
        "pipe.txt": ("unreadable", "expected a file, came a pipe"),
        "pipe.ndjson": ("unreadable", "expected a file, came a pipe"),
    }


@pytest.fixture
def any_times() -> Iterator[Path]:
    """A directory whose files may have any time: disks know few centuries, memory knows all."""
    if not Path("/dev/shm").is_dir():
        pytest.skip("no file system in memory is here")
    with TemporaryDirectory(dir="/dev/shm") as made:
        yield Path(made)


@pytest.mark.parametrize("seconds", [-62135596800, -62167219200, 253402300800])
def test_a_file_of_year_0_or_10000_is_a_problem_and_the_others_are_not(
    any_times: Path, seconds: int
) -> None:
    good, odd = written(any_times / "good.txt"), written(any_times / "odd.txt")
    os.utime(odd, (seconds, seconds))

    found, alone = records(any_times, None), records(odd, None)

    assert isinstance(found, list)
    assert isinstance(alone, Problem)
    assert [one for one in found if not isinstance(one, Unusable)] == [
        DocumentRecord(good, Source("good"), DAY)
    ]
    assert alone.reason == "date-unreadable"
    assert alone.detail.endswith("; touch the file")


@pytest.mark.parametrize("name", ["Вестник.txt", "\udcff.txt"])
def test_a_name_that_gives_no_source_costs_only_its_file(tmp_path: Path, name: str) -> None:
    odd = written(tmp_path / name)
    written(tmp_path / "good.txt")

    found = records(tmp_path, None)

    assert isinstance(found, list)
    assert sorted(type(one).__name__ for one in found) == ["DocumentRecord", "Unusable"]
    assert isinstance(records(odd, None), Problem)
    assert records(odd, "x") == [DocumentRecord(odd, Source("x"), DAY)]


@pytest.mark.parametrize("name", [".hidden", None])
def test_a_directory_without_a_document_is_a_problem(tmp_path: Path, name: str | None) -> None:
    if name is not None:
        written(tmp_path / name)

    assert records(tmp_path, None) == Problem(
        "empty", str(tmp_path), "expected documents, found none in the directory"
    )


def test_a_directory_of_more_files_than_a_recording_has_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "RECORDS_MAX", 2)
    for name in ("a.txt", "b.txt", ".hidden"):
        written(tmp_path / name)
    assert isinstance(records(tmp_path, None), list)

    written(tmp_path / "c.txt")

    assert records(tmp_path, None) == Problem(
        "too-many-entries",
        str(tmp_path),
        "expected at most 2 files, found more; replay them in parts",
    )


def test_a_directory_with_a_manifest_gives_what_that_says(tmp_path: Path) -> None:
    written(tmp_path / "not-named.txt")
    (tmp_path / "manifest.toml").write_text('[[record]]\nevents = "e.ndjson"\n', encoding="utf-8")

    assert records(tmp_path, None) == [EventsRecord(tmp_path / "e.ndjson")]


def test_nothing_at_a_path_is_a_problem(tmp_path: Path) -> None:
    assert records(tmp_path / "missing", None) == Problem(
        "unreadable",
        str(tmp_path / "missing"),
        "expected a readable file: No such file or directory",
    )


@pytest.mark.parametrize("name", ["a\0b", "x" * 5_000, "\udcff", "file/below"])
def test_a_path_that_no_file_can_have_is_a_problem(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()

    found = records(tmp_path / name, None)

    assert isinstance(found, Problem)
    assert (found.reason, found.where.isascii()) == ("unreadable", True)


def test_a_pipe_is_a_problem(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "page.txt")

    assert records(tmp_path / "page.txt", None) == Problem(
        "unreadable", str(tmp_path / "page.txt"), "expected a file, came a pipe"
    )


@pytest.mark.parametrize("data", [b"\xff\xfe", b"record = ["], ids=["not UTF-8", "not TOML"])
def test_a_manifest_that_cannot_be_read_is_a_problem(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "manifest.toml").write_bytes(data)

    found = records(tmp_path, None)

    assert isinstance(found, Problem)
    assert found.reason == "manifest-invalid"


def test_a_manifest_of_too_many_bytes_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "manifest.toml").write_bytes(b"")
    os.truncate(tmp_path / "manifest.toml", 10**12)

    assert records(tmp_path, None) == Problem(
        "manifest-invalid",
        "manifest.toml",
        "expected at most 2000000 bytes, found more; make several of it",
    )


@pytest.mark.parametrize("kind", ["directory", "pipe", "link to nothing"])
def test_a_manifest_that_is_no_file_is_a_problem(tmp_path: Path, kind: str) -> None:
    manifest = tmp_path / "manifest.toml"
    if kind == "directory":
        manifest.mkdir()
    elif kind == "pipe":
        os.mkfifo(manifest)
    else:
        manifest.symlink_to("missing")

    found = records(tmp_path, None)

    assert isinstance(found, Problem)
    assert (found.reason, found.where) == ("unreadable", str(manifest))


def test_where_no_source_is_named_the_one_that_the_name_gives_is_told(tmp_path: Path) -> None:
    page, odd = DocumentRecord(tmp_path / "page.txt", Source("page"), DAY), EventsRecord(tmp_path)
    other = DocumentRecord(tmp_path / "other.txt", Source("other"), DAY)

    assert naming(tmp_path, [page, odd], None) == (
        "source: page (from the file's name; --source names another)"
    )
    assert naming(tmp_path, [page, other], None) == (
        "sources: 2 (from the files' names; --source names one for all)"
    )
    assert naming(tmp_path, [odd], None) is None
    assert naming(tmp_path, [page], "page") is None
    (tmp_path / "manifest.toml").touch()
    assert naming(tmp_path, [page], None) is None


def test_a_document_was_seen_when_its_file_was_changed(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.touch()
    os.utime(file, ns=(0, 1_772_431_800_500_000_000))

    assert seen_at(file.stat()) == datetime(2026, 3, 2, 6, 10, 0, 500_000, tzinfo=UTC)


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
        "unreadable", str(folder), "expected a file, came a directory"
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
    assert found.parsed.problems[0].detail == (
        "expected at most 5000000 bytes, came more; split the document"
    )
