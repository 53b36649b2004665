"""What is refused before anything is started."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

from services.cli.checks import check_ports, disk_refusals, make_folders
from services.cli.stack import places
from shared.errors import Rejected

NOBODY: Final = 65534
ADVICE = (
    "Make it a directory in which this user may write, on a disk with room, or choose another "
    "with --data."
)


def test_everything_that_listens_has_a_port_of_its_own() -> None:
    check_ports({"--port": 8000, "--redis-port": 16379, "--push-port": 8001})

    with pytest.raises(Rejected, match="--port and --push-port: expected two ports, found 8000"):
        check_ports({"--port": 8000, "--redis-port": 16379, "--push-port": 8000})


def test_the_folder_of_run_files_is_made_with_what_is_above_it(tmp_path: Path) -> None:
    make_folders(places(tmp_path / "new" / "desk"))
    make_folders(places(tmp_path / "new" / "desk"))

    assert [path.name for path in (tmp_path / "new" / "desk").iterdir()] == ["run"]


def test_a_data_directory_that_is_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "desk"
    file.touch()

    with pytest.raises(Rejected) as refused:
        make_folders(places(file))

    assert (
        str(refused.value)
        == f"Cannot keep a stack in {file} (Not a directory: {file}/run). {ADVICE}"
    )


@pytest.mark.parametrize("name", ["log", "views"])
def test_a_file_where_a_folder_belongs_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()

    with pytest.raises(
        Rejected, match=f"no directory that this user may write in: {tmp_path}/{name}"
    ):
        make_folders(places(tmp_path))


@pytest.fixture
def folder_of_a_user() -> Iterator[Path]:
    """A folder of the user that the test goes on as; nothing would be barred to root."""
    is_root = os.geteuid() == 0
    with TemporaryDirectory() as name:
        if is_root:
            os.chown(name, NOBODY, -1)
            os.seteuid(NOBODY)
        try:
            yield Path(name)
        finally:
            if is_root:
                os.seteuid(0)


@pytest.mark.parametrize("name", ["", "log", "views"])
def test_a_folder_that_may_not_be_written_is_refused(folder_of_a_user: Path, name: str) -> None:
    (folder_of_a_user / "run").mkdir()
    (folder_of_a_user / name).mkdir(exist_ok=True)
    (folder_of_a_user / name).chmod(0o500)

    with pytest.raises(Rejected, match="no directory that this user may write in"):
        make_folders(places(folder_of_a_user))

    (folder_of_a_user / name).chmod(0o700)


def test_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Rejected, match=r"\(No space left on device\)"), disk_refusals(tmp_path):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_another_refusal_of_the_system_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(BlockingIOError), disk_refusals(tmp_path):
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
