"""sources.toml: what an operator may write, and the sentence for what will not do."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import pytest

import seed
from services.ingest.observe import Source
from services.ingest.parse.rates.bank_files import BANKS, bank_at
from services.ingest.sources.config import FILE_BYTES_MAX, Bank, SourceConfig, read
from services.ingest.sources.edit import with_sources, without_source
from shared.errors import Rejected

SEED = Path(seed.__path__[0])
WHOLE = """
[[source]]
id = "steppe-courier"
url = "https://courier.example/feed.xml"
name = "Steppe Courier"
format = "feed"
every = "30m"
language = "ru"
zone = "Asia/Almaty"
trust_rank = 3
display = "excerpt"
rights = "© Steppe Courier"
enabled = false
"""
COMMENTED = """# Our sources.

[[source]]  # the courier
id = "a"
url = "https://a.example/"   # since March

# The bulletin comes twice a day.
[[source]]
id = "b"
url = "https://b.example/"
"""


def source(**said: object) -> str:
    lines = [f"{name} = {value!r}".replace("True", "true") for name, value in said.items()]
    return "\n".join(["[[source]]", *lines, ""])


def test_everything_that_may_be_said_is_read() -> None:
    (one,) = read(WHOLE.encode())

    assert one.model_dump() == {
        "id": "steppe-courier",
        "url": "https://courier.example/feed.xml",
        "name": "Steppe Courier",
        "format": "feed",
        "every": 1800,
        "language": "ru",
        "zone": "Asia/Almaty",
        "trust_rank": 3,
        "display": "excerpt",
        "rights": "© Steppe Courier",
        "enabled": False,
    }
    assert one.source() == Source(
        "steppe-courier", "Steppe Courier", "© Steppe Courier", "excerpt", 3, "ru"
    )


def test_an_id_and_an_address_are_enough() -> None:
    (one,) = read(source(id="a", url="http://a.example/rss").encode())

    assert (one.format, one.every, one.enabled) == ("auto", None, True)
    assert one.source() == Source("a")


def test_a_file_without_sources_has_none() -> None:
    assert read(b"") == ()
    assert read(b"# nothing yet\n") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (source(id="A b", url="https://a.example/"), "source[0].id"),
        (source(id="a"), "source[0].url"),
        (source(id="a", url="ftp://a.example/"), "begins with http:// or https://"),
        (source(id="a", url="https:///x"), "begins with http:// or https://"),
        (source(id="a", url="https://me:secret@a.example/"), "without a login"),
        (source(id="a", url="https://a.example/", every="5s"), "from 60s to 7d"),
        (source(id="a", url="https://a.example/", every="often"), "from 60s to 7d"),
        (source(id="a", url="https://a.example/", format="gopher"), "source[0].format: Input"),
        (source(id="a", url="https://a.example/", trust_rank=0), "source[0].trust_rank"),
        (source(id="a", url="https://a.example/", zone="../etc/passwd"), "Asia/Bishkek"),
        (source(id="a", url="https://a.example/", zone="Asia/Biskek"), "Asia/Bishkek"),
        (source(id="a", url="https://a.example/", language="русский"), "such as ru or uz-Latn"),
        (source(id="a", url="https://a.example/", colour="red"), "source[0].colour"),
        (source(id="a", url="https://a.example/") * 2, "an id of its own"),
        ("[[source]\n", "line 1"),
        ("source = 5", "source"),
        ("a" + ".a" * 200 + " = 1", "at most 100 dots"),
    ],
)
def test_what_will_not_do_is_said(text: str, said: str) -> None:
    with pytest.raises(Rejected) as refused:
        read(text.encode())

    assert said in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_file_of_other_bytes_or_too_many_is_refused() -> None:
    with pytest.raises(Rejected):
        read(b"\xff\xfe")
    with pytest.raises(Rejected, match="at most 2000000 bytes"):
        read(b"#" * (FILE_BYTES_MAX + 1))


def test_a_day_stands_where_the_address_asks_for_it() -> None:
    (one,) = read(source(id="nbk", url="https://b.example/r?d={date:%d.%m.%Y}").encode())

    assert one.is_dated
    assert one.url_on(date(2026, 4, 1)) == "https://b.example/r?d=01.04.2026"


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Asia/Almaty", "2026-04-02"),
        ("America/Lima", "2026-04-01"),
    ],
)
def test_the_day_of_an_address_is_the_one_where_the_source_is(zone: str, day: str) -> None:
    """At 20:30 UTC it is past midnight in Almaty."""
    (one,) = read(source(id="nbk", url="https://b.example/{date:%d}", zone=zone).encode())

    assert one.day_at(datetime(2026, 4, 1, 20, 30, tzinfo=UTC)) == date.fromisoformat(day)


def test_a_source_is_added_and_nothing_else_changes() -> None:
    added = SourceConfig(id="c", url="https://c.example/", every=21_600, trust_rank=2)

    text = with_sources(COMMENTED, [added])

    assert text.startswith(COMMENTED)
    assert [one.id for one in read(text.encode())] == ["a", "b", "c"]
    assert 'every = "6h"' in text
    assert "enabled" not in text


def test_the_first_source_makes_the_file() -> None:
    added = SourceConfig(id="c", url="https://c.example/")

    assert read(with_sources("", [added]).encode()) == (added,)


def test_an_id_is_not_added_twice() -> None:
    with pytest.raises(Rejected, match="an id of its own"):
        with_sources(COMMENTED, [SourceConfig(id="b", url="https://c.example/")])


def test_a_source_is_removed_and_the_others_keep_their_comments() -> None:
    text = without_source(COMMENTED, "b")

    assert [one.id for one in read(text.encode())] == ["a"]
    assert "# since March" in text
    with pytest.raises(Rejected, match="there is no source"):
        without_source(text, "b")


def test_every_bank_that_is_read_may_be_named() -> None:
    assert sorted(get_args(Bank)) == sorted(BANKS)
    (one,) = read(source(id="a", url="https://a.example/", format="nbkr").encode())

    assert one.bank == "nbkr"


def test_sources_in_a_list_are_read_and_not_edited() -> None:
    text = 'source = [{id = "a", url = "https://a.example/"}]\n'
    added = SourceConfig(id="b", url="https://b.example/")

    assert [one.id for one in read(text.encode())] == ["a"]
    with pytest.raises(Rejected, match=r"expected each source under a \[\[source\]\]"):
        with_sources(text, [added])
    with pytest.raises(Rejected, match=r"expected each source under a \[\[source\]\]"):
        without_source(text, "a")


def test_a_source_is_added_to_a_file_whose_last_line_has_no_end() -> None:
    added = SourceConfig(id="b", url="https://b.example/")

    made = with_sources('[[source]]\nid = "a"\nurl = "https://a.example/"  # the last', [added])

    assert [one.id for one in read(made.encode())] == ["a", "b"]
    assert '"https://a.example/"  # the last\n' in made


def test_the_example_of_sources_can_be_copied_as_it_is() -> None:
    found = {one.id: one for one in read((SEED / "sources.example.toml").read_bytes())}

    assert list(found) == [
        "nbkr", "nbkr-weekly", "nbk", "nbt", "cbu", "cbt",
        "24-kg", "tengrinews", "astana-times", "gazeta-uz", "kun-uz", "asia-plus", "eurasianet",
    ]  # fmt: skip
    assert [one.id for one in found.values() if not one.enabled] == ["cbt"]
    assert {one.id: one.url_on(date(2026, 4, 1)) for one in found.values() if one.is_dated} == {
        "nbk": "https://nationalbank.kz/rss/get_rates.cfm?fdate=01.04.2026",
        "nbt": "https://www.nbt.tj/en/kurs/export_xml.php?date=2026-04-01&export=xmlout",
        "cbu": "https://cbu.uz/en/arkhiv-kursov-valyut/json/all/2026-04-01/",
        "cbt": "https://cbt.tm/kurs/2026/01042026.xml",
    }


def test_a_bank_of_the_example_is_declared_as_the_one_that_its_address_is() -> None:
    found = read((SEED / "sources.example.toml").read_bytes())

    by_address = {one.id: bank_at(one.url_on(date(2026, 4, 1))) for one in found}
    assert by_address == {one.id: one.bank for one in found}
