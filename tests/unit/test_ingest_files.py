"""What is read from a path: regular files alone, and never for longer than it takes."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from services.ingest import files
from services.ingest.files import read, read_unlinked, shown
from services.ingest.parse.document import Problem

Door = Callable[[Path, int], bytes | Problem]
DOORS = pytest.mark.parametrize("door", [read, read_unlinked], ids=["read", "read_unlinked"])


def pipe(path: Path) -> Path:
    os.mkfifo(path)
    return path


def listening(path: Path) -> Path:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(path))
    return path


def folder(path: Path) -> Path:
    path.mkdir()
    return path


@DOORS
def test_one_byte_more_than_is_taken_is_read(tmp_path: Path, door: Door) -> None:
    file = tmp_path / "page.txt"
    file.write_bytes(b"0123456789")

    assert [door(file, 20), door(file, 10), door(file, 4)] == [
        b"0123456789",
        b"0123456789",
        b"01234",
    ]


@DOORS
@pytest.mark.parametrize(
    ("make", "came"),
    [(pipe, "a pipe"), (listening, "a socket"), (folder, "a directory")],
    ids=["pipe", "socket", "directory"],
)
def test_what_is_no_regular_file_is_refused_at_once(
    tmp_path: Path, door: Door, make: Callable[[Path], Path], came: str
) -> None:
    path = make(tmp_path / "page.txt")

    assert door(path, 10) == Problem("unreadable", str(path), f"expected a file, came {came}")


@DOORS
def test_a_device_is_refused(door: Door) -> None:
    assert door(Path("/dev/zero"), 10) == Problem(
        "unreadable", "/dev/zero", "expected a file, came a device"
    )


@DOORS
def test_a_file_that_becomes_a_pipe_between_two_looks_is_refused_at_once(
    tmp_path: Path, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, opened = tmp_path / "page.txt", os.open
    path.touch()

    def swapped(name: str | Path, flags: int, **more: int) -> int:
        if Path(name).name == "page.txt":
            path.unlink()
            os.mkfifo(path)
        return opened(name, flags, **more)

    monkeypatch.setattr(files.os, "open", swapped)

    assert door(path, 10) == Problem("unreadable", str(path), "expected a file, came a pipe")


@DOORS
def test_no_file_stays_open(tmp_path: Path, door: Door) -> None:
    file, odd = tmp_path / "page.txt", pipe(tmp_path / "odd.txt")
    file.touch()
    before = len(list(Path("/dev/fd").iterdir()))

    for path in (file, odd, tmp_path, tmp_path / "missing"):
        door(path, 10)

    assert len(list(Path("/dev/fd").iterdir())) == before


@DOORS
@pytest.mark.parametrize("name", ["missing.txt", "a\0b", "x" * 5_000, "\udcff"])
def test_a_name_at_which_nothing_lies_is_a_problem(tmp_path: Path, door: Door, name: str) -> None:
    found = door(tmp_path / name, 10)

    assert isinstance(found, Problem)
    assert found.reason == "unreadable"
    assert found.where.isascii()


def test_a_link_is_followed_where_a_person_named_it_and_nowhere_else(tmp_path: Path) -> None:
    secret, link = tmp_path / "secret", tmp_path / "page.txt"
    secret.write_bytes(b"root:x:0:0")
    link.symlink_to(secret)

    assert read(link, 100) == b"root:x:0:0"
    assert read_unlinked(link, 100) == Problem(
        "unreadable", str(link), "expected a file, came a symbolic link"
    )


def test_a_folder_that_is_a_link_is_not_entered(tmp_path: Path) -> None:
    real, link = folder(tmp_path / "real"), tmp_path / "steppe-courier"
    (real / "page.txt").write_bytes(b"root:x:0:0")
    link.symlink_to(real)

    found = read_unlinked(link / "page.txt", 100)

    assert isinstance(found, Problem)
    assert found.reason == "unreadable"


def test_a_file_that_is_not_for_us_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "page.txt"
    file.touch()

    def refuse(path: Path, flags: int) -> int:  # root, as whom tests may run, can read any file
        raise PermissionError(13, "Permission denied", path, flags)

    monkeypatch.setattr(files.os, "open", refuse)

    assert read(file, 10) == Problem(
        "unreadable", str(file), "expected a readable file: Permission denied"
    )


def test_an_empty_file_is_no_bytes(tmp_path: Path) -> None:
    (tmp_path / "page.txt").touch()

    assert read(tmp_path / "page.txt", 10) == b""


def test_a_name_that_is_no_text_can_be_written() -> None:
    assert shown("a\udcff\udcfe.txt") == "a??.txt"
