"""What the source of a type says about it and pydantic does not keep.

A field's meaning is the docstring below it; a text of a fixed form has one below its name.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Final, NamedTuple

_SIZES: Final = {"Line", "Address", "Note", "Markup", "Count"}
"""Names that say how large something is; what it is the field's own name says better."""
_JSON_WORDS: Final = {"None": "`null`", "True": "`true`", "False": "`false`"}


class Said(NamedTuple):
    """A field as its class has it."""

    annotation: ast.expr
    meaning: str
    """Markdown in one line; empty: nothing is said."""


@cache
def tree_of(module: ModuleType) -> ast.Module:
    """The source of a module.

    Raises:
        OSError: it is not at hand.
    """
    return ast.parse(inspect.getsource(module))


@cache
def fields_of(module: ModuleType) -> Mapping[str, Mapping[str, Said]]:
    """The fields of every class of a module, by the class's name, then by their own.

    Raises:
        OSError: the module's source is not at hand.
    """
    classes = [node for node in tree_of(module).body if isinstance(node, ast.ClassDef)]
    return {node.name: _fields(node.body) for node in classes}


@cache
def names_of(module: ModuleType) -> Mapping[str, str]:
    """What the named values of a module mean, where one says so: ``SourceId``, ``AsOf``, ….

    Raises:
        OSError: the module's source is not at hand.
    """
    body = tree_of(module).body
    found = {}
    for index, one in enumerate(body):
        match one:
            case ast.Assign(targets=[ast.Name(id=name)]) if meaning := docstring_after(body, index):
                found[name] = meaning
            case _:
                pass
    return found


def meaning_of(said: Said, named: Mapping[str, str]) -> str:
    """A field's meaning; where it has none of its own, that of the named value that it holds."""
    if said.meaning:
        return said.meaning
    names = {node.id for node in ast.walk(said.annotation) if isinstance(node, ast.Name)}
    telling = sorted((names & named.keys()) - _SIZES)
    return named[telling[0]] if telling else ""


def class_meaning(shape: type) -> str:
    """What a type is, in one line of Markdown."""
    return markdown(inspect.getdoc(shape) or "")


def docstring_after(body: list[ast.stmt], index: int) -> str:
    """The docstring below a statement, in one line of Markdown; empty: there is none."""
    match body[index + 1 : index + 2]:
        case [ast.Expr(value=ast.Constant(value=str(text)))]:
            return markdown(inspect.cleandoc(text))
        case _:
            return ""


def markdown(text: str) -> str:
    """A docstring in one line of Markdown."""
    return " ".join(text.replace("``", "`").split())


def in_json(meaning: str) -> str:
    """A meaning for who reads JSON: ``null: not known`` where the type says ``None``."""
    return re.sub(r"\b(None|True|False):", lambda found: _JSON_WORDS[found[1]] + ":", meaning)


def _fields(body: list[ast.stmt]) -> dict[str, Said]:
    return {
        one.target.id: Said(one.annotation, docstring_after(body, index))
        for index, one in enumerate(body)
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
    }
