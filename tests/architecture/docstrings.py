"""What the source of the types says about them and pydantic does not keep.

A field's meaning is the docstring below it; a text of a fixed form has one below its name.
"""

from __future__ import annotations

import ast
import inspect
from typing import Final, NamedTuple

from shared import events, house_events, news, story_events

_SIZES: Final = {"Line", "Address", "Note", "Markup", "Count"}
"""Names that say how large something is; what it is the field's own name says better."""


class Said(NamedTuple):
    """A field as its class has it."""

    annotation: ast.expr
    meaning: str
    """Markdown in one line; empty: nothing is said."""


def said_of(shape: type) -> dict[str, Said]:
    """The fields of a type, inherited ones too."""
    said: dict[str, Said] = {}
    for base in reversed(shape.__mro__):
        said |= _FIELDS_BY_CLASS.get((base.__module__, base.__name__), {})
    return said


def meaning_of(said: Said) -> str:
    """A field's meaning; where it has none of its own, that of the named text that it holds."""
    if said.meaning:
        return said.meaning
    names = {node.id for node in ast.walk(said.annotation) if isinstance(node, ast.Name)}
    telling = sorted((names & MEANING_BY_ALIAS.keys()) - _SIZES)
    return MEANING_BY_ALIAS[telling[0]] if telling else ""


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


def _fields(body: list[ast.stmt]) -> dict[str, Said]:
    return {
        one.target.id: Said(one.annotation, docstring_after(body, index))
        for index, one in enumerate(body)
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
    }


def _meanings(body: list[ast.stmt]) -> dict[str, str]:
    found = {}
    for index, one in enumerate(body):
        match one:
            case ast.Assign(targets=[ast.Name(id=name)]) if meaning := docstring_after(body, index):
                found[name] = meaning
            case _:
                pass
    return found


TREES: Final = {
    module.__name__: ast.parse(inspect.getsource(module))
    for module in (news, house_events, story_events, events)
}
_FIELDS_BY_CLASS: Final = {
    (module, node.name): _fields(node.body)
    for module, tree in TREES.items()
    for node in tree.body
    if isinstance(node, ast.ClassDef)
}
MEANING_BY_ALIAS: Final = _meanings(TREES[news.__name__].body)
"""What the named texts and numbers of shared.news mean: ``SourceId``, ``AsOf``, …"""
