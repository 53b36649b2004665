"""What ingest did not take: what of it is kept for operators, and what is only counted."""

from __future__ import annotations

import pytest
import structlog

from services.ingest.parse.document import Problem
from services.ingest.rejects import Rejects
from shared.counts import Counts, read
from shared.errors import Unavailable
from shared.rejects import REJECTS_MAX, Reject, unquoted
from shared.state import REJECTS
from shared.testing.memory_state import MemoryTable
from tests.builders import at

LOGGER = structlog.stdlib.get_logger("newswire")


def noting() -> Rejects:
    return Rejects(now=lambda: at(9))


async def test_a_reject_is_kept_with_its_reason_and_whose_it_was() -> None:
    rejects, kept = noting(), MemoryTable(REJECTS)
    rejects.problem("courier", Problem("empty", "the document", "expected a page, came nothing"))

    await rejects.flush(kept)

    assert await kept.all() == [
        Reject(0, at(9), "courier", "empty", 1, "the document", "expected a page, came nothing")
    ]
    assert rejects.counts.told() == {"rejects:empty": 1}


async def test_several_alike_within_one_write_are_one_that_says_how_many() -> None:
    rejects, kept = noting(), MemoryTable(REJECTS)
    for line in (1, 2, 3):
        rejects.problem("courier", Problem("line-too-long", f"line {line}", "expected less"))

    await rejects.flush(kept)

    (one,) = await kept.all()
    assert (one.times, one.where) == (3, "line 3")


async def test_a_doubt_about_what_was_taken_is_no_reject() -> None:
    rejects, kept = noting(), MemoryTable(REJECTS)
    rejects.problem("courier", Problem("date-missing", "the document", "expected a day"))

    await rejects.flush(kept)

    assert await kept.all() == []
    assert rejects.counts.told() == {"notes:date-missing": 1}


async def test_numbers_go_on_after_a_restart_and_the_oldest_goes() -> None:
    kept = MemoryTable(REJECTS)
    for run in range(REJECTS_MAX + 5):
        rejects = noting()
        rejects.note("courier", "empty", f"run {run}", "")
        await rejects.flush(kept)

    told = await kept.all()
    assert len(told) == 200
    assert (told[0].where, told[-1].where) == ("run 204", "run 5")


async def test_a_flood_keeps_the_latest_and_counts_all() -> None:
    rejects, kept = noting(), MemoryTable(REJECTS)
    for number in range(1_000):
        rejects.note(f"source-{number}", "empty", "", "")

    await rejects.flush(kept)

    told = await kept.all()
    assert len(told) == 40
    assert told[0].source == "source-999"
    assert rejects.counts.told() == {"rejects:empty": 1_000}


async def test_what_could_not_be_kept_waits() -> None:
    class Away(MemoryTable[Reject]):
        async def replace(self, _rows: object) -> None:
            raise Unavailable("Redis does not answer")

    rejects, kept = noting(), MemoryTable(REJECTS)
    rejects.note("courier", "empty", "", "")
    with pytest.raises(Unavailable):
        await rejects.flush(Away(REJECTS))

    await rejects.flush(kept)

    assert len(await kept.all()) == 1


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("expected a page", "expected a page"),
        ("expected a day, came “Tenge firms”; it was cut", "expected a day, came “…”; it was cut"),
        ("came “one ” and “ two”, twice", "came “…”, twice"),
        ("came “what has no end", "came “…”"),
        ("x" * 300, "x" * 199 + "…"),
    ],
)
def test_a_documents_own_words_are_left_out(text: str, kept: str) -> None:
    assert unquoted(text) == kept


async def test_secrets_of_addresses_and_what_steers_a_terminal_are_left_out() -> None:
    rejects, kept = noting(), MemoryTable(REJECTS)
    rejects.note("a", "empty", "https://x.example/?api_key=9f3", "bad\nline \x1b[2J")

    await rejects.flush(kept)

    (one,) = await kept.all()
    assert "9f3" not in one.where
    assert one.expected == "bad\\nline \\x1b[2J"


def test_labels_of_a_count_have_an_end() -> None:
    counts = Counts()
    for number in range(100):
        counts.add("rejects", f"reason-{number}")

    assert len(counts.told()) == 61
    assert counts.told()["rejects:other"] == 40


def test_counts_of_a_later_version_are_passed_over() -> None:
    assert read({"rejects:empty": 2, "flights:long": 1, "rejects": 3})["rejects"] == {"empty": 2}
