"""Stories: a list of them, and each in steps, every one as it was known at a fixed moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.charts import moved_lines, triangle
from tracker.charts.moved_lines import ClaimMark
from tracker.charts.triangle import TriangleSide
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import pair_of
from tracker.domain.movements import over_window
from tracker.domain.scoring.evidence import Pull
from tracker.level_wording import interval
from tracker.pages import movement_pictures, stories
from tracker.pages.movement_pictures import MovedPair, MovementPicture, NamedPair
from tracker.pages.page_cache import page_cached_by, render_page
from tracker.pages.request_params import with_parameters
from tracker.pages.stories import Story, StoryStep
from tracker.queries import moment, progress
from tracker.queries.claims import detail
from tracker.queries.claims.detail import NamedCitation, Sheet
from tracker.queries.records import names
from tracker.queries.scores import pairs, triads
from tracker.queries.scores.pairs import Series
from tracker.wording import Names, day_in_words, listed, percent, signed

type AllSeries = Mapping[str, Series]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStep:
    """A step with its quote, its pictures, what is doubtful, what would change it, and the frozen
    address of its pair and of the triangle."""

    step: StoryStep
    pair: str
    says: str
    sheet: Sheet | None
    quotes: Sequence[NamedCitation]
    picture: MovementPicture | None
    triangle: str
    triangle_says: str
    doubt: str
    change: str
    link: str
    triangle_link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPage:
    story: Story
    position: int
    steps: Sequence[ShownStep]


def build(story: Story, position: int) -> StoryPage:
    """Build the page of a story as known at a position."""
    codes = {*story.countries, *(code for step in story.steps for code in step.pair.split("-"))}
    named = Names(by_code=names.countries(codes))
    series = _series(story, position)
    sheets = detail.sheets_at({step.claim for step in story.steps}, position, reader=Reader.PUBLIC)
    steps = [_shown(story, step, position, series, sheets, named) for step in story.steps]
    return StoryPage(story=story, position=position, steps=steps)


def _series(story: Story, position: int) -> AllSeries:
    """The series of the steps and of the triangle, each read once."""
    first, second, third = story.countries
    sides = {pair_of(first, second), pair_of(first, third), pair_of(second, third)}
    at = moment.known_at(position)
    return {
        pair: pairs.series(pair, direction=pair, lens=story.lens, as_of=at)
        for pair in sorted(sides | {step.pair for step in story.steps})
    }


def _shown(
    story: Story,
    step: StoryStep,
    position: int,
    series: AllSeries,
    sheets: Mapping[UUID, Sheet],
    named: Names,
) -> ShownStep:
    [pair] = movement_pictures.moved_pairs([series[step.pair]], step.day)
    sheet = _unmasked(sheets.get(step.claim))
    pull = next((one for one in pair.pulls or () if one.claim == step.claim), None)
    link = _frozen("pages:pair", step.pair.split("-"), story, step, position)
    picture = movement_pictures.movement_picture(
        [NamedPair(pair=pair, name=named.direction(step.pair), link=link)],
        step.day,
        marks=_marks(pair, pull, sheet),
        wide=moved_lines.MEDIUM,
    )
    drawn, says = _triangle(story, step, series, named)
    return ShownStep(
        step=step,
        pair=named.direction(step.pair),
        says=movement_pictures.says(pair),
        sheet=sheet,
        quotes=[cited for cited in sheet.citations if cited.citation.quote] if sheet else [],
        picture=picture,
        triangle=drawn,
        triangle_says=says,
        doubt=_doubt(pull, sheet),
        change=_change(pair, pull),
        link=link,
        triangle_link=_frozen("pages:triad", story.countries, story, step, position),
    )


def _unmasked(sheet: Sheet | None) -> Sheet | None:
    return None if sheet is None or sheet.filed.masked else sheet


def _frozen(view: str, place: Sequence[str], story: Story, step: StoryStep, position: int) -> str:
    return with_parameters(
        reverse(view, args=place),
        lens=story.lens,
        day=step.day.isoformat(),
        as_of=str(position),
    )


def _marks(pair: MovedPair, pull: Pull | None, sheet: Sheet | None) -> list[ClaimMark]:
    """The claim on the line, where it began to act."""
    if pull is None or sheet is None:
        return []
    known = [step for step in pair.course if step.until.toordinal() >= pull.first]
    if not known:
        return []
    return [
        ClaimMark(
            day=known[0].until,
            at=known[0].value,
            good=pull.value > 0,
            title=sheet.filed.title,
        )
    ]


def _triangle(story: Story, step: StoryStep, series: AllSeries, named: Names) -> tuple[str, str]:
    """The triangle on the day of a step, and in words."""
    first, second, third = story.countries
    own = [series[pair_of(*two)] for two in ((first, second), (first, third), (second, third))]
    reading = triads.reading_of(own, step.day)
    moved = {one.series.pair: one for one in movement_pictures.moved_pairs(own, step.day)}
    sides = [
        TriangleSide(
            edge=edge,
            way=moved[edge.pair].way,
            words=movement_pictures.way_words(moved[edge.pair]),
            points=movement_pictures.points(moved[edge.pair]),
            link=with_parameters(
                reverse("pages:pair", args=edge.pair.split("-")),
                lens=story.lens,
                day=step.day.isoformat(),
                as_of=str(reading.position),
            ),
        )
        for edge in reading.triad.edges
    ]
    words = "; ".join(
        f"{named.joined(side.edge.pair)}: {movement_pictures.says(moved[side.edge.pair])}"
        for side in sides
    )
    return triangle.triangle(sides, named, triangle.NARROW), words


def _doubt(pull: Pull | None, sheet: Sheet | None) -> str:
    if sheet is None:
        return _("This report is withheld for now.")
    found = list(dict.fromkeys(cited.provenance[-1].name for cited in sheet.citations))
    roots = listed(found)
    if pull is None:
        return _(
            "This is an expectation or an assessment of %(sources)s. It moves no score, however"
            " likely it is."
        ) % {"sources": roots}
    return ngettext(
        "We take it for true with a probability of %(chance)s. It goes back to %(sources)s alone.",
        "We take it for true with a probability of %(chance)s. It goes back to %(sources)s.",
        len(found),
    ) % {"chance": percent(pull.p), "sources": roots}


def _change(pair: MovedPair, pull: Pull | None) -> str:
    """What the movement would be without the claim; of a silent pair, what is missing."""
    if pair.movement is None:
        return _("One reported act between the two, by either of them, would be the first.")
    if pull is None or pair.pulls is None:
        return _("Another report of an act between the two would change this.")
    rest = [one for one in pair.pulls if one.claim != pull.claim]
    without = over_window(pair.series.scorer, rest, pair.day)
    if without is None:
        return _(
            "Without this report nothing on file would have moved the relation by %(day)s."
        ) % {"day": day_in_words(pair.day)}
    return _(
        "Without this report the relation would have moved by %(value)s, with a 90 %% interval of"
        " %(interval)s."
    ) % {"value": signed(without.value), "interval": interval(without.low, without.high)}


@page_cached_by(progress.of_tables, ())
def story_list(request: HttpRequest) -> HttpResponse:
    found = [stories.in_language(story) for story, _position in stories.on_record()]
    return render_page(request, "pages/stories.html", {"stories": found})


@page_cached_by(progress.of_tables, ())
def story(request: HttpRequest, name: str) -> HttpResponse:
    for one, position in stories.on_record():
        if one.name == name:
            return render_page(
                request, "pages/story.html", {"page": build(stories.in_language(one), position)}
            )
    raise Http404("There is no such story.")
