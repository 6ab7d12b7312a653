"""What operators are given holds: alerts are tested and have runbooks, and what these and dashboards name exists."""

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from prometheus_client import REGISTRY, CollectorRegistry

from chassis.watch import vitals
from chassis.watch.figures import Figures
from chassis.watch.health import Health
from cli.main import ocop
from tests.house.house import ROOT
from tests.servers import NoServer
from tests.servers.machine import install

DEPLOY = ROOT / "deploy"
ALERTS = DEPLOY / "prometheus" / "alerts.yml"
RUNBOOKS = sorted((ROOT / "docs" / "runbooks").glob("*.md"))
DASHBOARDS = sorted((DEPLOY / "grafana" / "dashboards").glob("*.json"))
METRIC = re.compile(r"\b(?:ocop|rabbitmq|process)_[a-z_]+\b")
OF_RABBITMQ = {
    "rabbitmq_alarms_free_disk_space_watermark",
    "rabbitmq_alarms_memory_used_watermark",
    "rabbitmq_channels",
    "rabbitmq_connections",
    "rabbitmq_detailed_queue_consumers",
    "rabbitmq_detailed_queue_messages_ready",
    "rabbitmq_detailed_queue_messages_unacked",
    "rabbitmq_disk_space_available_bytes",
    "rabbitmq_disk_space_available_limit_bytes",
    "rabbitmq_global_messages_confirmed_total",
    "rabbitmq_global_messages_received_confirm_total",
    "rabbitmq_process_resident_memory_bytes",
    "rabbitmq_resident_memory_limit_bytes",
}
"""As its plugin rabbitmq_prometheus names them (3.10 to 4)."""


def rules() -> list[dict[str, Any]]:
    return [
        rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]
    ]


def panels() -> Iterator[tuple[str, str]]:
    """Dashboard and expression of everything that is drawn."""
    for path in DASHBOARDS:
        for panel in json.loads(path.read_text())["panels"]:
            for target in panel["targets"]:
                yield path.name, target["expr"]


@cache
def our_metrics() -> frozenset[str]:
    """Every series' name that a process of ours can show."""
    registry = CollectorRegistry()
    registry.register(Figures([], {}))
    health = Health()
    health.note("broker", "")
    registry.register(health)
    assert vitals.HEARD
    families = [*REGISTRY.collect(), *registry.collect()]
    suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}
    return frozenset(
        family.name + suffix for family in families for suffix in suffixes.get(family.type, ("",))
    )


@cache
def promtool() -> str:
    """Prometheus's own checker, from Debian's package."""
    try:
        subprocess.run(["promtool", "--version"], check=True, capture_output=True)
    except FileNotFoundError:
        try:
            install("prometheus")
        except NoServer as error:
            pytest.exit(f"promtool is missing: {error}", returncode=1)
    return "promtool"


def checked(*words: str | Path) -> str:
    done = subprocess.run([promtool(), *words], capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.system
def test_the_alerts_come_when_they_should_and_not_before() -> None:
    assert checked("check", "config", DEPLOY / "prometheus" / "prometheus.yml") == ""
    assert checked("test", "rules", DEPLOY / "prometheus" / "alerts_test.yml") == ""


@pytest.mark.system
def test_what_the_dashboards_ask_can_be_asked(tmp_path: Path) -> None:
    asked = [
        {"record": f"panel:number_{number}", "expr": expr}
        for number, (_, expr) in enumerate(panels())
    ]
    file = tmp_path / "panels.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": asked}]}))

    assert checked("check", "rules", file) == ""


def test_each_alert_is_tested_to_come_and_to_stay_away() -> None:
    tests = yaml.safe_load((DEPLOY / "prometheus" / "alerts_test.yml").read_text())["tests"]
    cases = [case for test in tests for case in test["alert_rule_test"]]
    names = {rule["alert"] for rule in rules()}

    assert {case["alertname"] for case in cases if case.get("exp_alerts")} == names
    assert {case["alertname"] for case in cases if not case.get("exp_alerts")} == names


def test_each_alert_has_its_runbook_which_names_it() -> None:
    for rule in rules():
        runbook = ROOT / rule["annotations"]["runbook"]
        assert f"`{rule['alert']}`" in runbook.read_text(), rule["alert"]


def test_a_runbook_says_what_is_seen_checked_done_and_verified() -> None:
    for runbook in RUNBOOKS:
        text = runbook.read_text()
        for part in ("Symptom", "Check", "Fix", "Verify"):
            assert f"**{part}.**" in text, f"{runbook.name}: {part}"


@pytest.mark.parametrize("runbook", RUNBOOKS, ids=lambda path: path.stem)
def test_each_command_in_a_runbook_exists_with_its_options(runbook: Path) -> None:
    commands = [line.strip() for line in runbook.read_text().splitlines()
                if line.startswith("    ocop ")]  # fmt: skip
    commands += re.findall(r"`(ocop [a-z][^`]*)`", runbook.read_text())

    for command in commands:
        refuse_unknown(command)


def refuse_unknown(line: str) -> None:
    """Fails when the command, or an option of it, does not exist."""
    context = click.Context(ocop, info_name="ocop")
    command: click.Command = ocop
    words = shlex.split(line)[1:]
    while isinstance(command, click.Group):
        assert words, f"{line}: names a group only"
        found = command.get_command(context, words.pop(0))
        assert found is not None, f"{line}: no such command"
        command = found
    known = {name for each in command.params for name in each.opts}
    used = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert used <= known, f"{line}: {used - known}"


def test_each_metric_that_is_asked_for_exists() -> None:
    texts = [rule["expr"] for rule in rules()] + [expr for _, expr in panels()]
    named = {name for text in texts for name in METRIC.findall(text)}

    assert named - our_metrics() - OF_RABBITMQ == set()


def test_dashboards_have_a_place_for_each_panel_and_read_from_what_is_provisioned() -> None:
    folder = DEPLOY / "grafana" / "provisioning" / "datasources"
    (source,) = yaml.safe_load((folder / "prometheus.yaml").read_text())["datasources"]
    for path in DASHBOARDS:
        board = json.loads(path.read_text())
        places = [tuple(panel["gridPos"].values()) for panel in board["panels"]]
        assert len(set(places)) == len(places), path.name
        assert {panel["datasource"]["uid"] for panel in board["panels"]} == {source["uid"]}
        assert len({panel["id"] for panel in board["panels"]}) == len(places)


def test_prometheus_asks_every_process_of_the_compose_file() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    config = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())
    (asked,) = (job for job in config["scrape_configs"] if job["job_name"] == "ocop")
    kinds = ("-web", "-worker", "-relay")

    names = {name for name in compose if name.endswith(kinds)}

    assert set(asked["dns_sd_configs"][0]["names"]) == names
    port = asked["dns_sd_configs"][0]["port"]
    assert {compose[name]["environment"]["OCOP_WATCH_PORT"] for name in names} == {port}
    for name in names:
        assert f":{port}/readyz" in " ".join(compose[name]["healthcheck"]["test"])
