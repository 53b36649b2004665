"""Settings, read once from ``NEWSWIRE_*``. docs/operations.md lists them; a test compares."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Final, Literal, cast, get_args
from urllib.parse import SplitResult, parse_qs, urlsplit

from shared import hubs
from shared.errors import Rejected, UnsafeLog
from shared.keys import KEY

Durability = Literal["always", "declared", "relaxed"]
StatusLevel = Literal["public", "full", "off"]
"""Without what anybody has written; with it; nothing."""
LogLevel = Literal["debug", "info", "warning", "error"]

NAMES: Final[dict[str, str]] = {
    "NEWSWIRE_REDIS_URL": "The Redis that holds the log; empty: `newswire up` starts its own.",
    "NEWSWIRE_DESK": "Name of the desk, the hash tag of every key.",
    "NEWSWIRE_DATA_DIR": "Directory of the views, the embedded log and the run files.",
    "NEWSWIRE_INBOX_DIR": "Directory that ingest watches: one folder per source, documents in it.",
    "NEWSWIRE_INBOX_INTERVAL_S": "Seconds between two looks into the inbox.",
    "NEWSWIRE_SOURCES": "The file that names the sources; `sources.toml` in the data directory.",
    "NEWSWIRE_HOST": "Address that the api listens on.",
    "NEWSWIRE_PORT": "Port that the api listens on.",
    "NEWSWIRE_STATUS": "What the api tells anybody of how the desk is: `public`: no sentence; "
    "`full`: all; `off`: nothing.",
    "NEWSWIRE_URL": "Where readers reach the api, for links in feeds; empty: host and port.",
    "NEWSWIRE_CONTACT": "Where readers find the desk: a URL or a mail address; empty: nowhere.",
    "NEWSWIRE_CORS": "Sites whose scripts may read the api, with commas; `*`: any; empty: none.",
    "NEWSWIRE_PUSH_HOST": "Address that ingest listens on for what partners push.",
    "NEWSWIRE_PUSH_PORT": "Port that ingest listens on for what partners push.",
    "NEWSWIRE_PUSH_URL": "Where commands find the push door of a stack known by its Redis only.",
    "NEWSWIRE_PUSH_REQUESTS_PER_MINUTE": "Requests that one key may send; 0: any number.",
    "NEWSWIRE_PUSH_ITEMS_PER_MINUTE": "Items that one key may send; 0: any number.",
    "NEWSWIRE_WEBSUB_URL": "Where the world reaches the push door, for hubs; empty: no WebSub.",
    "NEWSWIRE_WEBSUB_HUB": "A hub that is told when our feeds change; empty: none is.",
    "NEWSWIRE_ADMIN_KEY": "An operator's key, which ingest keeps under the name admin.",
    "NEWSWIRE_FETCH_ALLOW": "Networks that may be fetched from though they are not public.",
    "NEWSWIRE_FETCH_PORTS": "Ports that may be fetched from.",
    "NEWSWIRE_FETCH_CONTACT": "Where a publisher finds us: a URL or mail for the User-Agent.",
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
    sources_file: Path = Path(".newswire/sources.toml")
    host: str = "127.0.0.1"
    port: int = 8000
    status: StatusLevel = "public"
    url: str | None = None
    """Without a slash at its end; None: nobody said (``public_url``)."""
    contact: str | None = None
    """None: /about names none."""
    cors: tuple[str, ...] = ()
    """Origins, without a slash at their end; ``*`` alone: any."""
    push_host: str = "127.0.0.1"
    push_port: int = 8001
    push_requests_per_minute: int = 600
    push_items_per_minute: int = 60_000
    websub_url: str | None = None
    """Without a slash at its end; None: no hub is asked for anything."""
    websub_hub: str | None = None
    """Feeds name it, and ingest tells it of them; None: they name none."""
    admin_key: str | None = field(default=None, repr=False)
    """A secret; None: operators have the keys that were made for them."""
    fetch_allow: tuple[IPv4Network | IPv6Network, ...] = ()
    fetch_ports: frozenset[int] = frozenset({80, 443})
    fetch_contact: str | None = None
    """None: publishers are told the product's name alone."""
    durability: Durability = "always"
    log_level: LogLevel = "info"

    @property
    def public_url(self) -> str | None:
        """Where readers reach the api, without a slash at its end; None: it is not known.

        An api that listens on every address of a machine cannot say which one readers use.
        """
        if self.url or self.host in _EVERY_ADDRESS:
            return self.url
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def views_dir(self) -> Path:
        """Where the view files are."""
        return self.data_dir / "views"

    @property
    def snapshots_dir(self) -> Path:
        """Where enrichment keeps its memory between two starts."""
        return self.data_dir / "snapshots"

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
    url = _url(given, "NEWSWIRE_URL")
    return Settings(
        redis_url=redis_url(given.get("NEWSWIRE_REDIS_URL", Settings.redis_url)),
        desk=_word(given.get("NEWSWIRE_DESK", Settings.desk)),
        data_dir=data_dir,
        inbox_dir=Path(given.get("NEWSWIRE_INBOX_DIR", data_dir / "inbox")),
        inbox_interval_s=_seconds(given, "NEWSWIRE_INBOX_INTERVAL_S", Settings.inbox_interval_s),
        sources_file=Path(given.get("NEWSWIRE_SOURCES", data_dir / "sources.toml")),
        host=given.get("NEWSWIRE_HOST", Settings.host),
        port=_port(given, "NEWSWIRE_PORT", Settings.port),
        status=cast(
            "StatusLevel", _one_of(given, "NEWSWIRE_STATUS", get_args(StatusLevel), "public")
        ),
        url=url,
        contact=_contact(given, "NEWSWIRE_CONTACT"),
        cors=_origins(given, "NEWSWIRE_CORS"),
        push_host=given.get("NEWSWIRE_PUSH_HOST", Settings.push_host),
        push_port=_port(given, "NEWSWIRE_PUSH_PORT", Settings.push_port),
        push_requests_per_minute=_whole(
            given, "NEWSWIRE_PUSH_REQUESTS_PER_MINUTE", Settings.push_requests_per_minute
        ),
        push_items_per_minute=_whole(
            given, "NEWSWIRE_PUSH_ITEMS_PER_MINUTE", Settings.push_items_per_minute
        ),
        websub_url=hubs.callback_base(given.get("NEWSWIRE_WEBSUB_URL", "")),
        websub_hub=hubs.hub(given.get("NEWSWIRE_WEBSUB_HUB", ""), url),
        admin_key=_key(given, "NEWSWIRE_ADMIN_KEY"),
        fetch_allow=_networks(given, "NEWSWIRE_FETCH_ALLOW"),
        fetch_ports=_ports(given, "NEWSWIRE_FETCH_PORTS", Settings.fetch_ports),
        fetch_contact=_contact(given, "NEWSWIRE_FETCH_CONTACT"),
        durability=cast(
            "Durability", _one_of(given, "NEWSWIRE_DURABILITY", get_args(Durability), "always")
        ),
        log_level=cast(
            "LogLevel", _one_of(given, "NEWSWIRE_LOG_LEVEL", get_args(LogLevel), "info")
        ),
    )


