"""What the repository may not hold, and that what its documents point to is there."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    [
        ROOT / "README.md",
        ROOT / "ARCHITECTURE.md",
        ROOT / "CHANGELOG.md",
        *ROOT.glob("docs/**/*.md"),
    ]
)
LOCKS = sorted(ROOT.glob("requirements*.lock"))

# In parts, so that this file does not hold what it forbids.
MACHINE_PATHS = tuple("/" + name + "/" for name in ("work", "root", "home", "Users"))
REGISTRIES = (
    "pypi" + ".org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "yarn" + "pkg.com",
    "proxy.golang" + ".org",
    "crates" + ".io",
)

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_TEST_FILE = re.compile(r"\btests/[\w/.]+\.py\b")
_TEST_NAME = re.compile(r"`(test_\w+)`")
_DEFINED = re.compile(r"^ *(?:async )?def (test_\w+)", re.MULTILINE)


def _name(file: Path) -> str:
    return str(file.relative_to(ROOT))


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Every text file that git tracks or would add, by its path."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    return dict(_texts(listed.decode().split("\0")))


def _texts(names: list[str]) -> Iterator[tuple[str, str]]:
    for name in filter(None, names):
        data = (ROOT / name).read_bytes() if (ROOT / name).is_file() else b"\0"
        if b"\0" not in data:
            yield name, data.decode("utf-8", "replace")


@pytest.mark.parametrize("forbidden", [*MACHINE_PATHS, *REGISTRIES])
def test_no_file_names_a_machine_path_or_a_registry(texts: dict[str, str], forbidden: str) -> None:
    # A path begins where no name or URL goes before it: example.org/home/ is none.
    pattern = re.compile(rf"(?<![\w.}}-]){re.escape(forbidden)}" if forbidden[0] == "/"
                         else re.escape(forbidden))  # fmt: skip

    assert [name for name, text in texts.items() if pattern.search(text)] == []


@pytest.mark.parametrize("lock", LOCKS, ids=_name)
def test_a_lock_names_no_index_and_has_a_hash_for_every_release(lock: Path) -> None:
    text = lock.read_text("utf-8")
    releases = re.findall(r"^[\w.\[\]-]+==.*\n {4}--hash=", text, re.MULTILINE)

    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text
    assert len(releases) == len(re.findall(r"^[\w.\[\]-]+==", text, re.MULTILINE)) > 0


def test_the_import_contracts_have_no_exceptions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]

    assert contracts
    assert [one["name"] for one in contracts if any("ignore" in key for key in one)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_every_link_points_to_a_file(document: Path) -> None:
    prose = _FENCE.sub("", document.read_text("utf-8"))
    targets = [target.partition("#")[0] for target in _LINK.findall(prose)]
    files = [target for target in targets if target and "://" not in target]

    assert [file for file in files if not (document.parent / file).exists()] == []


def test_every_document_is_in_the_list_of_documents() -> None:
    listed = _LINK.findall((ROOT / "docs" / "README.md").read_text("utf-8"))
    documents = {file.name for file in ROOT.glob("docs/*.md")} - {"README.md"}

    assert documents - set(listed) == set()
    assert len(listed) == len(set(listed))


def test_every_room_is_in_the_architecture() -> None:
    described = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    rooms = {f"{_name(file.parent)}/" for file in ROOT.glob("services/*/*/__init__.py")}
    rooms |= {f"{_name(file.parent)}/" for file in ROOT.glob("shared/*/__init__.py")}

    assert len(rooms) > 20
    # A room of ingest or enrichment may stand beside another one by its last name alone.
    told = {room for room in rooms if f"`{room}`" in described or _beside(room) in described}
    assert rooms - told == set()


def _beside(room: str) -> str:
    return f", `{Path(room).name}/`"


def test_the_changelog_says_nothing_twice() -> None:
    lines = (ROOT / "CHANGELOG.md").read_text("utf-8").splitlines()
    beginnings = [line[:40] for line in lines if line.startswith("- ")]

    assert sorted(set(beginnings)) == sorted(beginnings)


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_every_heading_that_is_linked_is_there(document: Path) -> None:
    prose = _FENCE.sub("", document.read_text("utf-8"))
    missing = []
    for target in _LINK.findall(prose):
        file, _, anchor = target.partition("#")
        linked = document.parent / file if file else document
        if anchor and "://" not in target and anchor not in _anchors(linked):
            missing.append(target)

    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_every_test_that_is_named_is_there(document: Path) -> None:
    text = document.read_text("utf-8")
    defined = {
        name
        for file in ROOT.glob("tests/**/test_*.py")
        for name in _DEFINED.findall(file.read_text())
    }

    assert [file for file in _TEST_FILE.findall(text) if not (ROOT / file).exists()] == []
    assert sorted(set(_TEST_NAME.findall(text)) - defined) == []


def _anchors(document: Path) -> set[str]:
    """The headings of a document as GitHub makes anchors of them."""
    lines = _FENCE.sub("", document.read_text("utf-8")).splitlines()
    headings = [line.lstrip("#").strip() for line in lines if line.startswith("#")]
    kept = [re.sub(r"[^\w\s-]", "", heading.lower()) for heading in headings]
    return {heading.replace(" ", "-") for heading in kept}
