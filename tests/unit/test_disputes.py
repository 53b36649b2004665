"""What the wire says of a doubted rate, and how a doubt ends."""

from __future__ import annotations

import pytest

from shared.events import (
    RateDisputed,
    RateQuoted,
    RateReconfirmed,
    RateRestated,
)
from tests.rate_room import RateRoom, accepted, day, quoted

QUIET = ["87.40", "87.41", "87.42", "87.41", "87.40", "87.42", "87.44", "87.45", "87.44", "87.45"]
PAIR = "USD/KGS"
SLIP = quoted("a", PAIR, "874.6", day(10))


@pytest.fixture
def room() -> RateRoom:
    """Ten quiet days."""
    made = RateRoom()
    made.history("a", PAIR, QUIET)
    return made


def test_a_doubted_rate_says_what_stands_and_moves_from_it(room: RateRoom) -> None:
    (said,) = room.hear(SLIP)

    assert isinstance(said, RateDisputed)
    assert said.standing_as_of == "2026-01-10"
    assert said.movement is not None
    assert (said.movement.previous_value, said.movement.absolute) == ("87.45", "787.15")
    assert said.methods == {"quotes": "quotes/1", "plausibility": "plausibility/1"}
    assert room.standing(SLIP.rate) == "87.45 2026-01-10"


def test_a_doubted_rate_is_not_what_the_next_is_compared_with(room: RateRoom) -> None:
    room.hear(SLIP)
    (said,) = room.hear(quoted("a", PAIR, "87.50", day(11)))

    assert isinstance(said, RateQuoted)
    assert said.movement is not None
    assert (said.movement.previous_as_of, said.movement.absolute) == ("2026-01-10", "0.05")


def test_a_first_rate_that_is_doubted_has_nothing_behind_it() -> None:
    room = RateRoom()
    (said,) = room.hear(quoted("a", "USD/TMT", "35.0"))

    assert isinstance(said, RateDisputed)
    assert (said.standing_as_of, said.movement) == (None, None)


def test_the_source_that_mends_its_slip_restates_it(room: RateRoom) -> None:
    (said,) = room.hear(SLIP, quoted("a", PAIR, "87.46", day(10)))

    assert isinstance(said, RateRestated)
    assert said.replaced_value == "874.6"
    assert room.rules(SLIP.rate) == []


def test_a_value_that_is_replaced_by_a_doubted_one_goes_on_standing(room: RateRoom) -> None:
    (said,) = room.hear(quoted("a", PAIR, "87.46", day(10)), SLIP)

    assert isinstance(said, RateDisputed)
    assert said.standing_as_of == "2026-01-11"
    assert room.standing(SLIP.rate) == "87.46 2026-01-11"


def test_a_doubted_rate_that_comes_again_is_still_doubted(room: RateRoom) -> None:
    again = quoted("a", PAIR, "874.60", day(10), change="1", change_unit="percent")
    (said,) = room.hear(SLIP, again)

    assert isinstance(said, RateDisputed)


# --- a level that is repeated -------------------------------------------------------------------


def test_the_fourth_rate_of_a_level_makes_it_real(room: RateRoom) -> None:
    """A devaluation must not lock a series: 174.90, 175.20, 174.00 and 176.00 for 87.45."""
    values = ["174.90", "175.20", "174.00"]
    for number, value in enumerate(values, 10):
        (doubted,) = room.hear(quoted("a", PAIR, value, day(number)))
        assert isinstance(doubted, RateDisputed)

    said = room.hear(quoted("a", PAIR, "176.00", day(13)))

    assert [(type(one).__name__, one.rate.as_of, one.rate.value) for one in said] == [
        ("RateQuoted", "2026-01-14", "176.00"),
        ("RateQuoted", "2026-01-11", "174.90"),
        ("RateQuoted", "2026-01-12", "175.20"),
        ("RateQuoted", "2026-01-13", "174.00"),
    ]
    assert {one.methods["accepted"] for one in said} == {"repeated/3"}
    assert said[0].movement is not None
    assert said[0].movement.previous_value == "87.45"
    (following,) = room.hear(quoted("a", PAIR, "176.50", day(14)))
    assert isinstance(following, RateQuoted)
    assert "accepted" not in following.methods


def test_rates_of_other_levels_do_not_count(room: RateRoom) -> None:
    for number, value in enumerate(["174.90", "300.00", "174.00", "20.00", "175.00"], 10):
        (said,) = room.hear(quoted("a", PAIR, value, day(number)))
        assert isinstance(said, RateDisputed)


def test_one_day_however_often_it_is_restated_counts_once(room: RateRoom) -> None:
    for value in ("174.90", "175.00", "175.10", "175.20", "175.30"):
        (said,) = room.hear(quoted("a", PAIR, value, day(10)))
        assert isinstance(said, RateDisputed)


def test_the_old_level_between_ends_the_count(room: RateRoom) -> None:
    for number, value in enumerate(["174.90", "175.20", "174.00"], 10):
        room.hear(quoted("a", PAIR, value, day(number)))
    room.hear(quoted("a", PAIR, "87.45", day(13)))
    (said,) = room.hear(quoted("a", PAIR, "175.00", day(14)))

    assert isinstance(said, RateDisputed)


