"""A replay at the recorded pace, or so many times faster."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from services.ingest.__main__ import main
from services.ingest.observe import Source
from services.ingest.pace import Pace, by_instant
from services.ingest.recording import DocumentRecord, EventsRecord
from services.ingest.replay import replay
from shared.testing.builders import rate
from shared.testing.memory_log import MemoryLog
from tests.builders import at, publisher
from tests.e2e.recordings import recording

PAGE = "• KZT/USD = 0.00198 0.30%\n2 March 2026\n\nTenge Firms\n\nThe tenge rose on Monday.\n"


@dataclass
class Watch:
    """A clock that goes on only while somebody waits, and by what is spent on publishing."""

    now_s: float = 1_000.0
    waits_s: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now_s

    async def wait(self, seconds: float) -> None:
        """Waits in no time."""
        self.waits_s.append(seconds)
        self.now_s += seconds

    def pace(self, speed: float) -> Pace:
        """A pace by this clock."""
        return Pace(speed, self.wait, self)


async def test_the_first_instant_is_due_at_once_and_the_next_after_the_recorded_time() -> None:
    watch = Watch()
    pace = watch.pace(1)

    for instant in (at(2, 6, 10), at(2, 6, 10), at(2, 6, 12), at(2, 7, 12)):
        await pace.until(instant)

    assert watch.waits_s == [120.0, 3600.0]


async def test_a_speed_divides_what_is_waited() -> None:
    watch = Watch()
    pace = watch.pace(60)

    for instant in (at(2, 6), at(2, 7), at(2, 8)):
        await pace.until(instant)

    assert watch.waits_s == [60.0, 60.0]


async def test_the_time_that_publishing_takes_is_not_waited_again() -> None:
    watch = Watch()
    pace = watch.pace(1)
    await pace.until(at(2, 6))
    watch.now_s += 25
    await pace.until(at(2, 6, 1))
    watch.now_s += 100

    await pace.until(at(2, 6, 2))

    assert watch.waits_s == [35.0]


async def test_what_was_observed_earlier_than_the_one_before_is_due_at_once() -> None:
    watch = Watch()
    pace = watch.pace(1)

    for instant in (at(3), at(2), at(3, 6, 1)):
        await pace.until(instant)

    assert watch.waits_s == [60.0]


def test_what_was_observed_together_is_published_together() -> None:
    rates = [rate(observed_at=instant) for instant in (at(2), at(2), at(3), at(2))]

    assert [len(part) for part in by_instant(rates)] == [2, 1, 1]


async def test_documents_come_as_far_apart_as_they_were_seen(tmp_path: Path) -> None:
    records = [_page(tmp_path, at(2, 6)), _page(tmp_path, at(2, 18)), _page(tmp_path, at(3, 6))]
    watch = Watch()

    await replay(records, publisher(MemoryLog()), Console(quiet=True), watch.pace(720))

    assert watch.waits_s == [60.0, 60.0]


async def test_recorded_events_come_as_far_apart_as_they_were_observed(tmp_path: Path) -> None:
    file = tmp_path / "events.ndjson"
    file.write_bytes(recording(7_001, 40))
    slow, fast, watch = MemoryLog(), MemoryLog(), Watch()

    await replay([EventsRecord(file)], publisher(slow), Console(quiet=True), watch.pace(2))
    await replay([EventsRecord(file)], publisher(fast), Console(quiet=True))

    assert len(watch.waits_s) > 20
    assert timedelta(0) < timedelta(seconds=watch.now_s - 1_000) < timedelta(days=1)
    for stream in ("articles", "rates"):
        assert (await slow.head(stream)).seq == (await fast.head(stream)).seq > 0


def _page(folder: Path, observed_at: datetime) -> DocumentRecord:
    file = folder / f"{observed_at:%d-%H}.txt"
    file.write_text(PAGE, encoding="utf-8")
    return DocumentRecord(file, Source("x"), observed_at)


@pytest.mark.parametrize("speed", ["0", "-1", "nan", "inf", "fast", ""])
def test_a_speed_that_is_none_is_refused_in_a_sentence(
    speed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["ingest", "replay", f"--speed={speed}", "page.txt"])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 2
    said = f"expected a number above 0, 1 for the recorded pace; found {speed!r}"
    assert said in capsys.readouterr().err
