"""The charts of the pairs in a brief."""

from dataclasses import dataclass
from datetime import date

from tracker.charts import captions, drawing, framing, picture
from tracker.charts.drawing import Spec
from tracker.charts.page_svg import page_svg
from tracker.charts.picture import Marked, PictureSpan
from tracker.queries.evidence.briefs import Brief, BriefSection
from tracker.queries.scores.pairs import Series


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefChart:
    """A picture as a spec, and what it shows in a sentence."""

    spec: Spec
    says: str

    @property
    def svg(self) -> str:
        return page_svg(self.spec)

    @property
    def png(self) -> bytes:
        return drawing.png(framing.as_file(self.svg))


def charts(brief: Brief) -> list[BriefChart | None]:
    """The lines of all sections' pairs up to the brief's day, on the same days, with the claims of
    each table by their numbers; None for a section of which nothing is recorded."""
    spans = [_span(section, brief.day) for section in brief.sections]
    drawn = [span.start for span in spans if span]
    return [
        _chart(section, section.series, PictureSpan(start=min(drawn), end=brief.day))
        if span and section.series
        else None
        for section, span in zip(brief.sections, spans, strict=True)
    ]


def _span(section: BriefSection, day: date) -> PictureSpan | None:
    """The days that a section has something to show of; None without any up to a day."""
    span = picture.span_of(section.series, today=day) if section.series else None
    return span if span and span.start <= day else None


def _chart(section: BriefSection, series: Series, span: PictureSpan) -> BriefChart:
    levels = [claim for claim in section.claims if claim.pull.sd is not None]
    levels.sort(key=lambda claim: claim.day, reverse=True)
    marked = Marked(claims=section.claims, levels=levels)
    [spec] = picture.specs(series, span, marked, day=span.end, reported=None)
    said = captions.course(section.title, series, span)
    return BriefChart(spec=spec, says=said)
