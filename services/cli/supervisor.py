"""The supervisor: keeps processes running, says what happens to them, and ends them in order.

One plain loop in the main thread, because Linux ties "end with your parent" to the thread that
started the child. What it decides (how long to pause, what to say) is pure and stands at the end.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import Literal, Protocol, Self

from shared.clock import monotonic_s
from shared.embedded import last_lines

PAUSE_S_MIN = 0.2
PAUSE_S_MAX = 10.0
LIFE_S_MIN = 30.0  # one that lived so long has not failed to start
FAILURES_SHOWN = (
    5  # failed starts in a row, after which the log's end is shown: 6 s, then each 50 s
)
_TICK_S = 0.05

Outcome = Literal["met", "late", "stopping"]
Say = Callable[[str], None]
_Handler = Callable[[int, FrameType | None], object] | int | None


class Ward(Protocol):
    """What is supervised: a :class:`services.cli.program.Program`, or the embedded log."""

    @property
    def name(self) -> str:
        """What it is called in the lines about it."""

    @property
    def log(self) -> Path | None:
        """Where it writes; None when its output is shown."""

    @property
    def pid(self) -> int | None:
        """Its process id; None before its first start."""

    def spawn(self) -> None:
        """Start it and return at once."""

    def poll(self) -> int | None:
        """Its exit code (negative: the signal), or None while it lives."""

    def send(self, signum: signal.Signals) -> None:
        """Send it a signal; nothing happens when it has ended."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Wards that end together: asked first, and killed after ``grace_s``."""

    wards: Sequence[Ward]
    grace_s: float


@dataclass(slots=True)
class _Watch:
    """One ward under supervision; ``again_at_s`` is when to start it again, None while it lives."""

    ward: Ward
    started_at_s: float
    pause_s: float = 0.0
    again_at_s: float | None = None
    failures: int = 0
    """Starts in a row that it did not outlive for LIFE_S_MIN."""


class Supervisor:
    """Runs stages of wards as a context: signals are ours inside, everything has ended after it.

    SIGINT, SIGTERM and SIGHUP ask it to stop; a second one kills what still runs. Stages end in
    reverse order, so the log outlives its writers.
    """

    def __init__(self, stages: Sequence[Stage], say: Say) -> None:
        self._stages = stages
        self._say = say
        self._watched: list[_Watch] = []
        self._signals = 0
        self._handlers: dict[signal.Signals, _Handler] = {}

    def __enter__(self) -> Self:
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            is_nohup = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
            # A shell ignores SIGINT for what it starts in the background: sent to us, it is meant.
            if signum != signal.SIGHUP or not is_nohup:
                self._handlers[signum] = signal.signal(signum, self._on_signal)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for stage in reversed(self._stages):
            end(stage, lambda: self._signals > 1)
        for signum, handler in self._handlers.items():
            signal.signal(signum, handler)

    def watch(self, ward: Ward) -> None:
        """Keep a ward running from here on; it was started by the caller."""
        self._watched.append(_Watch(ward, started_at_s=monotonic_s()))

    def run_until(self, is_met: Callable[[], bool], within_s: float = float("inf")) -> Outcome:
        """Supervise until the condition holds, the time is over, or a signal asks to stop."""
        deadline_s = monotonic_s() + within_s
        while not self._signals:
            for watch in self._watched:
                self._look_at(watch, monotonic_s())
            if is_met():
                return "met"
            if monotonic_s() > deadline_s:
                return "late"
            time.sleep(_TICK_S)
        return "stopping"

    def _look_at(self, watch: _Watch, now_s: float) -> None:
        if watch.again_at_s is None:
            if (code := watch.ward.poll()) is not None:
                self._plan_restart(watch, code, now_s)
        elif now_s >= watch.again_at_s:
            watch.ward.spawn()
            watch.started_at_s, watch.again_at_s = now_s, None

    def _plan_restart(self, watch: _Watch, code: int, now_s: float) -> None:
        lived_s = now_s - watch.started_at_s
        watch.pause_s = next_pause_s(watch.pause_s, lived_s=lived_s)
        watch.failures = 0 if lived_s >= LIFE_S_MIN else watch.failures + 1
        watch.again_at_s = now_s + watch.pause_s
        name, log = watch.ward.name, watch.ward.log
        self._say(ended(name, code, watch.pause_s, log))
        if log and watch.failures and watch.failures % FAILURES_SHOWN == 0:
            self._say(keeps_ending(name, watch.failures, log, last_lines(log)))

    def _on_signal(self, _signum: int, _frame: FrameType | None) -> None:
        self._signals += 1


def end(stage: Stage, is_urgent: Callable[[], bool]) -> None:
    """End every ward of a stage: SIGTERM, then SIGKILL when its grace is over or it is urgent."""
    for ward in stage.wards:
        ward.send(signal.SIGTERM)
    deadline_s = monotonic_s() + stage.grace_s
    while _alive(stage) and monotonic_s() < deadline_s and not is_urgent():
        time.sleep(_TICK_S / 5)
    for ward in _alive(stage):
        ward.send(signal.SIGKILL)
    while _alive(stage):
        time.sleep(_TICK_S / 5)


def _alive(stage: Stage) -> list[Ward]:
    return [ward for ward in stage.wards if ward.pid is not None and ward.poll() is None]


def next_pause_s(previous_s: float, *, lived_s: float) -> float:
    """How long to wait before a restart: 0.2 s, doubling to 10 s, afresh after 30 s of life."""
    if lived_s >= LIFE_S_MIN or previous_s == 0:
        return PAUSE_S_MIN
    return min(previous_s * 2, PAUSE_S_MAX)


def ended(name: str, code: int, pause_s: float, log: Path | None) -> str:
    """The line about a ward that ended without being asked to."""
    where = f" (see {log})" if log else ""
    return f"{name} ended {fate(code)}; started again in {pause_s:.1f} s{where}"


def keeps_ending(name: str, failures: int, log: Path, end_of_log: str) -> str:
    """The lines about a ward that fails whenever it is started: what it said at last."""
    return f"{name} has failed {failures} times in a row. The end of {log}:\n{end_of_log}"


def fate(code: int) -> str:
    """An exit code in words: ``with code 1``, ``by SIGKILL``."""
    if code >= 0:
        return f"with code {code}"
    try:
        return f"by {signal.Signals(-code).name}"
    except ValueError:  # a real-time signal has no name
        return f"by signal {-code}"
