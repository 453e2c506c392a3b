"""Two to four movements on one axis: of pairs, of one pair by several lenses, or of one pair as it
was known at several moments."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from tracker import lens_names
from tracker.pages import movement_pictures, request_params
from tracker.pages.compare_wording import comparison_sentence
from tracker.pages.movement_pictures import MovedPair, MovementPicture, NamedPair
from tracker.pages.page_cache import page_cached_by, render_page, today
from tracker.pages.request_params import InvalidParameter, LinkChoice, PageParams
from tracker.queries import moment, progress
from tracker.queries.moment import At
from tracker.queries.records import names, pair_names
from tracker.queries.scores import lenses, pairs, table
from tracker.queries.scores.pairs import Series
from tracker.queries.scores.triads import LEVEL
from tracker.wording import Names, day_in_words, listed

PARAMETERS = ("pairs", "lenses", "moments", "add", "lens", "as_of", "day", "since")
FEWEST, MOST = 2, 4
# The number of pairs to choose from, those with most claims.
MOST_CHOICES = 200
# The number of pairs that are compared by default.
SHOWN_FIRST = 3
LONGEST = 200

Kind = Literal["pairs", "lenses", "moments"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is compared: several pairs, or one pair by several lenses or moments."""

    kind: Kind
    pairs: Sequence[str]
    lenses: Sequence[str] = ()
    moments: Sequence[At] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedLine:
    """A line, and the address of the comparison without it; empty if too few lines would remain."""

    named: NamedPair
    without: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparePage:
    title: str
    headline: str
    kind: Kind
    lines: Sequence[ComparedLine]
    picture: MovementPicture | None
    choices: Sequence[tuple[str, str]]
    kept: dict[str, str]
    lenses: Sequence[LinkChoice]
    sides: Sequence[LinkChoice]
    frozen: str
    day: date


def read_wanted(query: QueryDict, params: PageParams) -> Wanted:
    """Read what is compared.

    :raises InvalidParameter: for what cannot be read, and for too many.
    """
    named = [*_parts(query, "pairs"), *_parts(query, "add")]
    found = list(dict.fromkeys(_pair(one) for one in named))
    by_lens, by_moment = _parts(query, "lenses"), _parts(query, "moments")
    if by_lens and by_moment:
        raise InvalidParameter(_("Compare lenses or moments, not both: leave one of them out."))
    for parameter, parts in (("lenses", by_lens), ("moments", by_moment)):
        if parts and len(found) != 1:
            raise InvalidParameter(
                _("With %(parameter)s name one pair, such as pairs=KAZ-RUS.")
                % {"parameter": parameter}
            )
    if by_lens:
        return Wanted(kind="lenses", pairs=found, lenses=_bounded("lenses", by_lens))
    if by_moment:
        texts = _bounded("moments", by_moment)
        return Wanted(kind="moments", pairs=found, moments=[_moment(text) for text in texts])
    if len(found) < FEWEST:
        found = _filled_up(found, params)
    return Wanted(kind="pairs", pairs=_bounded("pairs", found, fewest=0))


def _parts(query: QueryDict, name: str) -> list[str]:
    text = query.get(name, "")
    if len(text) > LONGEST:
        raise InvalidParameter(
            _("%(name)s is longer than %(most)d characters.") % {"name": name, "most": LONGEST}
        )
    return list(dict.fromkeys(part for one in text.split(",") if (part := one.strip())))


def _pair(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}-[A-Za-z]{3}", text):
        raise InvalidParameter(
            _("The pair %(text)s in pairs cannot be read. Write two codes of countries: KAZ-RUS.")
            % {"text": repr(text[:40])}
        )
    try:
        return pair_names.pair_name(*text.split("-"))
    except pair_names.NoSuchPair as problem:
        raise InvalidParameter(f"pairs: {problem}.") from problem


def _moment(text: str) -> At:
    try:
        return moment.at(moment.read_moment(text))
    except moment.NoMoment as problem:
        raise InvalidParameter(f"moments: {problem}.") from problem


def _bounded(name: str, parts: Sequence[str], *, fewest: int = FEWEST) -> Sequence[str]:
    if not fewest <= len(parts) <= MOST:
        raise InvalidParameter(
            _("%(name)s has %(number)d entries; two to four can be compared.")
            % {"name": name, "number": len(parts)}
        )
    return parts


