"""The dead letters of a consumer as a fold: which are open, to be retried, given up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from shared.envelope import Recorded
from shared.events import DeadLetterEvent
from shared.house_events import DeadLetterParked, DeadLetterSettled
from shared.letters import Letters
from shared.streams import Position
from tests.wire_builders import dropped, retried

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
A, B = "urn:newswire:article:a", "urn:newswire:article:b"


def parked(
    seq: int,
    subject: str = A,
    reason: Literal["failed", "behind"] = "failed",
    consumer: str = "enrichment.articles",
) -> DeadLetterParked:
    return DeadLetterParked(
        consumer=consumer,
        stream="articles",
        position=f"{seq}-0",
        seq=seq,
        event_id=f"event-{seq}",
        event_type="newswire.article.received",
        subject=subject,
        reason=reason,
        error="ValueError: no",
        attempts=3,
        code_version="1.0",
        parked_at=AT,
    )


def settled(seq: int, subject: str = A) -> DeadLetterSettled:
    said = {"consumer": "enrichment.articles", "stream": "articles", "position": f"{seq}-0"}
    return DeadLetterSettled(
        **said, seq=seq, event_id=f"event-{seq}", subject=subject, settled_at=AT
    )


def folded(*events: DeadLetterEvent) -> Letters:
    """A history of letters; the version of each event counts those about its letter."""
    letters, versions = Letters("enrichment.articles"), dict[int, int]()
    for place, event in enumerate(events, 1):
        seq = getattr(event, "seq", 0)
        versions[seq] = versions.get(seq, 0) + 1
        letters.fold(
            Recorded(
                "deadletters", Position(f"{place}-0"), place, versions[seq], "id", "source", "type",
                "subject", AT, AT, "lineage", None, None, event,
            )
        )  # fmt: skip
    return letters


def seqs(letters: Letters, subject: str = A) -> list[int]:
    return [letter.parked.seq for letter in letters.of(subject)]


def test_what_was_parked_is_open_until_it_is_settled() -> None:
    letters = folded(parked(1), parked(5, A, "behind"), parked(3, B))

    assert letters.subjects() == {A, B}
    assert [letter.parked.seq for letter in letters.all()] == [1, 3, 5]
    assert [letters.is_set_aside(seq) for seq in (1, 2, 3, 5)] == [True, False, True, True]
    assert letters.open(2) is None
    assert folded(parked(1), settled(1)).subjects() == set()


def test_letters_of_another_consumer_are_not_ours() -> None:
    letters = folded(parked(1, consumer="enrichment.rates"), retried(A, "enrichment.rates"))

    assert letters == Letters("enrichment.articles")


def test_a_retry_is_of_what_is_open_and_in_the_order_of_its_events() -> None:
    letters = folded(parked(1), parked(9, A, "behind"), parked(5, A, "behind"), retried(A))

    assert letters.to_be_retried() == [A]
    assert seqs(letters) == [1, 5, 9]
    assert folded(retried(A), parked(1)).to_be_retried() == []


def test_a_retry_ends_when_all_letters_are_settled() -> None:
    begun = folded(parked(1), parked(2, A, "behind"), retried(A), settled(1))
    ended = folded(parked(1), parked(2, A, "behind"), retried(A), settled(1), settled(2))

    assert (begun.to_be_retried(), seqs(begun)) == ([A], [2])
    assert (ended.to_be_retried(), ended.subjects()) == ([], set())


def test_a_retry_that_fails_leaves_the_rest_open_until_the_next_decision() -> None:
    history = (parked(1), parked(2, A, "behind"), retried(A), parked(1))
    letters = folded(*history)

    assert letters.to_be_retried() == []
    assert seqs(letters) == [1, 2]
    assert [letter.version for letter in letters.of(A)] == [2, 1]
    assert letters.next_version(1) == 3
    assert folded(*history, retried(A)).to_be_retried() == [A]


def test_what_was_dropped_is_set_aside_for_ever_and_its_subject_is_free() -> None:
    letters = folded(parked(1), parked(2, A, "behind"), parked(3, B), retried(A), dropped(A))

    assert letters.subjects() == {B}
    assert letters.to_be_retried() == []
    assert letters.dropped == {1, 2}
    assert letters.is_set_aside(1)


def test_an_event_that_was_taken_in_just_before_it_was_dropped_is_taken_in() -> None:
    letters = folded(parked(1), parked(2, A, "behind"), retried(A), dropped(A), settled(1))

    assert [letters.is_set_aside(seq) for seq in (1, 2)] == [False, True]


def test_what_was_parked_behind_letters_that_were_just_dropped_is_retried() -> None:
    letters = folded(parked(1), dropped(A), parked(2, A, "behind"))

    assert letters.to_be_retried() == [A]
    assert seqs(letters) == [2]


def test_a_letter_keeps_counting_after_it_was_settled() -> None:
    """An embargoed article that was taken in by a retry can fail again at its hour."""
    letters = folded(parked(1), retried(A), settled(1))

    assert letters.next_version(1) == 3
    assert letters.next_version(2) == 1
