"""``python -m tests.benchmarks.rates``: what the latest rates and the ticker take in-process."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from services.api.rates import items, latest, queries, ticker
from shared import views
from tests.view_files import TODAY, ViewFile

SERIES: Final = 701
DAYS: Final = 43
ROUNDS: Final = 25


def fill(folder: Path, series: int = SERIES, days: int = DAYS) -> ViewFile:
    """Banks with seventy currencies each."""
    view = ViewFile(folder)
    codes = ["".join(letters) for letters in product("ABCDEFG", "KLMNO", "RS")]
    with views.transaction(view.connection):
        for number, day in product(range(series), range(days)):
            bank, code = divmod(number, len(codes))
            as_of = (date(2026, 1, 1) + timedelta(days=day)).isoformat()
            value, source = f"{80 + (number * 7 + day) % 50 / 10:.4f}", f"bank-{bank:03}"
            view.rate(f"{codes[code]}/KGS", value, as_of, source=source, kind="official")
    view.publish()
    return view


def _ms(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        work()
        taken.append((time.process_time() - begin) * 1_000)
    return median(taken)


def main() -> None:
    """Print both, in milliseconds."""
    with TemporaryDirectory() as folder:
        connection = fill(Path(folder)).connection

        def listed() -> list[str]:
            found = latest.latest(connection, queries.known(connection))
            return [items.joined(one.json(), items.age(one.rhythm(TODAY))) for one in found]

        sys.stdout.write(f"latest of {SERIES} series: {_ms(listed):.1f} ms of processor\n")
        quoted = _ms(lambda: ticker.quotes(connection, None, ticker.QUOTES_SHOWN_MAX))
        sys.stdout.write(f"ticker of the front page: {quoted:.1f} ms of processor\n")


if __name__ == "__main__":
    main()
