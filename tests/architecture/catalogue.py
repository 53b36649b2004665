"""docs/events.md out of the types themselves: ``python -m tests.architecture.catalogue``.

Names, types and defaults come from pydantic, meanings from the docstrings below each field.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from typing import Any, Final

from annotated_types import Ge, Le, MaxLen
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from shared import events, news
from shared.docstrings import class_meaning, docstring_after
from shared.envelope import SCHEMA_NUMBER
from shared.events import TYPES_BY_STREAM, StreamName
from tests.architecture.docstrings import TREES, said_of

COMMAND: Final = "python -m tests.architecture.catalogue > docs/events.md"

_STREAMS: Final[dict[StreamName, str]] = {
    "articles": "What sources and operators said about articles, embargoed and withdrawn ones too: "
    "only for readers that the operator has chosen.",
    "rates": "What sources quoted.",
    "wire": "What enrichment decided: the public stream.",
    "deadletters": "Events that enrichment set aside.",
    "sources": "How sources are read, and how they are.",
}
_PLAIN: Final = {
    "str": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "AwareDatetime": "instant",
    "date": "day",
}
_HEAD: Final = f"""\
# Events

<!-- Generated. To write it anew: {COMMAND} -->

Every event type of every stream, with the fields of its `data`.
The fields around `data` are in [cloudevents-redis-streams.md](cloudevents-redis-streams.md), \
the words in [glossary.md](glossary.md).

- `data` is one JSON object in UTF-8.
- Our writers write every field of a type, an absent value as `null`.
- *required* says what a reader may count on: a field that is not required may be missing in an \
older event and then has the value named here.
- An *instant* is RFC 3339 with its offset, a *day* is `YYYY-MM-DD`; both are JSON strings.
- Within a type fields are only added; what would break a reader comes under another type.
- `dataschema` is `urn:newswire:schema:<type>:{SCHEMA_NUMBER}` for every type below.
"""


def catalogue() -> str:
    """The whole of docs/events.md."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _HEAD
    for stream, types in TYPES_BY_STREAM.items():
        yield f"## Stream `{stream}`\n"
        yield f"{_STREAMS[stream]}\n"
        for name, event in types.items():
            yield f"### `{name}`\n"
            yield from _type(event)
    yield "## Objects inside events\n"
    for value in _values():
        yield f"### {value.__name__}\n"
        yield from _type(value)
    yield "## Texts of a fixed form\n"
    yield "| name | form | meaning |"
    yield "| --- | --- | --- |"
    for alias, (form, meaning) in _ALIASES.items():
        yield f"| {alias} | {form} | {meaning} |"


def _type(shape: type[news.Value]) -> Iterator[str]:
    yield class_meaning(shape) + "\n"
    yield "| field | type | required | meaning |"
    yield "| --- | --- | --- | --- |"
    said = said_of(shape)
    for name, info in shape.model_fields.items():
        annotation, meaning = said[name]
        kind = _kind(annotation) + _bounds(info)
        yield f"| `{name}` | {kind} | {_required(info)} | {_cell(meaning)} |"
    yield ""


def _values() -> Iterator[type[news.Value]]:
    """The objects that events are made of, in the order of their modules."""
    used = {event for types in TYPES_BY_STREAM.values() for event in types.values()}
    for module in (news, events):
        for name, found in vars(module).items():
            is_object = inspect.isclass(found) and issubclass(found, news.Value)
            is_ours = is_object and found.__module__ == module.__name__ and found not in used
            if is_ours and found is not news.Value and not issubclass(found, events.Event):
                assert found.__name__ == name
                yield found


def _kind(annotation: ast.expr) -> str:
    """An annotation in the words of JSON."""
    match annotation:
        case ast.Constant(value=None):
            return "null"
        case ast.Name(id=name):
            return _kind_named(name)
        case ast.BinOp(left=left, right=right):
            return f"{_kind(left)} or {_kind(right)}"
        case ast.Subscript(value=ast.Name(id=container), slice=items):
            return _kind_of_many(container, items)
        case _:
            raise TypeError(f"no words for {ast.unparse(annotation)}")


def _kind_named(name: str) -> str:
    if name in _PLAIN:
        return _PLAIN[name]
    return f"[{name}](#{'texts-of-a-fixed-form' if name in _ALIASES else name.lower()})"


def _kind_of_many(container: str, items: ast.expr) -> str:
    match container, items:
        case "tuple", ast.Tuple(elts=[item, _]):
            return f"array of {_kind(item)}"
        case "dict", ast.Tuple(elts=[_, item]):
            return f"object of {_kind(item)}"
        case "Literal", choices:
            return _choices(choices)
        case _:
            raise TypeError(f"no words for {container}[{ast.unparse(items)}]")


def _choices(choices: ast.expr) -> str:
    listed = choices.elts if isinstance(choices, ast.Tuple) else [choices]
    return ", ".join(f"`{one.value}`" for one in listed if isinstance(one, ast.Constant))


def _bounds(info: FieldInfo) -> str:
    limits = [limit for limit in info.metadata if isinstance(getattr(limit, "ge", 0), int)]
    least = [limit.ge for limit in limits if isinstance(limit, Ge)]
    most = [limit.le for limit in limits if isinstance(limit, Le)]
    items = [limit.max_length for limit in limits if isinstance(limit, MaxLen)]
    if items:
        return f", at most {items[0]:,}"
    if least and most:
        return f" {least[0]}–{most[0]}"
    return f" ≥ {least[0]}" if least else ""


def _required(info: FieldInfo) -> str:
    default: Any = info.default
    if default is PydanticUndefined:
        return "yes"
    return f"no: `{'[]' if default == () else 'null' if default is None else default}`"


def _aliases(tree: ast.Module) -> dict[str, tuple[str, str]]:
    """Texts that are restricted by name: how, and what they mean."""
    found = {}
    for index, one in enumerate(tree.body):
        match one:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name[0].isupper():
                if (form := _form(value)) is not None:
                    found[name] = form, _cell(docstring_after(tree.body, index))
            case _:
                pass
    return found


def _form(value: ast.expr) -> str | None:
    match value:
        case ast.Call(func=ast.Name(id="NewType")):
            return "string"
        case ast.Subscript(value=ast.Name(id="Literal"), slice=choices):
            return _choices(choices)
        case ast.Subscript(value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[kind, *limits])):
            assert isinstance(kind, ast.Name)
            kinds = {"str": "string", "int": "integer", "AwareDatetime": "RFC 3339, UTC with `Z`"}
            said = [kinds.get(kind.id, f"as {kind.id}"), *_limits(kind.id, limits)]
            return "; ".join(said)
        case _:
            return None


def _limits(kind: str, limits: list[ast.expr]) -> Iterator[str]:
    """The limits of a text or number, as its keywords say them."""
    words = {"min_length": "at least {} character", "max_length": "at most {} characters",
             "ge": "from {}", "le": "to {}"}  # fmt: skip
    keywords = [one for limit in limits if isinstance(limit, ast.Call) for one in limit.keywords]
    for keyword in keywords:
        if keyword.arg == "pattern":
            yield "`" + str(ast.literal_eval(keyword.value)).replace("|", "\\|") + "`"
        elif keyword.arg in words and kind in ("str", "int", "ArticleId"):
            yield words[keyword.arg].format(f"{ast.literal_eval(keyword.value):,}")


def _cell(text: str) -> str:
    """A text as a cell of a table holds it."""
    return text.replace("|", "\\|")


_ALIASES: Final = _aliases(TREES[news.__name__])


if __name__ == "__main__":
    sys.stdout.write(catalogue())
