"""The chart of a pair in a brief."""

from dataclasses import dataclass
from datetime import date

from tracker.charts import drawing, picture
from tracker.charts.drawing import Spec
from tracker.charts.picture import Marked
from tracker.queries.evidence.briefs import BriefSection


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefChart:
    """A picture as a spec, and what it shows in a sentence."""

    spec: Spec
    says: str

    @property
    def png(self) -> bytes:
        return drawing.png(self.spec)


def chart(section: BriefSection, day: date) -> BriefChart | None:
    """The line of a section's pair up to a day, with the claims of its table by their numbers; None
    where nothing is recorded."""
    series = section.series
    span = picture.span_of(series, today=day) if series else None
    if series is None or span is None or span.start > day:
        return None
    levels = [claim for claim in section.claims if claim.pull.sd is not None]
    marked = Marked(claims=section.claims, levels=levels)
    [spec] = picture.specs(series, span, marked, day=day, reported=None)
    said = picture.description(section.title, series, span)
    return BriefChart(spec=spec, says=said)
