from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from shared.instants import from_posix, rfc3339, too_far_ahead

NOW = datetime(2026, 3, 2, 6, 10, tzinfo=UTC)


def test_an_instant_is_text_in_utc() -> None:
    almaty = timezone(timedelta(hours=5))

    assert rfc3339(datetime(2026, 3, 2, 11, 10, tzinfo=almaty)) == "2026-03-02T06:10:00Z"
    assert rfc3339(NOW.replace(microsecond=500)) == "2026-03-02T06:10:00.000500Z"


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_an_instant_that_utc_has_not_is_no_text(text: str) -> None:
    with pytest.raises(ValueError, match="expected an instant of the years 1 to 9999, came "):
        rfc3339(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("posix_s", "expected"),
    [
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (-1, datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (253402300799, datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_the_time_of_a_file_is_an_instant(posix_s: float, expected: datetime) -> None:
    assert from_posix(posix_s) == expected


@pytest.mark.parametrize("posix_s", [-62135596800, -62167219200, 253402300800, 1e30, -1e30])
def test_a_time_of_year_0_or_10000_is_none(posix_s: float) -> None:
    with pytest.raises(ValueError, match="expected a time "):
        from_posix(posix_s)


def test_an_observation_may_lie_a_day_ahead_and_no_more() -> None:
    assert too_far_ahead(NOW, NOW) is None
    assert too_far_ahead(NOW + timedelta(days=1), NOW) is None
    assert too_far_ahead(NOW + timedelta(days=1, seconds=1), NOW) == (
        "expected an instant up to 2026-03-03T06:10:00Z, came 2026-03-03T06:10:01Z"
    )


def test_an_observation_at_the_end_of_all_years_is_too_far_ahead() -> None:
    ends_at = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)

    assert too_far_ahead(ends_at, NOW) is not None
