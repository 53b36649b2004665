"""Whether an item for agencies is what its standard says, judged without the code that made it.

Both judges know the part of the standard that is written, and are at least as narrow: what they let
pass the schemas of IPTC let pass.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator, FormatChecker
from lxml import etree

_DATA: Final = Path(__file__).parent / "data" / "agencies"
_G2: Final = etree.XMLSchema(etree.parse(_DATA / "newsml-g2.xsd"))
_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:([!#$&-;=?@A-Z\[\]_a-z~]|%[0-9A-Fa-f]{2})+")
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORMATS: Final = FormatChecker(())


@_FORMATS.checks("uri")
def _is_uri(said: object) -> bool:
    return isinstance(said, str) and _URI.fullmatch(said) is not None


@_FORMATS.checks("date-time", raises=ValueError)
def _is_instant(said: object) -> bool:
    """Source: RFC 3339: an offset, and a capital T."""
    return isinstance(said, str) and "T" in said and datetime.fromisoformat(said).tzinfo is not None


def _object(required: str = "", **members: Any) -> dict[str, Any]:
    return {
        "type": "object", "additionalProperties": False, "properties": members,
        "required": required.split(),
    }  # fmt: skip


def _list_of(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "items": item}


_TEXT: Final = {"type": "string", "minLength": 1}
_ADDRESS: Final = {"type": "string", "format": "uri"}
_INSTANT: Final = {"type": "string", "format": "date-time"}
_PERCENT: Final = {"type": "integer", "minimum": 0, "maximum": 100}
_CONCEPT: Final = {"name": _TEXT, "rel": _TEXT, "uri": _ADDRESS, "literal": _TEXT}
_PROSE: Final = {"role": _TEXT, "contentType": _TEXT, "value": _TEXT}
_POINT: Final = _object(
    "type coordinates",
    type={"const": "Point"},
    coordinates={
        "type": "array",
        "prefixItems": [
            {"type": "number", "minimum": -180, "maximum": 180},
            {"type": "number", "minimum": -90, "maximum": 90},
        ],
        "minItems": 2,
        "maxItems": 2,
    },
)
_MEMBERS: Final[dict[str, Any]] = {
    "uri": _ADDRESS,
    "type": {"enum": ["text", "composite"]},
    "standard": _object(
        "name version schema",
        name={"const": "ninjs"},
        version={"const": "3.1"},
        schema={"const": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#"},
    ),
    "representationType": {"enum": ["full", "partial"]},
    "version": _TEXT,
    "versionCreated": _INSTANT,
    "contentCreated": _INSTANT,
    "pubStatus": {"enum": ["usable", "withheld", "canceled"]},
    "urgency": {"type": "integer", "minimum": 1, "maximum": 9},
    "copyrightNotice": _TEXT,
    "edNote": _TEXT,
    "language": {"type": "string", "pattern": "^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$"},
    "title": _TEXT,
    "headlines": _list_of(_object("value", **_PROSE)),
    "descriptions": _list_of(_object("value", **_PROSE)),
    "bodies": _list_of(_object("value", wordCount={"type": "integer"}, **_PROSE)),
    "by": _TEXT,
    "slugline": _TEXT,
    "located": _TEXT,
    "infoSources": _list_of(_object("name", name=_TEXT, literal=_TEXT)),
    "altIds": _list_of(_object("role value", role=_TEXT, value=_TEXT)),
    "people": _list_of(_object("name", **_CONCEPT)),
    "organisations": _list_of(_object("name", **_CONCEPT)),
    "places": _list_of(_object("name", geoJSON=_POINT, **_CONCEPT)),
    "subjects": _list_of(
        _object("name", creator=_TEXT, relevance=_PERCENT, confidence=_PERCENT, **_CONCEPT)
    ),
}
_SCHEMA: Final = _object(
    "uri",
    **_MEMBERS,
    associations={"type": "array", "items": {"$ref": "#/$defs/association"}},
)
_ASSOCIATION: Final = _object(
    "uri name",
    **_MEMBERS,
    name=_TEXT,
    rel=_TEXT,
    associations={"type": "array", "items": {"$ref": "#/$defs/association"}},
)
_NINJS: Final = Draft202012Validator(
    {**_SCHEMA, "$defs": {"association": _ASSOCIATION}}, format_checker=_FORMATS
)


def ninjs_faults(data: bytes) -> list[str]:
    """What is wrong with an object of ninjs 3.1; nothing, when it is as it must be.

    Source: ninjs-schema_3.1.json, which knows no further members.
    """
    said = json.loads(data.decode())
    return [*_of_ninjs(said), *_of_texts(said)]


def _of_texts(said: Any) -> Iterator[str]:
    """Control characters, which editors' systems stumble over."""
    if isinstance(said, str) and (found := _CONTROLS.search(said)):
        yield f"{found[0]!r} is no character of a text"
    inner = said.values() if isinstance(said, dict) else said if isinstance(said, list) else ()
    for one in inner:
        yield from _of_texts(one)


def _of_ninjs(said: Any) -> Iterator[str]:
    yield from (f"{one.json_path}: {one.message}" for one in _NINJS.iter_errors(said))
    uris = [one["uri"] for one in said.get("associations", [])]
    if len(set(uris)) < len(uris):
        yield "an item comes twice"


def newsml_faults(data: bytes) -> list[str]:
    """What is wrong with a newsItem or newsMessage of NewsML-G2; nothing, when nothing is.

    Source: the XML Schema of NewsML-G2 2.35, and the rules that a schema cannot say.
    """
    tree = etree.fromstring(data)
    found = [] if _G2.validate(tree) else [f"{one.line}: {one.message}" for one in _G2.error_log]
    return [*found, *_of_g2(tree)]


def _of_g2(tree: etree._Element) -> Iterator[str]:
    nar = "{http://iptc.org/std/nar/2006-10-01/}"
    for item in tree.iter(f"{nar}newsItem", f"{nar}packageItem"):
        aliases = {one.get("alias") for one in item.iter(f"{nar}scheme")}
        for said in item.xpath(".//@qcode | .//@type | .//@rel"):
            alias = str(said).partition(":")[0]
            if alias not in aliases:
                yield f"the alias {alias} is in no catalogue"
        status = item.find(f"{nar}itemMeta/{nar}pubStatus")
        if status is not None and status.get("qcode") != "stat:usable" and len(item) > 2:
            yield "an item that was taken back has no words"
    guids = [item.get("guid") for item in tree.iter(f"{nar}newsItem")]
    if len(set(guids)) < len(guids):
        yield "an item comes twice"
