"""Objects of JSON by the names of their members, however an agency spells them.

ninjs 1.x and 2.x write ``versioncreated``, 3.x ``versionCreated``, others ``version_created``:
capitals, underscores and hyphens are no difference. A member of the wrong kind is a problem at its
path, and as if it was not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from services.ingest.parse.feeds.text import clean
from services.ingest.parse.limits import ENTRY_PARTS_MAX
from services.ingest.parse.problems import Problems, shown

_SPELLINGS: Final = str.maketrans("", "", "_-")


@dataclass(slots=True)
class Notes:
    """Members of the wrong kind, each told once; one object lives as long as one parse."""

    problems: Problems
    _told: set[str] = field(default_factory=set)

    def add(self, path: str, detail: str) -> None:
        """Tell what is wrong at a path, unless it was told before."""
        if path not in self._told:
            self._told.add(path)
            self.problems.add("field-unusable", path, detail)


@dataclass(frozen=True, slots=True)
class Said:
    """An object of a document, and where it stands there."""

    where: str
    """``items[3].headlines[0]``; empty: the document itself."""
    members: Mapping[str, tuple[str, object]]
    """By its folded name: its name as it is written, and its value."""
    notes: Notes

    def value(self, name: str) -> object:
        """A member of a folded name as it is; None: there is none."""
        return self.members.get(name, ("", None))[1]

    def text(self, *names: str) -> str:
        """The first of these members that is text, without spaces at its ends; empty: none is."""
        for name in names:
            path, value = self._member(name)
            if isinstance(value, str):
                if text := clean(value).strip():
                    return text
            elif value is not None:
                self._wrong(path, "text", value)
        return ""

    def texts(self, *names: str) -> list[str]:
        """The texts of the first of these members that is a list of texts, or one text."""
        for name in names:
            found: list[str] = []
            for path, value in self._listed(name):
                if isinstance(value, str):
                    found.append(clean(value).strip())
                else:
                    self._wrong(path, "text", value)
            if found := [text for text in found if text]:
                return found
        return []

    def objects(self, *names: str) -> list[Said]:
        """The objects of the first of these members that is a list of them, or one object."""
        for name in names:
            if found := [
                said(path, value, self.notes)
                for path, value in self._listed(name)
                if isinstance(value, dict) or self._wrong(path, "an object", value)
            ]:
                return found
        return []

    def named(self, name: str) -> list[tuple[str, Said]]:
        """Objects by name: an object of objects (ninjs 1.x), or a list of them (2.x, 3.x)."""
        path, value = self._member(name)
        if not isinstance(value, dict):
            return [(one.text("name"), one) for one in self.objects(name)]
        found = islice(value.items(), ENTRY_PARTS_MAX + 1)
        each = [(clean(key), f"{path}.{clean(key)[:50]}", one) for key, one in found]
        return [
            (key, said(at, one, self.notes))
            for key, at, one in each
            if isinstance(one, dict) or (one is not None and self._wrong(at, "an object", one))
        ]

    def beginning(self, prefix: str) -> list[tuple[str, str]]:
        """The text members whose folded names begin so: the rest of the name, and the text."""
        names = [name for name in self.members if name.startswith(prefix) and name != prefix]
        return [
            (name.removeprefix(prefix), text)
            for name in islice(names, ENTRY_PARTS_MAX)
            if isinstance(self.members[name][1], str) and (text := self.text(name))
        ]

    def _member(self, name: str) -> tuple[str, object]:
        key, value = self.members.get(name, (name, None))
        return (f"{self.where}.{key}" if self.where else key), value

    def _listed(self, name: str) -> Iterator[tuple[str, object]]:
        path, value = self._member(name)
        if isinstance(value, list):
            for number, one in enumerate(value[: ENTRY_PARTS_MAX + 1]):
                if one is not None:
                    yield f"{path}[{number}]", one
        elif value is not None:
            yield path, value

    def _wrong(self, path: str, expected: str, value: object) -> bool:
        """Note a value of the wrong kind; it is left out."""
        self.notes.add(path, f"expected {expected}, came {kind_of(value)}; it was left out")
        return False


def said(where: str, value: object, notes: Notes) -> Said:
    """An object with its members by their folded names; of two of one name the first."""
    members: dict[str, tuple[str, object]] = {}
    if isinstance(value, dict):
        for key, one in value.items():
            members.setdefault(folded_name(key), (clean(key)[:100], one))
    return Said(where, members, notes)


def folded_name(name: str) -> str:
    """``versioncreated`` of ``versionCreated`` and ``version_created``."""
    return name.translate(_SPELLINGS).lower()


def kind_of(value: object) -> str:
    """What a value is, for a sentence."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case str():
            return f"text {shown(clean(value))}"
        case list():
            return "a list"
        case _:
            return "an object"
