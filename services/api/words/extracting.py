"""The texts of templates and modules gathered, and the catalogues brought up to them."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from services.api.words.languages import TRANSLATED, Language

ROOT: Final = Path(__file__).parents[3]
"""Of the repository: places of texts are told from there."""
API: Final = Path(__file__).parents[1]
TEMPLATE: Final = Path(__file__).parent / "locale" / "messages.pot"
WIDTH: Final = 0
"""A text is one line: a catalogue is read in differences."""
_METHODS: Final = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
_OPTIONS: Final = {
    "templates/**.html": {"newstyle_gettext": "true", "trimmed": "true", "silent": "false"}
}
_KEYWORDS: Final[dict[str, tuple[int, ...] | None]] = {
    "_": None,
    "gettext": None,
    "marked": None,
    "ngettext": (1, 2),
    "forms": (1, 2),
}


def extracted() -> Catalog:
    """All texts of the templates and modules."""
    catalogue = Catalog(
        project="newswire", charset="utf-8", header_comment=_comment("English"), fuzzy=False
    )
    for path, text, comments in _texts():
        # Line 0 is not written. Numbers of lines would change with every edit above them.
        catalogue.add(text, None, [(path, 0)], auto_comments=comments)
    return catalogue


def _texts() -> Iterator[tuple[str, str | tuple[str, ...], list[str]]]:
    rows = extract_from_dir(
        API, _METHODS, _OPTIONS, _KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    )
    base = API.relative_to(ROOT).as_posix()
    for name, _, text, comments, _ in sorted(rows, key=lambda row: (row[0], row[1])):
        yield f"{base}/{Path(name).as_posix()}", text, list(comments)


def path_of(language: Language) -> Path:
    """The catalogue of a language."""
    return TEMPLATE.parent / language.code / "LC_MESSAGES" / "messages.po"


def updated(language: Language, template: Catalog) -> Catalog:
    """A catalogue with every text of the template and no other; nothing is guessed."""
    path = path_of(language)
    if path.exists():
        catalogue = read_po(BytesIO(path.read_bytes()), locale=language.code)
    else:
        catalogue = Catalog(locale=language.code, project="newswire", charset="utf-8")
    catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False)
    catalogue.header_comment = _comment(language.name)
    catalogue.fuzzy = False
    catalogue.obsolete.clear()
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """A catalogue as its file has it; the same for the same texts, on every day."""
    out = BytesIO()
    write_po(out, catalogue, width=WIDTH, omit_header=False, include_lineno=False, sort_output=True)
    lines = out.getvalue().decode().splitlines()
    kept = [line for line in lines if not line.startswith(_UNSTEADY)]
    return ("\n".join(kept).rstrip("\n") + "\n").encode()


_UNSTEADY: Final = (
    '"Project-Id-Version:', '"Report-Msgid-Bugs-To:', '"POT-Creation-Date:', '"PO-Revision-Date:',
    '"Last-Translator:', '"Language-Team:', '"Generated-By:',
)  # fmt: skip


def _comment(name: str) -> str:
    return f"# The texts of the pages: {name}. Brought up to date by `make messages`."


def write() -> dict[str, int]:
    """Write the template and every catalogue; how many texts each language lacks."""
    template = extracted()
    TEMPLATE.parent.mkdir(exist_ok=True)
    TEMPLATE.write_bytes(written(template))
    lacking = {}
    for language in TRANSLATED:
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = updated(language, template)
        path.write_bytes(written(catalogue))
        lacking[language.code] = sum(not _is_said(one.string) for one in catalogue if one.id)
    return lacking


def _is_said(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(string) and all([string] if isinstance(string, str) else string or [])