def redis_url(text: str) -> str:
    """The URL as it was given, when it says where a Redis is; parameters are the client's matter.

    Stricter than the client, which takes database 0 for a number that it cannot read, and the user
    for the host where a password has a ``?`` or ``#``.

    Raises:
        Rejected: it does not; the message leaves out what may be a password.
    """
    try:
        is_url = text.startswith(_REDIS_SCHEMES) and _says_where(urlsplit(text))
    except ValueError:  # a port that is no number, an open bracket, a parameter without a value
        is_url = False
    if not is_url:
        raise Rejected(
            "NEWSWIRE_REDIS_URL: expected redis://[user:password@]host[:port][/number], the same "
            f"with rediss:// for TLS, or unix:///path, found {without_password(text)!r}. Write "
            "`/`, `?`, `#` and `@` in a password as %2F, %3F, %23 and %40."
        )
    return text


_REDIS_SCHEMES: Final = ("redis://", "rediss://", "unix://")


def _says_where(url: SplitResult) -> bool:
    if url.fragment or (url.query and not parse_qs(url.query, strict_parsing=True)):
        return False
    if url.scheme == "unix":
        return bool(url.path) and not url.hostname  # unix://tmp/x has a host, and the path /x
    return bool(url.hostname) and url.port != 0 and bool(re.fullmatch(r"/?|/[0-9]{1,9}", url.path))


def without_password(url: str) -> str:
    """A Redis URL as it may be shown: no user, no password, no parameters, whatever its form."""
    scheme, mark, rest = url.partition("://") if "://" in url else ("", "", url)
    place, _, parameters = rest.partition("?")
    if "@" in parameters:  # one of the two belongs to a password, and nobody can say which
        place = ""
    return f"{scheme}{mark}{place.rpartition('@')[2]}"


