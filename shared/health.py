"""How a service is, in a file: written once a second by the service, read by probes and people.

``python -m shared.health FILE`` is the container probe: standard library only, because importing a
broker library costs half a second of CPU per probe. Ready means progress: caught up, or moving.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from shared import clock

FRESH_S_MAX: Final = 10
"""A report older than this is of a service that hangs or is gone."""
KEPT_S_MAX: Final = 20
"""The same of one that is kept beside the log, where it is written every five seconds."""
SERVICES_MAX: Final = 20
"""Services of one desk; there are four."""
STALLED_S: Final = 15
"""A consumer behind its stream that has not moved for so long is not ready."""


@dataclass(frozen=True, slots=True)
class Report:
    """How a service is."""

    service: str
    pid: int
    ready: bool
    at: str
    """RFC 3339."""
    detail: str
    """One sentence for a person."""
    version: str = ""
    """Of its code; empty: it did not say."""
    started_at: str = ""
    """RFC 3339; empty: it did not say."""
    counts: Mapping[str, float] = field(default_factory=dict)
    """What it has done since it started, by ``name`` or ``name:label`` of shared.counts."""


@dataclass(slots=True)
class Progress:
    """Whether a consumer moves; fed with its seq and its stream's head.

    Where it is seen first is no movement: one that stands behind a long stream is not ready at its
    start, only with its first step.
    """

    seq: int | None = None
    """Where it was seen last; None: never yet."""
    moved_at_s: float = -math.inf
    """When it was last seen to have moved on, or to have everything."""

    def is_ready(self, seq: int, head: int, now_s: float) -> bool:
        """Caught up, or moved on within STALLED_S; ``now_s`` is monotonic."""
        if seq >= head or (self.seq is not None and seq > self.seq):
            self.moved_at_s = now_s
        self.seq = seq
        return now_s - self.moved_at_s <= STALLED_S


def write(run_dir: Path, report: Report) -> None:
    """Replace the service's report; a reader never sees half of one.

    A report that cannot be written (a full disk) is left out: the probe sees that the last is old.
    """
    path = run_dir / f"{report.service}.json"
    draft = path.with_suffix(".tmp")
    with suppress(OSError):
        run_dir.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(asdict(report)), encoding="utf-8")
        draft.replace(path)


def read(path: Path) -> Report | None:
    """The last report; None: there is none, or it is unreadable."""
    try:
        report = Report(**json.loads(path.read_text(encoding="utf-8")))
        return report if datetime.fromisoformat(report.at).tzinfo else None
    except (OSError, ValueError, TypeError):
        return None


def problem(report: Report | None, now: datetime, fresh_s_max: int = FRESH_S_MAX) -> str | None:
    """What is wrong with a service, from its report; None: it is ready."""
    if report is None:
        return "has not reported yet"
    age = now - datetime.fromisoformat(report.at)
    if age > timedelta(seconds=fresh_s_max):
        return f"has not reported for {age.total_seconds():.0f} s"
    return None if report.ready else report.detail


def main() -> int:
    """Probe the report file named on the command line; exit code 0: ready."""
    said = problem(read(Path(sys.argv[1])), clock.now())
    if said:
        sys.stdout.write(said + "\n")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