def _filled_up(found: Sequence[str], params: PageParams) -> list[str]:
    """The pairs of the request, filled up with those that have most claims."""
    lens = lenses.find(params.lens, position=params.as_of.position)
    known = table.most_known(lens, limit=SHOWN_FIRST)
    return list(dict.fromkeys([*found, *known]))[:SHOWN_FIRST]


def build(wanted: Wanted, params: PageParams, *, today: date) -> ComparePage:
    """Build the page.

    :raises lenses.NoSuchLens: :raises moment.AheadOfLog: :raises impacts.CatchingUp:
    :raises movements.NoWindow: :raises InvalidParameter: for lenses that measure no level.
    """
    day = params.day or params.as_of.day() or today
    codes = {code for pair in wanted.pairs for code in pair.split("-")}
    choices = _choices(params) if wanted.kind == "pairs" else []
    named = Names(
        by_code=names.countries(codes | {code for pair in choices for code in pair.split("-")})
    )
    series = _series(wanted, params)
    lines = _lines(wanted, series, params, named, day=day)
    return ComparePage(
        title=_title(wanted, named),
        headline=comparison_sentence(lines, day, lenses=wanted.kind == "lenses"),
        kind=wanted.kind,
        lines=[
            ComparedLine(named=line, without=_without(wanted, params, place))
            for place, line in enumerate(lines)
        ],
        picture=movement_pictures.movement_picture(lines, day) if lines else None,
        choices=sorted((named.joined(pair), pair) for pair in choices if pair not in wanted.pairs),
        kept=_kept(wanted, params),
        lenses=_lens_choices(wanted, params),
        sides=_sides(wanted, params),
        frozen=_frozen(wanted, params, series, day),
        day=day,
    )


def _choices(params: PageParams) -> list[str]:
    return table.most_known(
        lenses.find(params.lens, position=params.as_of.position), limit=MOST_CHOICES
    )


def _asked(wanted: Wanted, params: PageParams) -> list[tuple[str, str, At]]:
    """The pair, lens and moment of each line. Past moments use the present version of a lens, since
    an earlier one may have no movements."""
    if wanted.kind == "lenses":
        now = params.as_of.is_now
        return [
            (wanted.pairs[0], lens if now else _present(lens), params.as_of)
            for lens in wanted.lenses
        ]
    if wanted.kind == "moments":
        return [(wanted.pairs[0], _present(params.lens), at) for at in wanted.moments]
    lens = params.lens if params.as_of.is_now else _present(params.lens)
    return [(pair, lens, params.as_of) for pair in wanted.pairs]


def _present(lens: str) -> str:
    """A lens with the version in force now, unless it has one."""
    return lenses.find(lens, position=moment.now().position).label


def _series(wanted: Wanted, params: PageParams) -> list[Series]:
    found = [
        pairs.series(pair, direction=pair, lens=lens, as_of=at)
        for pair, lens, at in _asked(wanted, params)
    ]
    for one in found:
        if one.lens.lens.model != LEVEL:
            raise InvalidParameter(
                _("%(lens)s measures no level, so it has no movement: choose another lens.")
                % {"lens": lens_names.version_name(one.lens)}
            )
    return found


def _lines(
    wanted: Wanted,
    series: Sequence[Series],
    params: PageParams,
    named: Names,
    *,
    day: date,
) -> list[NamedPair]:
    found = movement_pictures.moved_pairs(series, day, since=params.since)
    lines = []
    for place, pair in enumerate(found):
        own = params
        if wanted.kind == "lenses":
            own = replace(params, lens=wanted.lenses[place])
        if wanted.kind == "moments":
            own = replace(params, as_of_text=str(wanted.moments[place].position))
        path = reverse("pages:pair", args=pair.series.pair.split("-"))
        lines.append(
            NamedPair(
                pair=pair,
                name=_line_name(wanted, pair, place, named),
                link=request_params.address(path, own),
            )
        )
    return lines


def _line_name(wanted: Wanted, pair: MovedPair, place: int, named: Names) -> str:
    if wanted.kind == "lenses":
        return lens_names.reader_name(pair.series.lens)
    if wanted.kind == "moments":
        return _known_on(wanted.moments[place])
    return named.direction(pair.series.pair)


