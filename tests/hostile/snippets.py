"""The hostile texts of ``snippets.txt``, made for one run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("snippets.txt")
SCRIPT: Final = "window.hostile=1"
"""What a script does that runs; a page in which ``window.hostile`` is anything has failed."""
_HREF: Final = re.compile(r"href=(?:\"([^\"]*)\"|'([^']*)'|([^\s>]*))")


def snippets(port: int) -> list[str]:
    """All of them; ``port`` is of loopback, and nobody may ask there."""
    return [_made(line, port) for line in _lines()]


def addresses(port: int) -> list[str]:
    """Addresses that no reader may be led to, as they stand in the texts."""
    found = (_HREF.search(text) for text in snippets(port))
    return list(dict.fromkeys(text for one in found if one for text in one.groups() if text))


def _lines() -> list[str]:
    lines = FILE.read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _made(line: str, port: int) -> str:
    text = line.encode("ascii").decode("unicode_escape")
    text = text.replace("CANARY", f"http://127.0.0.1:{port}").replace("PORT", str(port))
    return text.replace("RUN", SCRIPT)
