"""A restart from a snapshot decides as a restart from the whole log does."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from services.enrichment import snapshot
from services.enrichment.desks import ArticleDesk
from services.enrichment.memory import ArticleMemory
from services.enrichment.snapshot import Keeper, Snapshot, Taken, load, save
from services.enrichment.worker import Enricher
from shared.log import Entry, Log
from shared.streams import ORIGIN
from tests.wire_builders import (
    Clock,
    Newsroom,
    drive,
    ids,
    quiet,
    reader,
    received,
    revised,
    revoked,
    withdrawn,
)

TEXT = {"headline": "Same headline", "body": ("Same text.",)}
FIRST = (
    received("a", **TEXT), received("b", source="other", **TEXT), received("c"), withdrawn("c"),
    revoked("b", "a"),
)  # fmt: skip
THEN = (revised("a", 2), received("d", **TEXT), revised("c", 2), revised("b"))


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "EVENTS_BETWEEN", 2)


def worker(
    log: Log, file: Path | None, made_by: str = "1.0", kind: type[ArticleDesk] = ArticleDesk
) -> Enricher:
    desk = kind(log, reader())
    keeper = Keeper(file, made_by, quiet(), desk.packed, desk.restore) if file else None
    return Enricher(desk, log, Clock(), "1.0", quiet(), keeper)


def known(one: Enricher) -> ArticleMemory:
    """What it remembers, all of it still in tables that compare."""
    assert isinstance(one.desk, ArticleDesk)
    return one.desk.memory


async def test_what_comes_after_a_restart_is_decided_as_if_there_had_been_none(
    log: Log, tmp_path: Path
) -> None:
    room = Newsroom(log)
    await room.say(*FIRST)
    await drive(worker(log, tmp_path / "articles"), log)
    taken = load(tmp_path / "articles")
    await room.say(*THEN)
    again = worker(log, tmp_path / "articles")
    await drive(again, log)

    whole = worker(log, None)
    await whole.resume()
    assert isinstance(taken, Snapshot)
    assert taken.taken.input.seq == len(FIRST)
    assert known(again) == known(whole)


async def test_a_restart_reads_no_event_that_the_snapshot_holds(log: Log, tmp_path: Path) -> None:
    await Newsroom(log).say(*FIRST)
    await drive(worker(log, tmp_path / "articles"), log)
    folded: list[int] = []

    class Watched(ArticleDesk):
        def fold_input(self, entry: Entry) -> None:
            folded.append(entry.seq)
            super().fold_input(entry)

    again = worker(log, tmp_path / "articles", kind=Watched)
    await again.resume()

    assert folded == []


@pytest.mark.parametrize("spoilt", ["cut", "bit", "other form", "other code", "a directory"])
async def test_a_snapshot_that_is_not_ours_is_passed_over_with_its_reason(
    log: Log, tmp_path: Path, spoilt: str
) -> None:
    file = tmp_path / "articles"
    await Newsroom(log).say(*FIRST)
    await drive(worker(log, file, "0.9" if spoilt == "other code" else "1.0"), log)
    data = file.read_bytes()
    match spoilt:
        case "cut":
            file.write_bytes(data[:-1])
        case "bit":
            file.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        case "other form":
            file.write_bytes(b"something else")
        case "a directory":
            file.unlink()
            file.mkdir()
    said = load(file)
    again, whole = worker(log, file), worker(log, None)
    await again.resume()
    await whole.resume()

    assert isinstance(said, str) or said.taken.made_by == "0.9"
    assert known(again) == known(whole)


async def test_a_snapshot_of_another_log_is_refused(log: Log, tmp_path: Path) -> None:
    """As after a restore: the log has other events where the snapshot was taken."""
    file = tmp_path / "articles"
    await Newsroom(log).say(*FIRST)
    first = worker(log, file)
    await drive(first, log)
    found = load(file)
    assert isinstance(found, Snapshot)
    stranger = found.taken.input.__class__(
        found.taken.input.position, found.taken.input.seq - 1, "another event"
    )
    save(file, Snapshot(Taken("1.0", stranger, found.taken.wire, ORIGIN), found.memory))
    again = worker(log, file)
    with capture_logs():
        await again.resume()

    whole = worker(log, None)
    await whole.resume()
    assert known(again) == known(whole)
    assert await ids(log)


async def test_a_full_disk_stops_nothing(log: Log, tmp_path: Path) -> None:
    file = tmp_path / "file" / "articles"
    (tmp_path / "file").write_text("no directory")
    await Newsroom(log).say(*FIRST)
    await drive(worker(log, file), log)

    assert not file.exists()
    assert len(await ids(log)) >= len(FIRST) - 1
