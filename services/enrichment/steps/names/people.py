"""Whether a name of a person or a body means them where it stands."""

from __future__ import annotations

from services.enrichment.gazetteers.context import Context
from services.enrichment.gazetteers.matching import Hit
from services.enrichment.gazetteers.names import Entry
from services.enrichment.steps.names.around import Around
from services.enrichment.steps.names.evidence import Found
from services.enrichment.steps.names.texts import Text
from services.enrichment.steps.names.verdicts import Verdict, is_body, is_quoted, is_worn

ACRONYM_MAX = 4
"""Letters; a shorter one says nothing in a text that is all capitals: WHO IS WHO."""


def of_person(text: Text, around: Around, context: Context) -> Verdict:
    """A full name counts; a surname where no other first name or surname stands beside it."""
    if " " in around.hit.name:
        return "named"
    function = context.of("function", "itself")
    before = around.name_before(function)
    is_titled = around.follows(context.of("title", "before"))
    is_name = text.field != "headline" or before in context.first_names
    if before is not None and is_name and not is_titled:
        return "refused"
    if is_body(around, context):
        return "refused"
    after = around.name_after(function)
    if after is not None and (after in context.first_names or text.field != "headline"):
        return "refused"
    return "named"


def of_body(text: Text, around: Around, context: Context) -> Verdict:
    """A body that shares its name with a place counts in quotation marks or beside a body word."""
    hit = around.hit
    if hit.spelling.is_place_name and not is_marked(text, around, context):
        return "refused"
    if any(word in context.of("body", "after") for word in around.run_after()):
        return "refused"  # a longer name that no table has: Cambridge University Press
    if " " in hit.name:
        return "named"
    if text.text.isupper() and len(hit.name) <= ACRONYM_MAX:
        return "refused"
    if hit.name not in context.first_names:
        return "named"
    function = context.of("function", "itself")
    beside = around.name_before(function) or around.name_after(function)
    return "named" if beside is None or is_marked(text, around, context) else "refused"


def is_marked(text: Text, around: Around, context: Context) -> bool:
    """Whether quotation marks or a word beside it say that it is a body."""
    return is_worn(text.text, around.hit, context) or is_body(around, context)


def bearer(reading: tuple[Text, Hit, int], kind: str, full: set[str], found: Found) -> Entry | None:
    """The one person or body that is meant; None: several might be."""
    text, hit, number = reading
    senses = {"name", "worn"} if is_quoted(text.text, hit, found.context) else {"name"}
    borne = [(entry, sense) for entry, sense in hit.candidates if entry.kind == kind]
    named = [entry for entry, _ in borne if entry.code in full]
    if len(named) == 1:
        return named[0]
    if named and " " not in hit.name:
        return None
    entries = [entry for entry, sense in borne if sense in senses]
    if len(entries) <= 1:
        return entries[0] if entries else None
    points = sorted(((found.support(e, number), e.code, e) for e in entries), reverse=True)
    lead = points[0][0] - points[1][0]
    return points[0][2] if lead >= found.context.points.get("lead_min", 0.0) else None