def test_a_peg_that_is_given_up_is_believed_on_the_fourth_day_and_from_then_on() -> None:
    room = RateRoom()
    room.history("cbt", "USD/TMT", ["3.5000"] * 10)
    for number in range(10, 13):
        room.hear(quoted("cbt", "USD/TMT", "4.2000", day(number)))
    fourth = room.hear(quoted("cbt", "USD/TMT", "4.2000", day(13)))
    (fifth,) = room.hear(quoted("cbt", "USD/TMT", "4.2100", day(14)))
    (sixth,) = room.hear(quoted("cbt", "USD/TMT", "3.5000", day(15)))

    assert [one.methods["accepted"] for one in fourth] == ["repeated/3"] * 4
    assert fifth.methods["accepted"] == "standing"
    assert isinstance(sixth, RateDisputed)
    assert [one.rule for one in sixth.disputes] == ["jump"]


# --- what an operator accepts -------------------------------------------------------------------


def test_an_accepted_rate_is_quoted_and_stands(room: RateRoom) -> None:
    (said,) = room.hear(SLIP, accepted(SLIP))

    assert isinstance(said, RateQuoted)
    assert said.methods["accepted"] == "operator"
    assert room.standing(SLIP.rate) == "874.6 2026-01-11"


def test_an_accepted_restatement_is_one(room: RateRoom) -> None:
    (said,) = room.hear(quoted("a", PAIR, "87.46", day(10)), SLIP, accepted(SLIP))

    assert isinstance(said, RateRestated)
    assert said.replaced_value == "87.46"


def test_what_an_operator_accepts_is_a_level(room: RateRoom) -> None:
    first, second = quoted("a", PAIR, "174.90", day(10)), quoted("a", PAIR, "175.20", day(11))
    said = room.hear(first, second, accepted(first))

    assert [(one.rate.value, one.methods["accepted"]) for one in said] == [
        ("174.90", "operator"), ("175.20", "operator"),
    ]  # fmt: skip


@pytest.mark.parametrize("value", ["874.5", "87.46"])
def test_another_value_is_not_accepted_with_it(room: RateRoom, value: str) -> None:
    assert room.hear(SLIP, accepted(SLIP, value)) == []
    assert room.rules(SLIP.rate) == ["nominal"]


def test_other_digits_of_the_same_value_are_accepted(room: RateRoom) -> None:
    (said,) = room.hear(SLIP, accepted(SLIP, "874.600"))

    assert isinstance(said, RateQuoted)


def test_what_is_not_doubted_cannot_be_accepted(room: RateRoom) -> None:
    good = quoted("a", PAIR, "87.46", day(10))

    assert room.hear(good, accepted(good)) == []
    assert room.hear(accepted(quoted("b", PAIR, "87.46", day(10)))) == []


def test_what_is_accepted_beforehand_is_not_doubted(room: RateRoom) -> None:
    """The source is blocked when the operator decides; its rate is said once it is let in."""
    room.memory.blocked.add("a")
    assert room.hear(SLIP, accepted(SLIP)) == []
    room.memory.blocked.discard("a")
    (said,) = room.hear(SLIP)

    assert isinstance(said, RateQuoted)
    assert said.methods["accepted"] == "operator"


def test_what_is_accepted_is_not_doubted_again_because_of_others() -> None:
    room, rate = RateRoom(), quoted("nbkr", PAIR, "97.4500")
    others = quoted("x", PAIR, "87.4500"), quoted("y", PAIR, "87.4400")
    room.hear(*others, rate, accepted(rate))
    said = room.hear(quoted("z", PAIR, "87.4300"))

    assert [one.rate.source for one in said] == ["z"]
    assert room.rules(rate.rate) == []


# --- what a rate makes of others ----------------------------------------------------------------


def test_a_good_rate_is_doubted_once_the_others_have_come() -> None:
    room, rate = RateRoom(), quoted("nbkr", PAIR, "97.4500")
    (first,) = room.hear(rate)
    room.hear(quoted("x", PAIR, "87.4500"))
    other, doubted = room.hear(quoted("y", PAIR, "87.4400"))

    assert isinstance(first, RateQuoted)
    assert isinstance(other, RateQuoted)
    assert isinstance(doubted, RateDisputed)
    assert (doubted.rate, doubted.standing_as_of) == (rate.rate, None)
    assert room.standing(rate.rate) is None


def test_a_doubt_ends_when_the_others_are_mended() -> None:
    room, rate = RateRoom(), quoted("nbkr", PAIR, "87.4500")
    room.hear(rate, quoted("x", PAIR, "97.4500"), quoted("y", PAIR, "97.4400"))
    assert room.rules(rate.rate) == ["triangle"]

    mended, trusted, outvoted = room.hear(quoted("y", PAIR, "87.4400"))

    assert isinstance(mended, RateRestated)
    assert isinstance(trusted, RateQuoted)
    assert trusted.rate == rate.rate
    assert isinstance(outvoted, RateDisputed)
    assert outvoted.rate.source == "x"


def test_the_same_again_after_a_doubt_is_reconfirmed_by_the_day_before() -> None:
    room, rate = RateRoom(), quoted("nbkr", PAIR, "87.4500")
    room.hear(quoted("nbkr", PAIR, "87.4500", "2026-03-01"))
    room.hear(quoted("x", PAIR, "97.4500"), quoted("y", PAIR, "97.4000"), rate)
    _, trusted, _ = room.hear(quoted("y", PAIR, "87.4400"))

    assert isinstance(trusted, RateReconfirmed)
