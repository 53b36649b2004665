"""Settings, read once from ``NEWSWIRE_*``. docs/operations.md lists them; a test compares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, cast, get_args

from shared.errors import Rejected

Durability = Literal["always", "declared", "relaxed"]
LogLevel = Literal["debug", "info", "warning", "error"]

NAMES: Final[dict[str, str]] = {
    "NEWSWIRE_REDIS_URL": "The Redis that holds the log; empty: `newswire up` starts its own.",
    "NEWSWIRE_DESK": "Name of the desk, the hash tag of every key.",
    "NEWSWIRE_DATA_DIR": "Directory of the views, the embedded log and the run files.",
    "NEWSWIRE_INBOX_DIR": "Directory that ingest watches: one folder per source, documents in it.",
    "NEWSWIRE_INBOX_INTERVAL_S": "Seconds between two looks into the inbox.",
    "NEWSWIRE_HOST": "Address that the api listens on.",
    "NEWSWIRE_PORT": "Port that the api listens on.",
    "NEWSWIRE_DURABILITY": "`always`: refuse a Redis that does not fsync every event; `declared`: "
    "CONFIG is barred, the operator vouches for it; `relaxed`: take any.",
    "NEWSWIRE_LOG_LEVEL": "`debug`, `info`, `warning` or `error`.",
}
"""Every setting with its meaning."""


@dataclass(frozen=True)
class Settings:
    """What an operator decides."""

    redis_url: str = "redis://127.0.0.1:6379/0"
    desk: str = "newswire"
    data_dir: Path = Path(".newswire")
    inbox_dir: Path = Path(".newswire/inbox")
    inbox_interval_s: float = 2.0
    host: str = "127.0.0.1"
    port: int = 8000
    durability: Durability = "always"
    log_level: LogLevel = "info"

    @property
    def views_dir(self) -> Path:
        """Where the view files are."""
        return self.data_dir / "views"

    @property
    def run_dir(self) -> Path:
        """Where services say how they are."""
        return self.data_dir / "run"


def read(environ: Mapping[str, str]) -> Settings:
    """Settings from the environment; what is not set, or empty, has its default.

    Raises:
        Rejected: a value is not of its kind.
    """
    given = {name: text for name, text in environ.items() if name in NAMES and text}
    data_dir = Path(given.get("NEWSWIRE_DATA_DIR", Settings.data_dir))
    return Settings(
        redis_url=given.get("NEWSWIRE_REDIS_URL", Settings.redis_url),
        desk=_word(given.get("NEWSWIRE_DESK", Settings.desk)),
        data_dir=data_dir,
        inbox_dir=Path(given.get("NEWSWIRE_INBOX_DIR", data_dir / "inbox")),
        inbox_interval_s=_seconds(given, "NEWSWIRE_INBOX_INTERVAL_S", Settings.inbox_interval_s),
        host=given.get("NEWSWIRE_HOST", Settings.host),
        port=_port(given, "NEWSWIRE_PORT", Settings.port),
        durability=cast(
            "Durability", _one_of(given, "NEWSWIRE_DURABILITY", get_args(Durability), "always")
        ),
        log_level=cast(
            "LogLevel", _one_of(given, "NEWSWIRE_LOG_LEVEL", get_args(LogLevel), "info")
        ),
    )


def _word(desk: str) -> str:
    if not desk.replace("-", "").isalnum():
        raise Rejected(f"NEWSWIRE_DESK: expected letters, digits and hyphens, found {desk!r}")
    return desk


def _seconds(given: Mapping[str, str], name: str, default: float) -> float:
    text = given.get(name, str(default))
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 3600:
        raise Rejected(f"{name}: expected seconds between 0 and 3600, found {text!r}")
    return value


def _port(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name, str(default))
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Rejected(f"{name}: expected a port between 1 and 65535, found {text!r}")
    return int(text)


def _one_of(given: Mapping[str, str], name: str, choices: tuple[str, ...], default: str) -> str:
    text = given.get(name, default)
    if text not in choices:
        raise Rejected(f"{name}: expected one of {', '.join(choices)}, found {text!r}")
    return text