def check_durable(*, policy: str, has_aof: bool, fsync: str | None, durability: Durability) -> None:
    """Raise UnsafeLog with the sentence an operator needs, unless an accepted event is fsynced.

    ``fsync`` None: the server does not tell; ``durability`` is what the operator said.
    """
    if durability == "relaxed":
        return
    if policy != "noeviction":
        raise UnsafeLog(
            f"Redis may evict events: maxmemory-policy is {policy}, expected noeviction. Run "
            "`redis-cli CONFIG SET maxmemory-policy noeviction` and put it into redis.conf, or set "
            "NEWSWIRE_DURABILITY=relaxed if losing events is acceptable."
        )
    if not has_aof or fsync not in {"always", None}:
        found = f"appendfsync {fsync}" if has_aof else "appendonly no"
        raise UnsafeLog(
            f"Redis does not fsync every event: found {found}, expected appendonly yes and "
            "appendfsync always. Run `redis-cli CONFIG SET appendonly yes` and `CONFIG SET "
            "appendfsync always` and put both into redis.conf, or set NEWSWIRE_DURABILITY=relaxed "
            "if losing the last second is acceptable."
        )
    if fsync is None and durability != "declared":
        raise UnsafeLog(
            "Redis does not say how it fsyncs: CONFIG is barred here. Make sure of appendfsync "
            "always and set NEWSWIRE_DURABILITY=declared."
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


def _ports(given: Mapping[str, str], name: str, default: frozenset[int]) -> frozenset[int]:
    texts = given[name].split(",") if name in given else []
    return frozenset(_port({name: text.strip()}, name, 0) for text in texts) or default


def _networks(given: Mapping[str, str], name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    texts = [text.strip() for text in given.get(name, "").split(",")]
    try:
        networks = tuple(ip_network(text) for text in texts if text)
    except ValueError as error:
        raise Rejected(
            f"{name}: expected networks such as 192.168.1.0/24 with a comma between two, {error}"
        ) from error
    if any(network.prefixlen == 0 for network in networks):
        raise Rejected(f"{name}: expected the networks that are meant, found every address")
    return networks


def _contact(given: Mapping[str, str], name: str) -> str | None:
    text = given.get(name, "").strip()
    if text and not _CONTACT.fullmatch(text):
        raise Rejected(
            f"{name}: expected a URL or a mail address of at most 200 characters, ASCII, without "
            f"spaces and brackets, found {text[:60]!r}"
        )
    return text or None


_CONTACT: Final = re.compile(r"[!#-\'*-\[\]-~]{1,200}")


def _whole(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name, str(default))
    if not re.fullmatch("[0-9]{1,9}", text):
        raise Rejected(f"{name}: expected a whole number, 0 for no limit, found {text!r}")
    return int(text)


def _key(given: Mapping[str, str], name: str) -> str | None:
    text = given.get(name, "").strip()
    if text and not KEY.fullmatch(text):  # not shown: most of it may be a secret
        raise Rejected(
            f"{name}: expected a key as `newswire keys add NAME --admin` prints it (nw_, an id, a "
            f"secret), found {len(text)} other characters"
        )
    return text or None


def _url(given: Mapping[str, str], name: str) -> str | None:
    text = given.get(name, "")
    try:
        is_origin = bool(_ORIGIN.fullmatch(text)) and urlsplit(text).port != 0
    except ValueError:  # a port above 65535, brackets around what is no address
        is_origin = False
    if text and not is_origin:
        raise Rejected(
            f"{name}: expected https://host[:port] without a path, under which readers reach the "
            f"api, found {text[:60]!r}. A host that is not ASCII is written as xn--…"
        )
    return text.rstrip("/") or None


def _origins(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Sites by their origin, in lower case as browsers send it."""
    texts = [text.strip() for text in given.get(name, "").split(",") if text.strip()]
    if texts == ["*"]:
        return ("*",)
    return tuple(str(_url({name: text.lower()}, name)) for text in texts)


_ORIGIN: Final = re.compile(r"https?://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?/?")
_EVERY_ADDRESS: Final = ("0.0.0.0", "::", "")  # noqa: S104 - compared, not bound


def _one_of(given: Mapping[str, str], name: str, choices: tuple[str, ...], default: str) -> str:
    text = given.get(name, default)
    if text not in choices:
        raise Rejected(f"{name}: expected one of {', '.join(choices)}, found {text!r}")
    return text
