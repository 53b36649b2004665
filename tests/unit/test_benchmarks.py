from __future__ import annotations

import subprocess
import sys

import pytest

from tests.benchmarks.measure import Row

ROWS = (
    "append, articles of 3.6 kB, Valkey",
    "append, all unchanged, articles of 3.6 kB, Valkey",
    "commit, articles of 3.6 kB, Valkey",
    "append, rates of 0.9 kB, Valkey",
    "append, all unchanged, rates of 0.9 kB, Valkey",
    "commit, rates of 0.9 kB, Valkey",
    "catch-up reading, articles of 3.6 kB",
    "catch-up reading, rates of 0.9 kB",
    "projection, articles",
    "projection, rates",
    "enrichment, articles",
    "enrichment, rates",
    "enrich() and reading, 600 words",
    "one decision beside 300, ms, p50",
    "one decision beside 300, ms, p99",
    "one read and decided beside 300, ms, p50",
    "one read and decided beside 300, ms, p99",
    "memory of 300, bytes an article",
    "index of 300, bytes an article; datasketch",
    "index of 300, inserts; datasketch",
    "index of 300, queries; datasketch",
    "3 feeds of an inbox to the log",
    "50 sources beside 12 hostile, ms, p50",
    "50 sources beside 12 hostile, ms, p95",
    "memory beside 12 hostile, MB above start",
    "one article, end to end, ms, p50 of 10",
    "one article, end to end, ms, p99 of 10",
    "push to live stream at 100/s, ms, p50 of 300",
    "push to live stream at 100/s, ms, p99 of 300",
    "api, article of 200, requests/s",
    "api, list of 50 of 200, requests/s",
    "api, search in 200, requests/s",
    "api, article, µs of the processor",
    "api, list, µs of the processor",
    "api, search, µs of the processor",
    "api, % of a core that asking takes",
    "api, article at half load, ms, p50",
    "api, article at half load, ms, p99",
    "api, list at half load, ms, p50",
    "api, list at half load, ms, p99",
    "api, search at half load, ms, p50",
    "api, search at half load, ms, p99",
    "api, requests refused",
)


@pytest.mark.timeout(300)  # it runs everything once
def test_a_quick_run_prints_every_row_and_fails_for_no_target() -> None:
    run = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.benchmarks", "--quick"],
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )

    assert (run.returncode, run.stderr) == (0, "")
    said = [line[:50].rstrip() for line in run.stdout.splitlines()]
    assert [row for row in said if row in ROWS] == [*ROWS]


def test_a_ratio_is_taken_round_by_round() -> None:
    row = Row("append", ours=[50.0, 90.0, 10.0], peer=[100.0, 100.0, 100.0], target=0.6)

    assert row.ratios == [0.5, 0.9, 0.1]
    assert row.is_missed


@pytest.mark.parametrize("target", [None, 0.5])
def test_a_target_is_missed_below_it_only(target: float | None) -> None:
    assert not Row("append", ours=[50.0], peer=[100.0], target=target).is_missed


@pytest.mark.parametrize(("took_ms", "is_missed"), [(50.0, False), (50.1, True)])
def test_a_latency_is_missed_above_its_most_only(took_ms: float, is_missed: bool) -> None:  # noqa: FBT001 - one of the values
    row = Row("push", ours=[took_ms], most=50.0, digits=1)

    assert row.is_missed is is_missed
    assert row.line().split()[:4] == ["push", str(took_ms), "≤", "50"]


def test_a_row_shows_median_lowest_and_highest() -> None:
    row = Row("append", ours=[5_000.0, 9_000.0, 1_000.0], peer=[10_000.0] * 3, target=0.4)

    assert row.line().split() == [
        "append",
        *("5,000", "(1,000–9,000)"),
        *("10,000", "(10,000–10,000)"),
        *("0.50", "(0.10–0.90)"),
        *("≥", "0.4"),
    ]
