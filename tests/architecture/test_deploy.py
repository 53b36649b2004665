"""What is deployed beside the desk fits the desk: dashboard, alerts, compose profile."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.api.operators.exposition import METRICS
from services.api.operators.facts import HEALTHS
from shared.settings import NAMES

ROOT = Path(__file__).parents[2]
DASHBOARD = ROOT / "deploy" / "grafana" / "dashboards" / "newswire.json"
ALERTS = ROOT / "deploy" / "prometheus" / "alerts.yml"
OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")
COMPOSE = ROOT / "docker-compose.yml"
DECIDED = {
    "NEWSWIRE_INBOX_DIR", "NEWSWIRE_DURABILITY", "NEWSWIRE_PORT", "NEWSWIRE_PUSH_PORT",
}  # fmt: skip
"""Settings that the file decides: its volumes, its Redis, and where its ports are published."""
_NAME = re.compile(r"\bnewswire_[a-z_]+")


def rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load(ALERTS.read_text("utf-8"))["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(DASHBOARD.read_text("utf-8"))["panels"]
    return found


def queries() -> list[str]:
    return [rule["expr"] for rule in rules()] + [
        target["expr"] for panel in panels() for target in panel["targets"]
    ]


def test_what_an_operator_may_set_is_handed_to_the_containers() -> None:
    services: dict[str, Any] = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]
    handed = {name for one in services.values() for name in one.get("environment", {})}

    assert set(NAMES) - handed == DECIDED
    for one in services.values():
        for name, value in one.get("environment", {}).items():
            if name in NAMES and "$" in value:
                assert value.startswith("${" + name)


def test_dashboard_and_alerts_ask_for_metrics_that_there_are() -> None:
    asked = {name.removesuffix("_bucket") for query in queries() for name in _NAME.findall(query)}

    assert asked <= set(METRICS)
    assert len(asked) > 15


def test_sources_are_asked_for_by_a_health_that_there_is() -> None:
    asked = {
        health
        for query in queries()
        for said in re.findall(r'health=~?"([a-z|]+)"', query)
        for health in said.split("|")
    }

    assert asked == {"failing", "silent"}
    assert asked <= set(HEALTHS)


def test_every_alert_says_how_bad_it_is_and_the_manual_what_to_do() -> None:
    rows = re.findall(r"^\| `(Newswire[A-Za-z]+)` \|", OPERATIONS, re.MULTILINE)

    assert [rule["alert"] for rule in rules()] == rows
    for rule in rules():
        assert rule["labels"]["severity"] in {"page", "warning", "info"}
        assert rule["annotations"]["summary"]
        assert rule["for"]


def test_every_panel_has_a_place_of_its_own() -> None:
    taken = [
        (x, y)
        for panel in panels()
        for place in [panel["gridPos"]]
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]

    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) == 23


@pytest.mark.parametrize("name", ["prometheus", "grafana"])
def test_what_looks_is_pinned_starts_by_its_profile_alone_and_does_not_reach_redis(
    name: str,
) -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    service = compose["services"][name]

    assert re.fullmatch(r"[a-z]+/[a-z]+:v?[0-9]+\.[0-9]+\.[0-9]+", service["image"])
    assert service["profiles"] == ["observability"]
    assert service["networks"] == ["observability"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    for volume in service["volumes"]:
        place = volume.partition(":")[0]
        assert place == "metrics" or (ROOT / place).is_dir()
    assert "networks" not in compose["services"]["redis"]
