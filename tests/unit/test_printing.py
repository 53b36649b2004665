"""What is printed is printed to its end, or one sentence says that it was not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from shared.errors import NewswireError
from shared.printing import flushed

try:
    with flushed():
        {body}
except NewswireError as error:
    sys.exit(f"{{error}}")
"""


def ran(body: str, out: str) -> tuple[int, str]:
    """Exit code and stderr of a program whose stdout goes there."""
    command = f"exec {sys.executable} -c '{PROGRAM.format(body=body)}' {out}"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=False, timeout=30
    )
    return done.returncode, done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device is here")
@pytest.mark.parametrize(
    "body",
    ["print(1)", "print(1, flush=True)", 'print("x" * 100_000)', "print(1); sys.exit(0)"],
    ids=["at the end", "at once", "more than is held", "before an exit"],
)
def test_a_full_disk_is_one_sentence(body: str) -> None:
    assert ran(body, "> /dev/full") == (
        1, "expected to print, could not: No space left on device\n",
    )  # fmt: skip


def test_a_reader_who_has_had_enough_is_no_fault() -> None:
    assert ran('print("x\\n" * 100_000)', "> >(exit)") == (0, "")


def test_an_error_about_a_file_goes_on() -> None:
    code, said = ran('open("/nowhere/at/all")', "")

    assert code == 1
    assert "FileNotFoundError" in said
