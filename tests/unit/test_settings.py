from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest

from shared.errors import Rejected
from shared.settings import NAMES, Settings, read

KEY = f"nw_0123456789ab_{'s' * 43}"
DEFAULTS = Settings(
    redis_url="redis://127.0.0.1:6379/0",
    desk="newswire",
    data_dir=Path(".newswire"),
    inbox_dir=Path(".newswire/inbox"),
    inbox_interval_s=2.0,
    sources_file=Path(".newswire/sources.toml"),
    host="127.0.0.1",
    port=8000,
    push_host="127.0.0.1",
    push_port=8001,
    admin_key=None,
    durability="always",
    log_level="info",
)


def test_an_empty_environment_gives_the_defaults() -> None:
    assert read({}) == DEFAULTS
    assert read({"PATH": "/bin", "NEWSWIRE": "x"}) == DEFAULTS


def test_an_empty_value_is_the_default() -> None:
    assert read(dict.fromkeys(NAMES, "")) == DEFAULTS


def test_every_setting_is_read() -> None:
    environ = {
        "NEWSWIRE_REDIS_URL": "rediss://redis.example:6380/1",
        "NEWSWIRE_DESK": "almaty-2",
        "NEWSWIRE_DATA_DIR": "/data",
        "NEWSWIRE_INBOX_DIR": "/inbox",
        "NEWSWIRE_INBOX_INTERVAL_S": "0.5",
        "NEWSWIRE_SOURCES": "/etc/sources.toml",
        "NEWSWIRE_HOST": "0.0.0.0",
        "NEWSWIRE_PORT": "80",
        "NEWSWIRE_STATUS": "full",
        "NEWSWIRE_URL": "https://news.example/",
        "NEWSWIRE_CONTACT": " desk@news.example ",
        "NEWSWIRE_CORS": "https://App.example/, http://localhost:3000",
        "NEWSWIRE_PUSH_HOST": "::",
        "NEWSWIRE_PUSH_PORT": "81",
        "NEWSWIRE_PUSH_URL": "https://push.example/",
        "NEWSWIRE_PUSH_REQUESTS_PER_MINUTE": "0",
        "NEWSWIRE_PUSH_ITEMS_PER_MINUTE": "90000",
        "NEWSWIRE_WEBSUB_URL": "https://desk.example/push/",
        "NEWSWIRE_WEBSUB_HUB": "https://hub.example/?desk=1",
        "NEWSWIRE_ADMIN_KEY": f" {KEY}\n",
        "NEWSWIRE_FETCH_ALLOW": "127.0.0.0/8, fd00::/8",
        "NEWSWIRE_FETCH_PORTS": "80, 8080",
        "NEWSWIRE_FETCH_CONTACT": "https://desk.example/about",
        "NEWSWIRE_DURABILITY": "declared",
        "NEWSWIRE_LOG_LEVEL": "debug",
    }

    assert environ.keys() == NAMES.keys()
    assert read(environ) == Settings(
        redis_url="rediss://redis.example:6380/1",
        desk="almaty-2",
        data_dir=Path("/data"),
        inbox_dir=Path("/inbox"),
        inbox_interval_s=0.5,
        sources_file=Path("/etc/sources.toml"),
        host="0.0.0.0",
        port=80,
        status="full",
        url="https://news.example",
        contact="desk@news.example",
        cors=("https://app.example", "http://localhost:3000"),
        push_host="::",
        push_port=81,
        push_requests_per_minute=0,
        push_items_per_minute=90_000,
        websub_url="https://desk.example/push",
        websub_hub="https://hub.example/?desk=1",
        admin_key=KEY,
        fetch_allow=(ip_network("127.0.0.0/8"), ip_network("fd00::/8")),
        fetch_ports=frozenset({80, 8080}),
        fetch_contact="https://desk.example/about",
        durability="declared",
        log_level="debug",
    )


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"NEWSWIRE_HOST": "::1", "NEWSWIRE_PORT": "80"}, "http://[::1]:80"),
        ({"NEWSWIRE_HOST": "0.0.0.0"}, None),
        ({"NEWSWIRE_HOST": "::"}, None),
        ({"NEWSWIRE_HOST": "0.0.0.0", "NEWSWIRE_URL": "https://a.example:8443/"},
         "https://a.example:8443"),
    ],
)  # fmt: skip
def test_where_readers_reach_the_api_is_said_or_follows_from_where_it_listens(
    environ: dict[str, str], url: str | None
) -> None:
    assert read(environ).public_url == url


