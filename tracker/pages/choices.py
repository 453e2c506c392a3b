"""The other ways to look at the same page, as links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from tracker.domain.lenses import directions
from tracker.pages.asked import Asked
from tracker.pages.picture import Span
from tracker.queries.scores import lenses
from tracker.queries.scores.pairs import Series
from tracker.wording import Names


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    label: str
    link: str
    chosen: bool = False


def address(path: str, asked: Asked, **other: str) -> str:
    """A path with the parameters that were asked for, some of them otherwise; defaults left out."""
    held = {
        "lens": asked.lens if asked.lens != "standing" else "",
        "direction": asked.direction or "",
        "as_of": asked.as_of_text,
        "day": asked.day.isoformat() if asked.day else "",
        "country": asked.country or "",
        "order": asked.order if asked.order != "strongest" else "",
        "page": str(asked.page) if asked.page > 1 else "",
        "show": asked.show if asked.show != "chart" else "",
    }
    return with_parameters(path, **(held | other))


def with_parameters(path: str, **parameters: str) -> str:
    """A path with those of the parameters that say something."""
    wanted = {name: value for name, value in parameters.items() if value}
    return f"{path}?{urlencode(wanted)}" if wanted else path


def of_lens(path: str, asked: Asked) -> list[Choice]:
    return [
        Choice(
            label=one.lens.name,
            link=address(path, asked, lens=one.lens.name if one.lens.name != "standing" else ""),
            chosen=asked.lens.partition("@")[0] == one.lens.name,
        )
        for one in lenses.latest()
    ]


def of_tab(path: str, asked: Asked, tabs: Mapping[str, str]) -> list[Choice]:
    return [
        Choice(
            label=label,
            link=address(path, asked, show=name if name != "chart" else ""),
            chosen=asked.show == name,
        )
        for name, label in tabs.items()
    ]


def of_direction(path: str, asked: Asked, series: Series, called: Names) -> list[Choice]:
    return [
        Choice(
            label=called.direction(one) if ">" in one else "both ways",
            link=address(path, asked, direction=one if ">" in one else ""),
            chosen=one == series.direction,
        )
        for one in directions(series.pair)
    ]


def of_api(asked: Asked, series: Series, span: Span | None, day: str) -> Sequence[Choice]:
    """Where a program gets the same numbers."""
    ends = series.pair.split("-")
    common = {"lens": asked.lens, "direction": series.direction, "as_of": asked.as_of_text}
    found = []
    if span:
        dates = {"from": span.start.isoformat(), "to": span.end.isoformat(), "every": "month"}
        found.append(Choice(label="scores", link=_api("scores", ends, common | dates)))
    found.append(Choice(label="explanation", link=_api("explanation", ends, common | {"day": day})))
    return found


def _api(view: str, ends: Sequence[str], parameters: Mapping[str, str]) -> str:
    return with_parameters(reverse(f"api:{view}", args=ends), **parameters)
