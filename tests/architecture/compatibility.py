"""What a schema of today takes away from those who rely on a released one.

Readers hold the released schema and get the events of today; they also read, with the schema of
today, the events of then. So within a type nothing may go, nothing may change its kind, and nothing
may be narrower; fields that may be missing may be added, and limits and lists may grow.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

Schema = dict[str, Any]

_LEAST: Final = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_MOST: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_KNOWN: Final = {
    "$schema", "$id", "$ref", "$defs", "title", "description", "examples", "default",
    "type", "const", "enum", "pattern", "format", "contentMediaType", "anyOf", "items",
    "properties", "required", "additionalProperties", *_LEAST, *_MOST,
}  # fmt: skip
"""Keywords that are compared or that say nothing about what is valid."""


def breaks(released: Schema, todays: Schema) -> list[str]:
    """Each way in which a schema of today breaks the released one, as a sentence with its place.

    Empty: only additions. Both schemas are whole documents; references are followed inside them.

    Raises:
        ValueError: a schema has a keyword that this comparison does not know.
    """
    return list(dict.fromkeys(_Comparison(released, todays).breaks("data", released, todays)))


class _Comparison:
    """Two documents, and the pairs of definitions that are being compared."""

    def __init__(self, released: Schema, todays: Schema) -> None:
        self._released, self._todays = released, todays
        self._seen: set[tuple[str, str]] = set()

    def breaks(self, place: str, old: Schema, new: Schema) -> Iterator[str]:
        pair = (str(old.get("$ref")), str(new.get("$ref")))
        if "$ref" in old and "$ref" in new:
            if pair in self._seen:
                return
            self._seen.add(pair)
        old, new = _resolved(old, self._released), _resolved(new, self._todays)
        for schema in (old, new):
            if unknown := schema.keys() - _KNOWN:
                raise ValueError(f"{place}: the comparison does not know {sorted(unknown)}")
        yield from _values(place, old, new)
        yield from _limits(place, old, new)
        yield from self._alternatives(place, old, new)
        yield from self._fields(place, old, new)
        yield from self._contents(place, old, new)

    def _alternatives(self, place: str, old: Schema, new: Schema) -> Iterator[str]:
        olds = {_kind(one, self._released): one for one in old.get("anyOf", ())}
        news = {_kind(one, self._todays): one for one in new.get("anyOf", ())}
        for kind in olds.keys() - news.keys():
            yield f"{place}: {kind} is not an alternative any more"
        for kind in news.keys() - olds.keys():
            yield f"{place}: {kind} is a new alternative"
        for kind in olds.keys() & news.keys():
            yield from self.breaks(place, olds[kind], news[kind])

    def _fields(self, place: str, old: Schema, new: Schema) -> Iterator[str]:
        olds, news = old.get("properties", {}), new.get("properties", {})
        needed_then, needed_now = set(old.get("required", ())), set(new.get("required", ()))
        for name in olds:
            if name not in news:
                yield f"{place}.{name}: the field is gone"
                continue
            if name in needed_now - needed_then:
                yield f"{place}.{name}: the field has become required"
            if name in needed_then - needed_now:
                yield f"{place}.{name}: the field may be missing now"
            yield from self.breaks(f"{place}.{name}", olds[name], news[name])
        for name in (news.keys() - olds.keys()) & needed_now:
            yield f"{place}.{name}: a new field is required"

    def _contents(self, place: str, old: Schema, new: Schema) -> Iterator[str]:
        for keyword, inside in (("items", "[]"), ("additionalProperties", ".*")):
            then, now = old.get(keyword), new.get(keyword)
            if isinstance(then, dict) and isinstance(now, dict):
                yield from self.breaks(place + inside, then, now)
            elif then != now:
                yield f"{place}: {keyword} is {now}, was {then}"


def _values(place: str, old: Schema, new: Schema) -> Iterator[str]:
    for keyword in ("type", "format", "contentMediaType"):
        if old.get(keyword) != new.get(keyword):
            yield f"{place}: {keyword} is {new.get(keyword)}, was {old.get(keyword)}"
    if "pattern" in new and new["pattern"] != old.get("pattern"):
        # Whether a pattern is wider nobody can tell in general; to leave it away is.
        yield f"{place}: pattern is {new['pattern']}, was {old.get('pattern')}"
    if (now := _choices(new)) is not None:
        then = _choices(old)
        if then is None:
            yield f"{place}: only {now} is left of any value"
        for gone in [value for value in then or () if value not in now]:
            yield f"{place}: {gone!r} is not one of the values any more"
    if "default" in old and old["default"] != new.get("default", _NOTHING):
        yield f"{place}: the default is {new.get('default')!r}, was {old['default']!r}"


def _limits(place: str, old: Schema, new: Schema) -> Iterator[str]:
    for keyword in (*_LEAST, *_MOST):
        then, now = old.get(keyword), new.get(keyword)
        if now is None:
            continue
        is_narrower = then is None or (now > then if keyword in _LEAST else now < then)
        if is_narrower:
            yield f"{place}: {keyword} is {now}, was {then}"


_NOTHING: Final = object()


def _choices(schema: Schema) -> list[Any] | None:
    if "const" in schema:
        return [schema["const"]]
    found: list[Any] | None = schema.get("enum")
    return found


def _kind(schema: Schema, document: Schema) -> str:
    """What tells one alternative from the others: the name of its definition, else its type."""
    named = schema.get("$ref")
    return named.rpartition("/")[2] if named else str(_resolved(schema, document).get("type"))


def _resolved(schema: Schema, document: Schema) -> Schema:
    """A schema with what it refers to in its place; what stands beside the reference stays."""
    if "$ref" not in schema:
        return schema
    found: Any = document
    for part in schema["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    beside = {key: value for key, value in schema.items() if key != "$ref"}
    return {**found, **beside}
