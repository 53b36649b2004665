"""Facts and measures as Prometheus metrics: METRICS lists them, and docs/operations.md.

Source: the text format 0.0.4, and Prometheus' naming: a unit in the name, counters end in _total.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final, Literal

from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import CollectorRegistry

from services.api.operators.facts import Facts, SourceFact
from services.api.operators.measures import BOUNDS_S, Measures
from shared.counts import COUNTED
from shared.version import VERSION

MEDIA_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
SOURCES_MAX: Final = 500
"""Sources with numbers of their own, the worst first; ``newswire_sources`` counts them all."""

Kind = Literal["gauge", "counter", "histogram"]
METRICS: Final[dict[str, tuple[Kind, str]]] = {
    "newswire_build_info": ("gauge", "Version of this api; always 1."),
    "newswire_log_up": ("gauge", "1: Redis answers; 0: what it tells is left out."),
    "newswire_views_up": ("gauge", "1: the view file can be read."),
    "newswire_views_seq": ("gauge", "Seq of the last event of the wire that the views hold."),
    "newswire_stream_length": ("gauge", "Events that a stream has had: the seq of its last one."),
    "newswire_stream_last_event_timestamp_seconds": (
        "gauge", "When the last event of a stream was recorded.",
    ),
    "newswire_consumer_lag_events": ("gauge", "Events that a consumer has not taken in."),
    "newswire_consumer_lag_seconds": (
        "gauge", "Age of the oldest event that a consumer has not taken in; 0: it has all.",
    ),
    "newswire_consumer_fault": ("gauge", "1: what the log holds does not go on where it stands."),
    "newswire_dead_letters": ("gauge", "Events that a consumer has set aside and that are open."),
    "newswire_service_ready": ("gauge", "1: the service has reported, lately, that it is ready."),
    "newswire_service_last_report_timestamp_seconds": ("gauge", "When a service reported last."),
    "newswire_service_start_timestamp_seconds": ("gauge", "When a service was started."),
    "newswire_sources": ("gauge", "Sources by health."),
    "newswire_source_last_success_timestamp_seconds": (
        "gauge", "When a source last answered with something that could be read.",
    ),
    "newswire_source_last_news_timestamp_seconds": (
        "gauge", "When a source last offered something new.",
    ),
    "newswire_source_failures": ("gauge", "Failures of a source in a row."),
    **{
        f"newswire_{name}_total": ("counter", counted.says) for name, counted in COUNTED.items()
    },
    "newswire_sse_clients": ("gauge", "Clients of the live stream."),
    "newswire_http_requests_total": ("counter", "Answers of the api, by route and status."),
    "newswire_http_request_duration_seconds": (
        "histogram", "Time from a request to the beginning of its answer.",
    ),
}  # fmt: skip
"""All of them: their type and their HELP."""

Samples = Iterable[tuple[dict[str, str], float]]


def text(facts: Facts, measures: Measures, sse_clients: int) -> bytes:
    """All metrics."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collected([*_of_facts(facts), *_of_requests(measures, sse_clients)]))
    return generate_latest(registry)


class _Collected:
    """What a registry asks for its metrics."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        """See prometheus_client's Collector."""
        return self._metrics


def _of_facts(facts: Facts) -> Iterator[Metric]:
    yield _metric("newswire_build_info", [({"version": VERSION}, 1)])
    yield _metric("newswire_log_up", [({}, facts.is_log_seen)])
    yield _metric("newswire_views_up", [({}, facts.views_seq is not None)])
    if facts.views_seq is not None:
        yield _metric("newswire_views_seq", [({}, facts.views_seq)])
    if facts.is_log_seen:
        yield from _of_log(facts)
        yield from _of_services(facts)
        yield from _of_sources(facts)


def _of_log(facts: Facts) -> Iterator[Metric]:
    yield _metric(
        "newswire_stream_length", [({"stream": one.stream}, one.seq) for one in facts.streams]
    )
    yield _metric(
        "newswire_stream_last_event_timestamp_seconds",
        [
            ({"stream": one.stream}, _posix(one.recorded_at))
            for one in facts.streams
            if one.recorded_at
        ],
    )
    consumers = [({"consumer": one.consumer}, one) for one in facts.consumers]
    yield _metric("newswire_consumer_lag_events", [(by, one.lag_events) for by, one in consumers])
    yield _metric("newswire_consumer_lag_seconds", [(by, one.lag_s) for by, one in consumers])
    yield _metric("newswire_consumer_fault", [(by, one.fault is not None) for by, one in consumers])
    yield _metric("newswire_dead_letters", [(by, one.parked) for by, one in consumers])


def _of_services(facts: Facts) -> Iterator[Metric]:
    services = [({"service": one.service}, one) for one in facts.services]
    yield _metric("newswire_service_ready", [(by, one.ready) for by, one in services])
    yield _metric(
        "newswire_service_last_report_timestamp_seconds",
        [(by, _posix(one.reported_at)) for by, one in services if one.reported_at],
    )
    yield _metric(
        "newswire_service_start_timestamp_seconds",
        [(by, _posix(one.started_at)) for by, one in services if one.started_at],
    )
    for name, counted in COUNTED.items():
        yield _metric(
            f"newswire_{name}_total",
            [
                ({**by, counted.label: label}, value)
                for by, one in services
                for label, value in one.counts.get(name, {}).items()
            ],
        )


def _of_sources(facts: Facts) -> Iterator[Metric]:
    by_health = facts.sources_by_health.items()
    yield _metric("newswire_sources", [({"health": health}, count) for health, count in by_health])
    shown = facts.sources[:SOURCES_MAX]
    yield _metric(
        "newswire_source_last_success_timestamp_seconds",
        [(_by(one), one.ok_at.timestamp()) for one in shown if one.ok_at],
    )
    yield _metric(
        "newswire_source_last_news_timestamp_seconds",
        [(_by(one), one.new_at.timestamp()) for one in shown if one.new_at],
    )
    yield _metric("newswire_source_failures", [(_by(one), one.failures) for one in shown])


def _of_requests(measures: Measures, sse_clients: int) -> Iterator[Metric]:
    yield _metric("newswire_sse_clients", [({}, sse_clients)])
    yield _metric(
        "newswire_http_requests_total",
        [
            ({"route": route, "status": str(status)}, count)
            for (route, status), count in sorted(measures.answers.items())
        ],
    )
    name = "newswire_http_request_duration_seconds"
    made = HistogramMetricFamily(name, METRICS[name][1], labels=["route"])
    for route, times in sorted(measures.times.items()):
        so_far, buckets = 0, []
        for bound, count in zip((*map(str, BOUNDS_S), "+Inf"), times.counts, strict=True):
            so_far += count
            buckets.append((bound, so_far))
        made.add_metric([route], buckets, times.sum_s)
    yield made


def _metric(name: str, samples: Samples) -> Metric:
    kind, says = METRICS[name]
    found = list(samples)
    labels = list(found[0][0]) if found else []
    made: GaugeMetricFamily | CounterMetricFamily
    if kind == "counter":
        made = CounterMetricFamily(name, says, labels=labels)
    else:
        made = GaugeMetricFamily(name, says, labels=labels)
    for by, value in found:
        made.add_metric(list(by.values()), float(value))
    return made


def _by(one: SourceFact) -> dict[str, str]:
    return {"source": one.source}


def _posix(iso: str) -> float:
    return datetime.fromisoformat(iso).timestamp()
