"""The sides of a triangle: which way each went, and what moved it most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from tracker import wording
from tracker.charts.known_ways import Way, way_in_words, way_of
from tracker.date_wording import described
from tracker.domain.disclosure import Reader
from tracker.domain.movements import WindowMovement
from tracker.domain.triads import Edge
from tracker.findings import words
from tracker.findings.moves import Move
from tracker.level_wording import interval, score_words
from tracker.pages import movement_pictures, request_params
from tracker.pages.movement_pictures import MovedPair
from tracker.pages.request_params import PageParams
from tracker.queries.claims import detail, recent
from tracker.queries.claims.detail import Sheet
from tracker.queries.claims.listing import ClaimEntry
from tracker.queries.scores.pair_overview import DirectionReading
from tracker.queries.scores.triads import DetailedTriad
from tracker.wording import Names

# The number of listed reports about a side without a reported act.
MOST_REPORTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SideCause:
    """The claim that moved a side most, with the points that it adds to the movement."""

    sheet: Sheet
    amount: float
    link: str

    @property
    def title(self) -> str:
        return self.sheet.filed.title

    @property
    def when(self) -> str:
        return described(self.sheet.dated.occurred.edtf) if self.sheet.dated else ""

    @property
    def sources(self) -> str:
        """The names of its roots, each once."""
        chains = (cited.provenance for cited in self.sheet.citations)
        return wording.listed(list(dict.fromkeys(chain[-1].name for chain in chains if chain)))


@dataclass(frozen=True, slots=True, kw_only=True)
class TriadSide:
    """A pair of the triangle, with its name and the link to its page, which way it went in words,
    by how many points and `when`, and what moved it most. A side without a reported act has the
    `reports` about both countries, and whether there are `more`."""

    edge: Edge
    words: str
    movement: WindowMovement | None
    name: str
    label: str
    link: str
    way: Way
    words_of_way: str
    points: float
    when: str
    says: str
    cause: SideCause | None
    reports: Sequence[ClaimEntry] = ()
    more: bool = False


def sides_of(
    reading: DetailedTriad,
    pairs: Sequence[MovedPair],
    moves: Mapping[str, Move | None],
    params: PageParams,
    named: Names,
) -> list[TriadSide]:
    """The sides of a triangle, each with the move that the sentence names, or else its whole
    movement."""
    by_name = {pair.series.pair: pair for pair in pairs}
    clear = {pair: move for pair, move in moves.items() if move and move.clear}
    told = {name: clear.get(name, pair.move) for name, pair in by_name.items()}
    causes = _causes(pairs, told, params)
    found = [
        _side(edge, side, by_name[edge.pair], params, named, causes.get(edge.pair))
        for edge, side in zip(reading.triad.edges, reading.sides, strict=True)
    ]
    return [
        replace(one, **_named_move(clear[one.edge.pair])) if one.edge.pair in clear else one
        for one in found
    ]


def _named_move(move: Move) -> dict[str, Any]:
    """What a side says of the move that the sentence names."""
    way = way_of(move.window)
    way_words, when = way_in_words(way, None), words.when(move, None, move.end)
    told = {
        "way": way_words,
        "when": when,
        "points": wording.signed(move.amount),
        "interval": interval(move.low, move.high),
    }
    text = (
        _("%(way)s %(when)s, one source reports: %(points)s (90 %% interval %(interval)s)")
        if move.on_one_source
        else _("%(way)s %(when)s: %(points)s (90 %% interval %(interval)s)")
    )
    return {
        "way": way,
        "words_of_way": way_words,
        "points": move.amount,
        "when": when,
        "says": text % told,
    }


def _causes(
    pairs: Sequence[MovedPair], told: Mapping[str, Move | None], params: PageParams
) -> Mapping[str, SideCause]:
    """The claim that moved each pair most, with its details from few queries."""
    position = max(pair.series.position for pair in pairs)
    found = {
        pair: cause
        for pair, move in told.items()
        if move and (cause := movement_pictures.cause_of(move, position))
    }
    sheets: dict[UUID, Sheet] = detail.sheets_at(
        {claim for claim, _amount in found.values()}, position, reader=Reader.PUBLIC
    )
    suffix = f"?as_of={params.as_of_text}" if params.as_of_text else ""
    return {
        pair: SideCause(
            sheet=sheets[claim], amount=amount, link=reverse("pages:claim", args=[claim]) + suffix
        )
        for pair, (claim, amount) in found.items()
        if claim in sheets
    }


def _side(
    edge: Edge,
    side: DirectionReading,
    pair: MovedPair,
    params: PageParams,
    named: Names,
    cause: SideCause | None,
) -> TriadSide:
    path = reverse("pages:pair", args=edge.pair.split("-"))
    reports = _reports(pair, params) if pair.way == "silent" else []
    return TriadSide(
        edge=edge,
        words=score_words(side.score.score, side.score.words),
        movement=side.movement,
        name=named.direction(edge.pair),
        label=wording.sign(edge) if pair.series.knots else str(wording.NO_CLAIMS),
        link=request_params.address(path, params, country=""),
        way=pair.way,
        words_of_way=movement_pictures.way_words(pair),
        points=movement_pictures.points(pair),
        when="",
        says=movement_pictures.says(pair),
        cause=cause,
        reports=reports[:MOST_REPORTS],
        more=len(reports) > MOST_REPORTS,
    )


def _reports(pair: MovedPair, params: PageParams) -> Sequence[ClaimEntry]:
    """Claims about both countries that move nothing, without assessed levels; none on a page of
    the past."""
    if not params.as_of.is_now:
        return []
    claims = recent.recent_of_pair(pair.series.pair, lens=params.lens, reader=Reader.PUBLIC)
    return [one for one in claims if one.state.claim.kind != "level"]
