"""Alert rules, dashboard and runbook name what exists, and each rule fires when it should."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.kit.processes import CHECKOUT
from workers.metrics import counted
from workers.metrics.shapes import GAUGES

RULES = yaml.safe_load((CHECKOUT / "deploy/alerts.yml").read_text())["groups"][0]["rules"]
DASHBOARD = json.loads((CHECKOUT / "deploy/dashboard.json").read_text())
RUNBOOK = (CHECKOUT / "docs/operations.md").read_text()
ROWS = RUNBOOK.split("| alert | means |")[1].split("\n\n")[0].splitlines()[2:]
PARTS_OF_RUNBOOK = {row.split("|")[1].strip(): row.strip("| ").split(" | ") for row in ROWS}
NAME = re.compile(r"\bentente_[a-z0-9_]+")
COUNTED = [family for metric in counted.ALL for family in metric.describe()]
SUMS = {f"{one.name}_total" for one in COUNTED if one.type == "counter"}
SECONDS = {one.name for one in COUNTED if one.type == "histogram"}
PARTS = {f"{name}{end}" for name in SECONDS for end in ("_bucket", "_count", "_sum")}
EXPORTED = {f"entente_{name}" for name in GAUGES} | SUMS | PARTS
PANELS = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]

# What each alert fires for: series, and their values minute by minute.
FIRES = {
    "EntenteDown": {'up{job="entente"}': "0x60"},
    "EntenteErrors": {'entente_requests_total{status="500"}': "0+1x60"},
    "EntenteBusy": {
        'entente_requests_total{status="503"}': "0+6x60",
        'entente_requests_total{status="200"}': "0+94x60",
    },
    "EntenteSlow": {
        'entente_request_seconds_bucket{le="2.5"}': "0+90x60",
        'entente_request_seconds_bucket{le="10"}': "0+100x60",
        'entente_request_seconds_bucket{le="+Inf"}': "0+100x60",
    },
    "EntenteAppendsSlow": {"entente_append_wait_seconds": "3x60"},
    "EntenteSealAlarm": {"entente_seal_alarm": "1x60"},
    "EntenteWitnessRefuses": {'entente_witness_refuses{witness="w"}': "1x60"},
    "EntenteWitnessFailing": {'entente_witness_failing{witness="w"}': "1x120"},
    "EntenteUnsigned": {"entente_unsigned_seconds": "601x60"},
    "EntenteAuditDiffers": {"entente_audit_differences": "1x60"},
    "EntenteAuditOld": {"entente_audit_age_seconds": "7201x60", "entente_audit_failed": "0x60"},
    "EntenteFollowerStopped": {'entente_follower_stopped{view="v"}': "1x60"},
    "EntenteFollowerLate": {'entente_follower_lag_seconds{view="v"}': "121x60"},
    "EntenteScoresLate": {"entente_oldest_pair_seconds": "601x60"},
    "EntenteQuarantine": {"entente_set_aside": "1x60"},
    "EntenteTasksFail": {'entente_task_failures_total{task="follow"}': "0+1x60"},
    "EntenteBrokerDown": {"entente_broker_up": "0x60"},
    "EntenteJobsWait": {"entente_jobs_oldest_seconds": "3601x60"},
    "EntenteWebhooksLate": {"entente_webhooks_disabled": "1x60"},
    "EntenteBackupOld": {"entente_backup_age_seconds": "93601x60"},
    "EntenteArchiveFails": {"entente_archive_failing": "1x60"},
    "EntenteStandbyLate": {'entente_standby_lag_bytes{standby="s"}': "100000001x60"},
    "EntenteClockWrong": {'entente_clock_skew_seconds{instance="a"}': "-1.5x60"},
    "EntenteDiskFull": {
        'entente_disk_free_bytes{folder="spool"}': "9x60",
        'entente_disk_size_bytes{folder="spool"}': "100x60",
    },
    "EntenteConnections": {
        "entente_connections_used": "81x60",
        "entente_connections_max": "100x60",
    },
}
# A site that is well: what is late by a little, and what grows as it should.
WELL = {
    'up{job="entente"}': "1x120",
    'entente_requests_total{status="200"}': "0+97x120",
    'entente_requests_total{status="503"}': "0+3x120",
    'entente_request_seconds_bucket{le="0.5"}': "0+96x120",
    'entente_request_seconds_bucket{le="+Inf"}': "0+100x120",
    'entente_append_seconds_bucket{le="0.05"}': "0+100x120",
    'entente_append_seconds_bucket{le="+Inf"}': "0+100x120",
    "entente_unsigned_seconds": "5x120",
    "entente_audit_age_seconds": "700x120",
    "entente_audit_differences": "0x120",
    'entente_follower_lag_seconds{view="v"}': "60x120",
    "entente_broker_up": "1x120",
    "entente_backup_age_seconds": "90000x120",
    "entente_clock_skew_seconds": "0.3x120",
    'entente_disk_free_bytes{folder="spool"}': "11x120",
    'entente_disk_size_bytes{folder="spool"}': "100x120",
    "entente_connections_used": "79x120",
    "entente_connections_max": "100x120",
}


@pytest.mark.parametrize("expression", [*PANELS, *(rule["expr"] for rule in RULES)])
def test_rules_and_panels_name_metrics_that_exist(expression):
    named = set(NAME.findall(expression))

    assert named <= EXPORTED
    assert named or "up{" in expression


def test_the_runbook_lists_all_metrics():
    table = RUNBOOK.split("| metric (`entente_…`)")[1].split("\n\n")[0]
    listed = {
        name
        for row in table.splitlines()[2:]
        for name in re.findall(r"`([a-z_]+)(?:{[a-z,]+})?`", row.split("|")[1])
    }

    assert listed == {*GAUGES, *(name.removeprefix("entente_") for name in SUMS | SECONDS)}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_each_alert_has_its_part_of_the_runbook(rule):
    page, _, anchor = rule["annotations"]["runbook"].partition("#")
    _, means, _look, do = PARTS_OF_RUNBOOK[f'<a id="{anchor}"></a>{rule["alert"]}']

    assert page == "docs/operations.md"
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert means
    assert do


def test_the_runbook_has_no_part_without_its_alert():
    names = [name.partition("</a>")[2] for name in PARTS_OF_RUNBOOK]

    assert names == [rule["alert"] for rule in RULES]
    assert [*FIRES] == names


@pytest.mark.long
def test_each_rule_fires_when_it_should_and_no_other(promtool, tmp_path: Path):
    rules = str(CHECKOUT / "deploy/alerts.yml")
    cases = [case(series, [alert]) for alert, series in FIRES.items()] + [case(WELL, [])]
    tests = {"rule_files": [rules], "evaluation_interval": "1m", "tests": cases}
    (tmp_path / "cases.yml").write_text(yaml.safe_dump(tests))

    for command in (["check", "rules", rules], ["test", "rules", str(tmp_path / "cases.yml")]):
        done = subprocess.run(
            [promtool.path, *command],
            env={**os.environ, **promtool.environ},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def case(series: dict[str, str], firing: list[str]) -> dict[str, object]:
    """Which alerts fire after the last value."""
    minutes = max(int(values.rpartition("x")[2]) for values in series.values())
    return {
        "interval": "1m",
        "input_series": [{"series": one, "values": series[one]} for one in series],
        "promql_expr_test": [
            {
                "expr": 'count by (alertname) (ALERTS{alertstate="firing"})',
                "eval_time": f"{minutes}m",
                "exp_samples": [
                    {"labels": f'{{alertname="{name}"}}', "value": 1} for name in firing
                ],
            }
        ],
    }
