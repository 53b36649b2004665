"""``python -m tests.fuzz TARGET [--seconds N]``: fuzz one target, and say in one line what it was.

Without a target: their names. Exit code 1: there is an input that is against a rule; it lies in
the folder that is named.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from hashlib import sha1
from pathlib import Path
from time import monotonic

from tests.fuzz.target import DICTIONARIES, Target
from tests.fuzz.targets import TARGETS

ROOT = Path(__file__).parents[2]
INPUT_S_MAX = 5
"""For one input; the fence gives a whole document as much."""
MEMORY_MB_MAX = 1_500
HEADER = "| target | executions | seconds | exec/s | edges | findings |"
_DONE = re.compile(r"Done (\d+) runs in")
_PULSE = re.compile(r"#(\d+)\s.*cov: (\d+)")


def main() -> int:
    """Fuzz; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", nargs="?", choices=sorted(TARGETS))
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--runs", type=int, default=-1, help="end after so many, if it is earlier")
    parser.add_argument("--folder", type=Path, default=ROOT / ".fuzz", help="corpora and findings")
    said = parser.parse_args()
    if said.target is None:
        _say(*TARGETS)
        return 0
    target = TARGETS[said.target]
    corpus, findings = (said.folder / target.name / name for name in ("corpus", "findings"))
    _begin(target, corpus, findings)
    limits = [f"-max_total_time={said.seconds}", f"-runs={said.runs}"]
    return _fuzz(target, findings, [*limits, *_arguments(target, findings), str(corpus)])


def _begin(target: Target, corpus: Path, findings: Path) -> None:
    """Folders with the seeds in them, and with what earlier runs found; that is tried first."""
    corpus.mkdir(parents=True, exist_ok=True)
    findings.mkdir(exist_ok=True)
    found = list(findings.iterdir())
    for seed in (*target.seeds, *(one.read_bytes() for one in found)):
        (corpus / sha1(seed, usedforsecurity=False).hexdigest()).write_bytes(seed)
    for one in found:
        one.unlink()


def _arguments(target: Target, findings: Path) -> Iterable[str]:
    return (
        f"-dict={DICTIONARIES / target.dictionary}.dict",
        f"-max_len={target.bytes_max}",
        f"-timeout={INPUT_S_MAX}",
        f"-rss_limit_mb={MEMORY_MB_MAX}",
        f"-artifact_prefix={findings}/",
        "-use_value_profile=0",
    )


def _fuzz(target: Target, findings: Path, arguments: Iterable[str]) -> int:
    command = [sys.executable, "-m", "tests.fuzz.child", target.name, str(findings), *arguments]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    runs = edges = 0
    begun_s = monotonic()
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True, errors="replace"
    ) as child:
        for line in child.stderr or ():
            if pulse := _PULSE.match(line):
                runs, edges = int(pulse[1]), int(pulse[2])
            if done := _DONE.match(line):
                runs = int(done[1])
            if not pulse:
                sys.stderr.write(line)
    found = sorted(one.name for one in findings.iterdir())
    seconds = round(monotonic() - begun_s)
    rate = runs // max(1, seconds)
    row = f"| {target.name} | {runs:,} | {seconds} | {rate:,} | {edges:,} | {len(found)} |"
    _say(HEADER, row, *(str(findings / name) for name in found))
    return 1 if found or child.returncode else 0


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    sys.exit(main())
