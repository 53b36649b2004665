"""``python -m tests.fuzz.child TARGET FINDINGS [libFuzzer's arguments]``: one target under atheris.

An input that is against a rule is kept in FINDINGS, the shortest of each place, and the run goes
on; an input that takes too long or kills the process ends it, and libFuzzer keeps that one.
"""

from __future__ import annotations

import sys
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["services", "shared"]):
    from tests.fuzz.targets import TARGETS


def main(name: str, findings: Path, arguments: list[str]) -> None:
    """Fuzz until libFuzzer is done; it ends the process."""
    warnings.simplefilter("error")  # as the tests have it: what a library warns of is our doing
    warnings.simplefilter("ignore", DeprecationWarning)
    atheris.Setup([sys.argv[0], *arguments], _keeping(TARGETS[name].run, findings))
    atheris.Fuzz()


def _keeping(run: Callable[[bytes], None], findings: Path) -> Callable[[bytes], None]:
    shortest: dict[str, int] = {}

    def one(data: bytes) -> None:
        try:
            run(data)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what we are here for
            place = _place(error)
            if place not in shortest:
                sys.stderr.write(f"FINDING {place}\n")
                traceback.print_exc()
            if len(data) < shortest.get(place, len(data) + 1):
                shortest[place] = len(data)
                (findings / place).write_bytes(data)

    return one


def _place(error: Exception) -> str:
    """The kind of an error and where it was raised, fit for the name of a file."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}-{Path(frame.filename).stem}-{frame.lineno}"


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
