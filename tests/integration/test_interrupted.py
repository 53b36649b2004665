"""A command that runs another one ends with it, also when that one does not want to."""

from __future__ import annotations

import os
import sys

from services.cli.logs import run_within

STUBBORN = """
import os, signal, threading

for signum in (signal.SIGTERM, signal.SIGINT):
    signal.signal(signum, signal.SIG_IGN)
os.kill(os.getppid(), signal.SIGINT)
threading.Event().wait()
"""


def test_an_import_that_does_not_end_after_an_interrupt_is_killed() -> None:
    assert run_within([sys.executable, "-c", STUBBORN], dict(os.environ), grace_s=0.2) == 130
