"""What holds for any bytes, for readers that have no properties of their own.

The same is fuzzed for longer, with the readers' branches in view (docs/fuzzing.md).
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS

READERS = (
    *("pages", "newsml-g2", "ninjs", "html", "encodings", "urls", "fetch-head", "fetch-codings"),
    *("robots", "push", "opml", "sources-toml", "manifest", "events", "archive", "framing"),
    *("websub", "webhooks"),
)


@st.composite
def mutated(draw: st.DrawFn, target: Target) -> bytes:
    """A seed with a few words of its format put in, cut out or doubled."""
    data = bytearray(draw(st.sampled_from(target.seeds)))
    for _ in range(draw(st.integers(0, 6))):
        begin = draw(st.integers(0, len(data)))
        end = min(len(data), begin + draw(st.integers(0, 30)))
        doubled = st.just(bytes(data[begin:end]) * 2)
        words = st.sampled_from(target.words())
        data[begin:end] = draw(st.one_of(words, st.binary(max_size=4), doubled))
    return bytes(data)


@pytest.mark.parametrize("target", [TARGETS[name] for name in READERS], ids=lambda one: one.name)
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(data=st.data())
def test_no_bytes_are_against_what_holds_for_a_reader(target: Target, data: st.DataObject) -> None:
    target.run(data.draw(mutated(target)))
