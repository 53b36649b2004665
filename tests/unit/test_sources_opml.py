"""OPML as other readers write it."""

from __future__ import annotations

import pytest

from services.ingest.sources import opml
from services.ingest.sources.config import Kind, SourceConfig
from shared.errors import Rejected

LIST = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Desk</title></head><body>
<outline text="Central Asia">
  <outline type="rss" text="Steppe Courier" xmlUrl="https://courier.example/feed" language="ru_RU"/>
  <outline text="&#1057;&#1090;&#1077;&#1087;&#1100;" xmlUrl="https://www.step.example/rss"/>
  <outline text="Steppe Courier" xmlUrl="https://courier.example/sport"/>
  <outline text="Again" xmlUrl="https://courier.example/feed"/>
  <outline text="Old" xmlUrl="feed://old.example/rss"/>
  <outline text="Bad" xmlUrl="javascript:alert(1)"/>
  <outline text="A folder alone"/>
</outline></body></opml>"""


def test_subscriptions_become_sources_with_ids_of_their_own() -> None:
    found, problems = opml.read(LIST, ["steppe-courier-2"])

    assert [(one.id, one.url, one.name, one.language) for one in found] == [
        ("steppe-courier", "https://courier.example/feed", "Steppe Courier", "ru-RU"),
        ("step-example", "https://www.step.example/rss", "Степь", None),
        ("steppe-courier-3", "https://courier.example/sport", "Steppe Courier", None),
        ("old", "http://old.example/rss", "Old", None),
    ]
    assert [(one.reason, one.where) for one in problems] == [("url-unusable", "line 9")]


@pytest.mark.parametrize("data", [b"", b"<rss/>", b"{}", b"<html>", b"\x00" * 50])
def test_what_is_no_opml_is_refused(data: bytes) -> None:
    with pytest.raises(Rejected, match="expected OPML, a list of subscriptions, came"):
        opml.read(data, [])


def test_a_document_that_names_another_is_refused() -> None:
    bomb = b'<!DOCTYPE opml [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml><body/></opml>'

    with pytest.raises(Rejected):
        opml.read(bomb, [])


@pytest.mark.parametrize("kind", ["page", "list", "rates", "nbkr"])
def test_what_is_no_feed_is_not_written(kind: Kind) -> None:
    sources = [SourceConfig(id="a", url="https://a.example/", format=kind)]

    assert opml.read(opml.written(sources, "Desk"), []) == ([], [])


def test_what_is_written_is_read_again() -> None:
    sources = [
        SourceConfig(id="a", url="https://a.example/?x=1&y=2", name='A & "B" <C>', language="kk"),
        SourceConfig(id="b", url="https://b.example/"),
    ]

    found, problems = opml.read(opml.written(sources, "Desk & co"), [])

    assert problems == []
    assert [(one.url, one.name, one.language) for one in found] == [
        ("https://a.example/?x=1&y=2", 'A & "B" <C>', "kk"),
        ("https://b.example/", "b", None),
    ]
