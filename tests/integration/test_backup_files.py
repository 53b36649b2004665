"""The file of an archive is there whole or not at all, and its owner's alone."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from services.ingest.backup import written


def test_of_two_exports_to_one_file_both_are_whole(tmp_path: Path) -> None:
    file = tmp_path / "desk.ndjson"

    with written(str(file)) as first:
        first.write(b"of the first\n")
        with written(str(file)) as second:
            second.write(b"of the second, which is longer\n")
        assert file.read_bytes() == b"of the second, which is longer\n"

    assert file.read_bytes() == b"of the first\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def write_half(file: str) -> None:
    with written(file) as out:
        out.write(b"half")
        raise KeyboardInterrupt


def test_an_export_that_ends_in_between_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "desk.ndjson"
    file.write_bytes(b"of yesterday\n")

    with pytest.raises(KeyboardInterrupt):
        write_half(str(file))

    assert file.read_bytes() == b"of yesterday\n"
    assert list(tmp_path.iterdir()) == [file]
