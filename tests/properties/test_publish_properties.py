"""Whatever a page showed, and however often it is sent again: the log is the same."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.ingest.observe import Sighting
from shared.testing.memory_log import MemoryLog
from tests.builders import at, contents, entry, page, publisher, quotation, words

APART: Final = (0, 1, 2, 30, 31, 60)
"""First words of texts that are nearly the same or have nothing in common."""
DRIFTING: Final = tuple(range(0, 25, 3))
"""First words of texts of which each is much like the next, and the first nothing like the last."""
RUNS: Final = 10
"""Runs of three words in each text."""

Look = tuple[list[tuple[str, int]], str]
"""What a page showed once: headlines over texts by their first word, and KZT/USD."""

LOOKS_A_DAY: Final = 4
"""So many observations of one rate as of one day; the later ones restate."""


def looks(texts: Sequence[int]) -> st.SearchStrategy[list[Look]]:
    """A page as it was seen some times, one after the other."""
    entries = st.tuples(st.sampled_from(["Climate", "Weather", "Snow"]), st.sampled_from(texts))
    rates = st.sampled_from(["", "0.1", "0.10", "0.2"])
    return st.lists(st.tuples(st.lists(entries, max_size=3), rates), min_size=1, max_size=6)


def pages_of(shown: Sequence[Look]) -> list[Sighting]:
    """These looks as pages, the times rising."""
    return [
        page(
            at(2 + n // LOOKS_A_DAY, 6 * (n % LOOKS_A_DAY)),
            *(entry(headline, words(begin, begin + RUNS + 2)) for headline, begin in entries),
            rates=[quotation(value=rate)] if rate else [],
        )
        for n, (entries, rate) in enumerate(shown)
    ]


def log_after(pages: Sequence[Sighting], *, restarts: bool = True) -> list[dict[bytes, bytes]]:
    """What the log holds when these pages were published in this order."""

    async def publish() -> list[dict[bytes, bytes]]:
        log = MemoryLog()
        ours = publisher(log)
        for seen in pages:
            ours = publisher(log) if restarts else ours
            await ours.publish(seen)
        return await contents(log)

    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        return runner.run(publish())


def described(entries: Sequence[dict[bytes, bytes]]) -> list[str]:
    """Subject and version of each entry."""
    return [f"{each[b'subject'].decode()} {each[b'version'].decode()}" for each in entries]


@pytest.mark.parametrize("texts", [APART, DRIFTING], ids=["apart", "drifting"])
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_was_sent_before_may_be_sent_again_at_any_time_in_any_order(
    texts: Sequence[int], data: st.DataObject
) -> None:
    """Prefixes, late retries, restarts in between: the log is as if each were sent once."""
    shown = data.draw(looks(texts))
    again = [data.draw(st.lists(st.integers(0, n), max_size=3)) for n in range(len(shown))]
    pages = pages_of(shown)
    sent = [pages[m] for n, late in enumerate(again) for m in (n, *late)]

    once, repeated = log_after(pages, restarts=False), log_after(sent, restarts=True)

    assert described(repeated) == described(once)
    assert repeated == once


@pytest.mark.parametrize("texts", [APART, DRIFTING], ids=["apart", "drifting"])
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_whole_recording_sent_again_any_number_of_times_gives_the_same_log(
    texts: Sequence[int], data: st.DataObject
) -> None:
    pages = pages_of(data.draw(looks(texts)))
    times = data.draw(st.integers(2, 3))

    once, repeated = log_after(pages), log_after(pages * times)

    assert described(repeated) == described(once)
    assert repeated == once
