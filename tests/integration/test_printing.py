"""Commands whose output goes to a full disk, or to nobody, end with one sentence, or none."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from services.ingest.publish import Publisher
from shared import views
from shared.redis_log import RedisLog
from tests.builders import at, entry, page, words


async def publish_one(url: str, desk: str) -> None:
    """An article on the log, so that there is something to print."""
    log = RedisLog(url, desk)
    await Publisher(log, lambda: at(12)).publish(page(at(6), entry("Climate", words(0, 50))))
    await log.close()


def ran(command: str, own: dict[str, str], out: str) -> tuple[int, str]:
    """Exit code and stderr of a command whose stdout goes there."""
    words_of = f"exec {sys.executable} -m services.cli {command} {out}"
    done = subprocess.run(
        ["bash", "-c", words_of], env={**os.environ, **own}, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip
    return done.returncode, done.stderr


@pytest.fixture
def on(valkey_url: str, desk: str, tmp_path: Path) -> dict[str, str]:
    """The environment of a command: a log, and a data directory of its own."""
    return {
        "NEWSWIRE_REDIS_URL": valkey_url,
        "NEWSWIRE_DESK": desk,
        "NEWSWIRE_DATA_DIR": str(tmp_path),
    }


FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device is here")
NO_ROOM = "expected to print, could not: No space left on device\n"


@FULL
def test_a_verify_that_cannot_print_cannot_tell(on: dict[str, str]) -> None:
    ran("rebuild", on, "")

    assert ran("verify", on, "> /dev/full") == (2, f"cannot verify: {NO_ROOM}")


@FULL
def test_a_rebuild_that_cannot_print_is_done_all_the_same(on: dict[str, str]) -> None:
    code, said = ran("rebuild", on, "> /dev/full")

    assert (code, said.endswith(NO_ROOM), "Traceback" in said) == (1, True, False)
    assert ran("verify", on, "")[0] == 0


@FULL
def test_a_rebuild_whose_progress_nobody_hears_goes_on(on: dict[str, str]) -> None:
    assert ran("rebuild", on, "2> /dev/full")[0] == 0


def test_a_verdict_that_nobody_reads_is_its_exit_code(on: dict[str, str], tmp_path: Path) -> None:
    ran("rebuild", on, "")
    with closing(views.open_writer(views.live_file(tmp_path / "views"))) as live:
        live.execute(
            "INSERT INTO rate_version VALUES ('a:official:USD-KZT', '2026-03-03', 1, 1, 1, '')"
        )

    assert ran("verify", on, "> >(exit)") == (1, "")


@FULL
@pytest.mark.parametrize(
    "command",
    ["tail articles --from 1", "keys list", "export --digest", "deadletters list", "status --json"],
)
def test_a_full_disk_is_one_sentence(on: dict[str, str], command: str) -> None:
    asyncio.run(publish_one(on["NEWSWIRE_REDIS_URL"], on["NEWSWIRE_DESK"]))

    assert ran(command, on, "> /dev/full") == (1, NO_ROOM)


def test_a_tail_that_nobody_reads_any_more_ends_well(on: dict[str, str]) -> None:
    asyncio.run(publish_one(on["NEWSWIRE_REDIS_URL"], on["NEWSWIRE_DESK"]))

    assert ran("tail articles --from 1", on, "> >(exit)") == (0, "")
