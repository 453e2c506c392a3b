"""What `/metrics` reads when somebody asks: each number by its name, and short forms for them."""

from collections.abc import Mapping
from typing import NamedTuple

from prometheus_client.core import GaugeMetricFamily as Gauge


class Shape(NamedTuple):
    """What a number says, and the label by which there are several."""

    says: str
    label: str = ""


GAUGES = {
    "log_position": Shape("The last position of the log."),
    "sealed_position": Shape("The last sealed position."),
    "signed_position": Shape("The last signed position."),
    "seal_alarm": Shape("1 if the log cannot be sealed or signed."),
    "checkpoint_age_seconds": Shape("Seconds since the last checkpoint was signed."),
    "unsigned_seconds": Shape("Seconds since the last event was recorded, if it is not signed."),
    "witness_signed_position": Shape("The last position that a witness has signed.", "witness"),
    "witness_failing": Shape("1 if a witness does not sign for another reason.", "witness"),
    "witness_refuses": Shape("1 if a witness knows another history of the log.", "witness"),
    "follower_lag_events": Shape("Events that a view has not processed.", "view"),
    "follower_lag_seconds": Shape("Seconds since the first unprocessed event.", "view"),
    "follower_stopped": Shape("1 if the view stopped; doctor says why.", "view"),
    "pairs_waiting": Shape("Pairs whose scores are pending."),
    "oldest_pair_seconds": Shape("Seconds since the event for which the first pair waits."),
    "set_aside": Shape("Claims and pairs in quarantine."),
    "clock_skew_seconds": Shape("How far the clock of this host is ahead of the database's."),
    "log_ahead_seconds": Shape("How far the log is ahead of the database's clock."),
    "audit_age_seconds": Shape("Seconds since the last audit."),
    "audit_differences": Shape("Differences that audits found since the last whole one."),
    "audit_failed": Shape("Whether the last audit, or the last whole one, did not end."),
    "backup_age_seconds": Shape("Seconds since the last backup."),
    "archive_failing": Shape("1 if the last file of the write-ahead log could not be archived."),
    "archive_age_seconds": Shape("Seconds since a file of the write-ahead log was archived."),
    "connections_used": Shape("Connections of the database's server."),
    "connections_max": Shape("How many connections the server allows."),
    "database_bytes": Shape("Size of the database on disk."),
    "appends_waiting": Shape("Appends that wait for another one now."),
    "append_wait_seconds": Shape("How long the first of them has waited."),
    "standby_lag_bytes": Shape("How far a standby is behind.", "standby"),
    "disk_free_bytes": Shape("Free space where a folder is.", "folder"),
    "disk_size_bytes": Shape("Size of the disk where a folder is.", "folder"),
    "jobs_waiting": Shape("Jobs that wait for a worker."),
    "jobs_oldest_seconds": Shape("How long the first of these jobs has waited."),
    "webhook_messages_waiting": Shape("Messages that active webhooks were not sent yet."),
    "webhook_messages_oldest_seconds": Shape("How long the first of these messages has waited."),
    "webhooks_disabled": Shape("Webhooks that were given up."),
    "broker_up": Shape("1 if the broker responds."),
}


def gauge(name: str, value: float) -> Gauge:
    """A number."""
    return Gauge(f"entente_{name}", GAUGES[name].says, value=value)


def by(name: str, values: Mapping[str, float]) -> Gauge:
    """A number for each value of its label."""
    says, label = GAUGES[name]
    found = Gauge(f"entente_{name}", says, labels=[label])
    for one, value in values.items():
        found.add_metric([one], value)
    return found
