"""The first five minutes: ``newswire up`` shows the news, takes the same again, and leaves nothing.

And an hour of trouble: with Redis away the api says so, serves what it has, and recovers by itself.
"""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import NewServer
from tests.e2e.recordings import recording
from tests.e2e.stack import (
    ROOT,
    Desk,
    Stack,
    connected,
    eventually,
    get,
    heads,
    is_running,
    listens,
)
from tests.servers import Server

SEED: Final = ROOT / "seed"
SEED_HEADS: Final = {"articles": 24, "rates": 19, "wire": 44, "deadletters": 0}
PAIRS: Final = [
    "CNY/KGS", "EUR/KGS", "KGS/USD", "KZT/USD", "RUB/KGS", "RUB/KZT",
    "TJS/USD", "TMT/USD", "USD/KGS", "USD/KZT", "USD/UZS", "UZS/USD",
]  # fmt: skip
"""The thirteenth, KZT/KGS of the bank, finds no room."""
HEADLINES: Final = {
    "Tenge Firms in Late Trading as Exporters Sell Dollars",
    "Kostanay Grain Exporters Report Record February Shipments",
    "Osh Textile Workshops Pool Orders to Win Larger Buyers",
    "Ashgabat Carpet Fair to Trace Every Knot to Its Weaver",
    "Night Train Between Tashkent and Almaty to Run Daily From April",
    "Khujand Apricot Growers Turn to Solar Drying Sheds",
    "Казахстан и Кыргызстан упростят досмотр грузовиков на границе",
    "В Оше открылась мастерская «Живой узор» для молодых ткачей",
    "Can Desert Shrubs Hold Back the Dust Around Nukus?",
    "Baikonur Museum Restores Tracking Antenna for Summer Opening",
    "Kyrgyzstan Invites Bids for Nine Small Hydropower Plants",
    "Каракол шаарында кышкы жол оңдоо иштери аяктады",
    "Ysyk-Köl Boat Owners Agree on a Common Timetable",
    "Дар Хоруғ китобхонаи нави кӯдакон кушода шуд",
    "Khorugh Bridge Reopens to Lorries After Six Weeks",
    "Samarqandda qishda ekilgan bog‘ning ko‘chatlari gullay boshladi",
    "Samarkand Paper Makers Take Their First Apprentices in a Decade",
    "Павлодарда көктемгі су тасқынына дайындық басталды",
    "Pavlodar Boatyard to Build Ferries for the Upper Irtysh",
}
WITHDRAWN: Final = "Dushanbe Airport to Close Its Runway for Ten Days in May"
STOP_S_MAX: Final = 5.0


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack on a new directory that has shown its seed."""
    with Stack(tmp_path_factory.mktemp("front")) as stack, connected(stack.redis_url) as log:
        eventually(lambda: heads(log) == SEED_HEADS, "the seed is on the wire")
        eventually(stack.is_at_rest, "the seed is in the views")
        yield stack


def test_the_front_page_shows_every_pair_once_and_every_headline(seeded: Stack) -> None:
    page = get(seeded.port, "/")

    assert page.status == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert sorted(re.findall(r">\s*([A-Z]{3}/[A-Z]{3})\s*<", page.body)) == PAIRS
    linked = re.findall(r'<h\d[^>]*>\s*<a [^>]*href="/articles/[^>]*>([^<]+)</a>', page.body)
    assert sorted(map(unescape, linked)) == sorted(HEADLINES)
    assert WITHDRAWN not in unescape(page.body)


def test_the_seed_replayed_again_changes_no_stream(seeded: Stack) -> None:
    with connected(seeded.redis_url) as log:
        before = get(seeded.port, "/").body
        again = seeded.run("replay", str(SEED))

        assert again.returncode == 0
        assert "appended" not in again.stdout
        assert heads(log) == SEED_HEADS
        eventually(seeded.is_at_rest, "nothing is left to take in")
        assert get(seeded.port, "/").body == before


def test_a_stop_ends_every_process_and_frees_the_ports(tmp_path: Path) -> None:
    with Stack(tmp_path, "--no-seed") as stack:
        pids = {**stack.pids(), "supervisor": stack.process.pid}
        assert {name: is_running(pid) for name, pid in pids.items()} == dict.fromkeys(pids, True)
        begun = time.monotonic()

        stack.process.send_signal(signal.SIGTERM)

        assert stack.process.wait(timeout=STOP_S_MAX) == 0
        assert time.monotonic() - begun < STOP_S_MAX
        assert {name: is_running(pid) for name, pid in pids.items()} == dict.fromkeys(pids, False)
        assert not listens(stack.port)
        assert not listens(stack.redis_port)
        assert stack.said().endswith("stopping\n")
        assert not (stack.data / "stack.json").exists()


@pytest.fixture
def desk(tmp_path: Path, new_server: NewServer) -> Iterator[tuple[Desk, Server]]:
    """The seed on a server of the test's own, with enrichment, projection and api."""
    server = new_server()
    made = Desk(tmp_path / "desk", server.url)
    try:
        for service in ("enrichment", "projection", "api"):
            made.start(service)
        replay = made.start("ingest", "replay", str(SEED))
        assert replay.wait(timeout=30) == 0
        made.processes.remove(replay)
        eventually(lambda: made.is_at_rest() and is_ready(made), "the desk is ready")
        yield made, server
    finally:
        made.end()


def is_ready(desk: Desk) -> bool:
    """Whether the api says that it is."""
    return listens(desk.port) and get(desk.port, "/readyz").status == 200


def away(server: Server, how: str) -> None:
    """Redis is gone, or hangs."""
    if how == "killed":
        server.kill()
    else:
        server._process.send_signal(signal.SIGSTOP)


def back(server: Server, how: str) -> None:
    """Redis is there again, on the same data."""
    if how == "killed":
        server.start()
    else:
        server._process.send_signal(signal.SIGCONT)


@pytest.mark.parametrize("how", ["killed", "hung"])
def test_without_redis_the_news_stay_and_readiness_goes(
    how: str, desk: tuple[Desk, Server], tmp_path: Path
) -> None:
    """Ready again, and taking in what is new, without a restart of any service."""
    made, server = desk
    front, articles = get(made.port, "/").body, get(made.port, "/v1/articles").body

    away(server, how)
    eventually(lambda: not is_ready(made), "the api notices")
    refused = get(made.port, "/readyz")
    assert refused.status == 503
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.headers["content-type"] == "application/problem+json"
    assert get(made.port, "/livez").status == 200
    assert get(made.port, "/").body == front
    assert get(made.port, "/v1/articles").body == articles

    back(server, how)
    eventually(lambda: is_ready(made), "the api is ready again")
    file = tmp_path / "more.ndjson"
    file.write_bytes(recording(7_001, 20))
    services = list(made.processes)
    assert made.start("ingest", "replay", str(file)).wait(timeout=30) == 0
    eventually(lambda: made.is_at_rest() and made.views_seq() >= 63, "the news goes on")
    assert [service.poll() for service in services] == [None, None, None]
