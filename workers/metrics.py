"""`/metrics`: how far the work is, in the text format of Prometheus (version 0.0.4)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from tracker import log
from tracker.queries import progress
from workers import doctor

TEXT = "text/plain; version=0.0.4; charset=utf-8"
_ESCAPED = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """A value that goes up and down, by the views that it is of; of nothing by ""."""

    name: str
    says: str
    values: Mapping[str, int]

    def lines(self) -> Iterator[str]:
        name = f"entente_{self.name}"
        yield f"# HELP {name} {self.says}"
        yield f"# TYPE {name} gauge"
        for view, value in self.values.items():
            label = f'{{view="{view.translate(_ESCAPED)}"}}' if view else ""
            yield f"{name}{label} {value}"


def metrics(_request: HttpRequest) -> HttpResponse:
    """503 without a database, of which all is asked."""
    if not doctor.database().well:
        return HttpResponse("the database does not answer\n", status=503, content_type=TEXT)
    lines = (line for gauge in _gauges() for line in gauge.lines())
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type=TEXT)


def _gauges() -> list[Gauge]:
    followers = progress.followers()
    aside = progress.set_aside()
    return [
        _one("log_position", "The last position of the log.", log.head().position),
        Gauge(
            name="follower_lag_events",
            says="Events that a view has not taken in.",
            values={one.view: one.late for one in followers},
        ),
        Gauge(
            name="follower_stopped",
            says="1 where a view met an event that it cannot read.",
            values={one.view: int(bool(one.stopped_by)) for one in followers},
        ),
        _one("pairs_waiting", "Pairs that wait for their scores.", progress.waiting()),
        _one("set_aside", "Claims and pairs in quarantine.", len(aside)),
        _one("broker_up", "1 where the broker answers.", int(doctor.broker().well)),
    ]


def _one(name: str, says: str, value: int) -> Gauge:
    return Gauge(name=name, says=says, values={"": value})
