"""Commands whose output goes to a full disk end with one sentence."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.ingest.publish import Publisher
from shared.redis_log import RedisLog
from tests.builders import at, entry, page, words


async def publish_one(url: str, desk: str) -> None:
    """An article on the log, so that there is something to print."""
    log = RedisLog(url, desk)
    await Publisher(log, lambda: at(12)).publish(page(at(6), entry("Climate", words(0, 50))))
    await log.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device is here")
@pytest.mark.parametrize(
    "command",
    ["tail articles --from 1", "keys list", "export --digest", "deadletters list", "status --json"],
)
def test_a_full_disk_is_one_sentence(
    tmp_path: Path, valkey_url: str, desk: str, command: str
) -> None:
    asyncio.run(publish_one(valkey_url, desk))
    own = {"NEWSWIRE_REDIS_URL": valkey_url, "NEWSWIRE_DESK": desk}
    words_of = [sys.executable, "-m", "services.cli", *command.split(), "--data", str(tmp_path)]

    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            words_of, env={**os.environ, **own}, stdout=full, stderr=subprocess.PIPE,
            text=True, check=False, timeout=60,
        )  # fmt: skip

    assert done.stderr == "expected to print, could not: No space left on device\n"
    assert done.returncode == 1
