"""The status beside a real Redis: with it, while it hangs, and when it has gone."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis
from prometheus_client.parser import text_string_to_metric_families

from shared.polls import Poll
from shared.redis_state import RedisTable
from shared.state import POLLS
from tests.api_process import ApiProcess, serving
from tests.builders import at
from tests.conftest import NewServer
from tests.view_files import ViewFile


@pytest.fixture
def data(tmp_path: Path) -> Path:
    view = ViewFile(tmp_path / "views")
    view.publish()
    return tmp_path


def log_up(api: ApiProcess) -> float:
    families = {one.name: one for one in text_string_to_metric_families(api.get("/metrics").text)}
    return families["newswire_log_up"].samples[0].value


def keep_sources(url: str, desk: str, count: int) -> None:
    async def keep() -> None:
        table = RedisTable(POLLS, url, desk)
        await table.replace([Poll(f"s{number}", polled_at=at(1)) for number in range(count)])
        await table.close()

    asyncio.run(keep())


def test_an_api_reports_beside_the_log_and_is_seen_there(
    data: Path, valkey_url: str, desk: str
) -> None:
    with serving(data, valkey_url, desk) as api:
        answer = api.wait_until(
            "/v1/status", lambda answer: bool(answer.json()["services"][3:4])
            and answer.json()["services"][3]["ready"],
        )  # fmt: skip

    (service,) = [one for one in answer.json()["services"] if one["service"] == "api"]
    assert service["version"] == "0.1.0"
    assert service["reported_at"] >= service["started_at"]


def test_a_hundred_who_ask_are_one_look(data: Path, new_server: NewServer, desk: str) -> None:
    server = new_server()
    keep_sources(server.url, desk, 3_000)
    with serving(data, server.url, desk) as api, redis.Redis.from_url(server.url) as watching:
        api.wait_until("/v1/status", lambda answer: answer.json()["is_log_seen"])
        before = watching.info("commandstats")["cmdstat_hvals"]["calls"]
        began_s = time.monotonic()
        with ThreadPoolExecutor(10) as pool:
            answers = list(pool.map(lambda _: api.get("/v1/status"), range(100)))
        took_s = time.monotonic() - began_s
        after = watching.info("commandstats")["cmdstat_hvals"]["calls"]

    assert {answer.status_code for answer in answers} == {200}
    assert answers[0].json()["sources_by_health"]["well"] == 3_000
    # Three tables a look: health and rejects each second, sources each ten.
    assert after - before <= 3 * (int(took_s) + 2)


def test_a_redis_that_hangs_holds_up_nobody(data: Path, new_server: NewServer, desk: str) -> None:
    server = new_server()
    with serving(data, server.url, desk) as api:
        api.wait_until("/v1/status", lambda answer: answer.json()["is_log_seen"])
        os.kill(server._process.pid, signal.SIGSTOP)
        try:
            answer = api.wait_until("/v1/status", lambda answer: not answer.json()["is_log_seen"])
            began_s = time.monotonic()
            page, articles = api.get("/status"), api.get("/v1/articles")
            took_s = time.monotonic() - began_s
            up = log_up(api)
        finally:
            os.kill(server._process.pid, signal.SIGCONT)

        assert answer.json()["views_seq"] == 0
        assert "Redis does not answer." in page.text
        assert articles.status_code == 200
        assert took_s < 3
        assert up == 0
        api.wait_until("/v1/status", lambda answer: answer.json()["is_log_seen"])


def test_a_redis_that_is_gone_is_said_and_seen_again_when_it_is_back(
    data: Path, new_server: NewServer, desk: str
) -> None:
    server = new_server()
    with serving(data, server.url, desk) as api:
        api.wait_until("/v1/status", lambda answer: answer.json()["is_log_seen"])
        server.kill()

        api.wait_until("/v1/status", lambda answer: not answer.json()["is_log_seen"])
        assert log_up(api) == 0
        assert api.get("/status").status_code == 200

        server.start()
        api.wait_until("/v1/status", lambda answer: answer.json()["is_log_seen"])
        assert log_up(api) == 1
