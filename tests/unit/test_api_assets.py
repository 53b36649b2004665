"""What pages load beside themselves, and that what others wrote is as they published it."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.api.assets import ASSETS
from shared.hashing import sha256
from tests.view_files import ViewFile, client

ROOT = Path(__file__).parents[2]
VENDORED = {
    "uplot.js": "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
    "uplot.css": "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
    "uplot.LICENSE": "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
}
"""uPlot 1.6.32."""


@pytest.mark.parametrize(("name", "digest"), VENDORED.items())
def test_a_vendored_file_is_as_it_was_published(name: str, digest: str) -> None:
    assert sha256(ASSETS[name].body) == digest


def test_every_vendored_file_is_pinned_and_told_with_its_licence() -> None:
    folder = ROOT / "services" / "api" / "static" / "vendor"
    told = (ROOT / "THIRD-PARTY.md").read_text("utf-8")

    assert {file.name for file in folder.iterdir()} == set(VENDORED)
    assert all(name in told for name in VENDORED)
    assert "1.6.32" in told
    assert b"MIT License" in ASSETS["uplot.LICENSE"].body


def test_a_vendored_file_is_served_with_its_licence(tmp_path: Path) -> None:
    view = ViewFile(tmp_path)
    view.publish()
    api = client(view.folder)

    assert api.get("/static/uplot.js").headers["Content-Type"].startswith("text/javascript")
    assert "MIT License" in api.get("/static/uplot.LICENSE").text
    assert api.get("/static/vendor/uplot.js").status_code == 404