def test_folders_lie_in_the_data_directory() -> None:
    settings = read({"NEWSWIRE_DATA_DIR": "/data"})

    assert settings.inbox_dir == Path("/data/inbox")
    assert settings.sources_file == Path("/data/sources.toml")
    assert settings.views_dir == Path("/data/views")
    assert settings.run_dir == Path("/data/run")


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("NEWSWIRE_URL", "news.example", "expected https://host[:port] without a path"),
        ("NEWSWIRE_URL", "https://news.example/desk", "found 'https://news.example/desk'"),
        ("NEWSWIRE_URL", "https://me@news.example", "expected https://host[:port]"),
        ("NEWSWIRE_URL", "https://news.example:0", "expected https://host[:port]"),
        ("NEWSWIRE_URL", "https://news.example:65536", "expected https://host[:port]"),
        ("NEWSWIRE_URL", "https://новости.example", "is written as xn--"),
        ("NEWSWIRE_URL", "https://[1::2::3]", "expected https://host[:port]"),
        ("NEWSWIRE_CORS", "https://a.example, *", "expected https://host[:port]"),
        ("NEWSWIRE_CONTACT", "Our desk", "NEWSWIRE_CONTACT: expected a URL or a mail address"),
        ("NEWSWIRE_CORS", "null", "expected https://host[:port]"),
        ("NEWSWIRE_CORS", "https://a.example/app", "without a path"),
        ("NEWSWIRE_FETCH_ALLOW", "192.168.1.7/24", "has host bits set"),
        ("NEWSWIRE_FETCH_ALLOW", "lan", "expected networks such as 192.168.1.0/24"),
        ("NEWSWIRE_FETCH_ALLOW", "::/0", "expected the networks that are meant"),
        ("NEWSWIRE_FETCH_PORTS", "80,x", "expected a port between 1 and 65535, found 'x'"),
        ("NEWSWIRE_FETCH_PORTS", "80,", "expected a port between 1 and 65535, found ''"),
        ("NEWSWIRE_FETCH_CONTACT", "a (b)", "expected a URL or a mail address"),
        ("NEWSWIRE_FETCH_CONTACT", "a\r\nb", "expected a URL or a mail address"),
        ("NEWSWIRE_DESK", "a b", "expected letters, digits and hyphens, found 'a b'"),
        ("NEWSWIRE_DESK", "{x}", "expected letters, digits and hyphens, found '{x}'"),
        ("NEWSWIRE_DESK", "-", "expected letters, digits and hyphens, found '-'"),
        ("NEWSWIRE_INBOX_INTERVAL_S", "0", "expected seconds between 0 and 3600, found '0'"),
        ("NEWSWIRE_INBOX_INTERVAL_S", "-1", "expected seconds between 0 and 3600, found '-1'"),
        ("NEWSWIRE_INBOX_INTERVAL_S", "3601", "expected seconds between 0 and 3600, found '3601'"),
        ("NEWSWIRE_INBOX_INTERVAL_S", "nan", "expected seconds between 0 and 3600, found 'nan'"),
        ("NEWSWIRE_INBOX_INTERVAL_S", "2s", "expected seconds between 0 and 3600, found '2s'"),
        ("NEWSWIRE_PORT", "0", "expected a port between 1 and 65535, found '0'"),
        ("NEWSWIRE_PORT", "65536", "expected a port between 1 and 65535, found '65536'"),
        ("NEWSWIRE_PORT", "-1", "expected a port between 1 and 65535, found '-1'"),
        ("NEWSWIRE_PORT", "http", "expected a port between 1 and 65535, found 'http'"),
        ("NEWSWIRE_PORT", "8²", "expected a port between 1 and 65535, found '8²'"),
        ("NEWSWIRE_PUSH_REQUESTS_PER_MINUTE", "-1", "expected a whole number, 0 for no limit"),
        ("NEWSWIRE_PUSH_ITEMS_PER_MINUTE", "1e3", "expected a whole number, 0 for no limit"),
        ("NEWSWIRE_WEBSUB_URL", "desk.example", "expected https://host[:port][/path]"),
        ("NEWSWIRE_WEBSUB_URL", "https://a:b@desk.example", "expected https://host[:port][/path]"),
        ("NEWSWIRE_WEBSUB_URL", "https://desk.example:x/", "expected https://host[:port][/path]"),
        ("NEWSWIRE_WEBSUB_URL", "https://desk.example/?a", "expected https://host[:port][/path]"),
        ("NEWSWIRE_WEBSUB_HUB", "hub.example", "expected https://host[:port][/path][?query]"),
        ("NEWSWIRE_WEBSUB_HUB", "https://a:b@hub.example", "found 23 other characters"),
        ("NEWSWIRE_WEBSUB_HUB", "https://hub.example/>;", "found 22 other characters"),
        ("NEWSWIRE_WEBSUB_HUB", "https://hub.example/%", "found 21 other characters"),
        ("NEWSWIRE_WEBSUB_HUB", "https://hub.example:0/", "found 22 other characters"),
        ("NEWSWIRE_WEBSUB_HUB", "https://hub.example/#a", "found 22 other characters"),
        ("NEWSWIRE_WEBSUB_HUB", "https://хаб.example/", "found 20 other characters"),
        ("NEWSWIRE_DURABILITY", "never", "one of always, declared, relaxed, found 'never'"),
        ("NEWSWIRE_LOG_LEVEL", "DEBUG", "one of debug, info, warning, error, found 'DEBUG'"),
        ("NEWSWIRE_STATUS", "open", "one of public, full, off, found 'open'"),
    ],
)  # fmt: skip
def test_a_value_that_is_not_of_its_kind_is_rejected_by_name(
    name: str, text: str, sentence: str
) -> None:
    with pytest.raises(Rejected) as raised:
        read({name: text})

    assert str(raised.value).startswith(f"{name}: expected ")
    assert sentence in str(raised.value)


def test_a_hub_needs_the_address_that_it_fetches_from() -> None:
    with pytest.raises(Rejected, match="set NEWSWIRE_URL to https"):
        read({"NEWSWIRE_WEBSUB_HUB": "https://hub.example/"})

    settings = read({
        "NEWSWIRE_WEBSUB_HUB": "https://hub.example/", "NEWSWIRE_URL": "https://news.example",
    })  # fmt: skip
    assert settings.websub_hub == "https://hub.example/"


@pytest.mark.parametrize("text", ["hunter2", "nw_0123456789ab_short", f"{KEY}s", f"x{KEY}"])
def test_an_admin_key_that_is_none_is_refused_and_not_shown(text: str) -> None:
    with pytest.raises(Rejected, match="NEWSWIRE_ADMIN_KEY: expected a key as") as refusal:
        read({"NEWSWIRE_ADMIN_KEY": text})

    assert text not in str(refusal.value)


def test_an_admin_key_is_not_shown_with_the_settings() -> None:
    assert KEY not in repr(read({"NEWSWIRE_ADMIN_KEY": KEY}))