def _known_on(at: At) -> str:
    day = at.day()
    if day is None:
        return _("Before anything was on record")
    return _("As known on %(day)s") % {"day": day_in_words(day)}


def _title(wanted: Wanted, named: Names) -> str:
    if wanted.kind == "pairs":
        if not wanted.pairs:
            return _("Compare relations")
        return _("Compared: %(pairs)s") % {
            "pairs": listed([named.joined(pair) for pair in wanted.pairs])
        }
    pair = named.direction(wanted.pairs[0])
    if wanted.kind == "lenses":
        return _("%(pair)s, by different sources and measures") % {"pair": pair}
    return _("%(pair)s, as known at different times") % {"pair": pair}


def _kept(wanted: Wanted, params: PageParams) -> dict[str, str]:
    """The parameters that the form to add a pair keeps."""
    return {"pairs": ",".join(wanted.pairs), **request_params.kept(params, without="add")}


def _address(params: PageParams, **changes: str) -> str:
    return request_params.address(reverse("pages:compare"), params, **changes)


def _without(wanted: Wanted, params: PageParams, place: int) -> str:
    if wanted.kind != "pairs" or len(wanted.pairs) <= FEWEST:
        return ""
    left = [pair for number, pair in enumerate(wanted.pairs) if number != place]
    return _address(params, pairs=",".join(left))


def _lens_choices(wanted: Wanted, params: PageParams) -> list[LinkChoice]:
    """The lenses that measure levels; none where lenses are compared."""
    if wanted.kind == "lenses":
        return []
    own = {"pairs": ",".join(wanted.pairs)}
    if wanted.kind == "moments":
        own["moments"] = ",".join(str(at.position) for at in wanted.moments)
    return [
        LinkChoice(
            label=lens_names.reader_name(version),
            link=_address(params, lens=version.lens.name, **own),
            chosen=params.lens.partition("@")[0] == version.lens.name,
        )
        for version in lenses.latest()
        if version.lens.model == LEVEL
    ]


def _sides(wanted: Wanted, params: PageParams) -> list[LinkChoice]:
    """Links to what each bloc of sources says, one for each pair of a comparison of pairs or
    moments."""
    if wanted.kind == "lenses":
        return []
    found = lens_names.two_sides(lenses.latest())
    if not found:
        return []
    labels = ",".join(version.lens.name for version in found[0])
    named = Names(by_code=names.countries({c for pair in wanted.pairs for c in pair.split("-")}))
    return [
        LinkChoice(label=named.joined(pair), link=_address(params, pairs=pair, lenses=labels))
        for pair in wanted.pairs
    ]


def _frozen(wanted: Wanted, params: PageParams, series: Sequence[Series], day: date) -> str:
    """An address that always shows the same: it names versions, the day, and what was known."""
    if not series:
        return ""
    own = {"pairs": ",".join(wanted.pairs), "day": day.isoformat()}
    if wanted.kind == "moments":
        own["moments"] = ",".join(str(at.position) for at in wanted.moments)
    else:
        own["as_of"] = str(min(one.position for one in series))
    if wanted.kind == "lenses":
        own["lenses"] = ",".join(one.lens.label for one in series)
    else:
        own["lens"] = series[0].lens.label
    return _address(params, **own)


def _files(page_address: str) -> list[LinkChoice]:
    """The movements as files, at the address of a page that always shows the same."""
    query = page_address.partition("?")[2]
    return [
        LinkChoice(label=form.upper(), link=f"{reverse('pages:compare-file', args=[form])}?{query}")
        for form in ("csv", "json")
    ]


@page_cached_by(progress.of_tables, PARAMETERS)
def compare(request: HttpRequest) -> HttpResponse:
    page = requested(request)
    context = {
        "page": page,
        "params": request_params.read(request.GET),
        "frozen": request.build_absolute_uri(page.frozen) if page.frozen else "",
        "files": _files(page.frozen) if page.frozen else [],
    }
    return render_page(request, "pages/compare.html", context)


def requested(request: HttpRequest) -> ComparePage:
    """Build the page that a request names.

    :raises InvalidParameter: and the errors of `build`.
    """
    params = request_params.read(request.GET)
    return build(read_wanted(request.GET, params), params, today=today())
