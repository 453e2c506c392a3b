"""The findings of pages: collects their facts from what a page has read.

`pair_finding` is that of a pair, `triangle_finding` that of a triangle, `table_finding` that of the
table of pairs.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from uuid import UUID

from django.utils.translation import gettext as _

from tracker import country_names
from tracker.domain import state as f
from tracker.domain.claim_text import verdicts_in_force
from tracker.domain.codebooks import UnknownCode, find
from tracker.domain.codes import Code
from tracker.domain.disclosure import Reader
from tracker.domain.reading.reference_names import demonyms
from tracker.domain.scoring.evidence import Pull
from tracker.findings.facts import Act, Finding, Measure, PairFacts, Root
from tracker.findings.front import FrontFacts, front_finding
from tracker.findings.pair import finding
from tracker.findings.triangle import triangle_finding
from tracker.language_formats import is_english
from tracker.lens_names import reader_name
from tracker.pages import pair_context
from tracker.pages.pair_context import PairContext
from tracker.pages.pair_list import PairList
from tracker.pages.request_params import PageParams
from tracker.queries.claims import disclosure
from tracker.queries.claims.detail import Sheet, Witness
from tracker.queries.evidence import impacts
from tracker.queries.records import states
from tracker.queries.scores.table import RankedPair
from tracker.wording import capitalised

__all__ = ["Finding", "pair_facts", "pair_finding", "table_finding", "triangle_finding"]

# Pairs whose newest claims are looked at for the newest report.
_MOST_NEWEST = 3
MEASURES: dict[str, Measure] = {"standing": "level", "tone": "flow", "cooperation": "ratio"}


def pair_finding(context: PairContext) -> Finding:
    """Return the finding of a pair's page: what its lens, day and moment show, to the public. That
    of a lens which counts a bloc of sources, or all others, says so."""
    found = finding(pair_facts(context))
    lens = context.series.lens
    if lens.lens.view.bloc is None:
        return found
    lead = _("%(side)s: %(finding)s") % {"side": reader_name(lens), "finding": found.lead}
    return replace(found, lead=lead)


def table_finding(page_pairs: PairList, params: PageParams, *, today: date) -> Finding:
    """Return the finding of the table of pairs: the change of the last two weeks that matters
    most, of those that may be named, or that there is none.

    :raises impacts.CatchingUp:
    """
    shifted = [row for row in page_pairs.named if row.shift]

    def change_of(row: RankedPair) -> Finding | None:
        since = row.shift.start if row.shift else None
        own = replace(params, direction=None, since=since, day=row.day)
        facts = pair_facts(pair_context.read(row.pair, own, today=today))
        return finding(facts) if facts.move and facts.move.named else None

    facts = FrontFacts(
        day=page_pairs.day,
        shifted=[] if page_pairs.position is not None else shifted,
        newest=_newest_report(page_pairs, page_pairs.day or today),
        whole=page_pairs.whole,
        past=page_pairs.position is not None,
        then=params.day is not None and params.day < today,
    )
    return front_finding(facts, change_of)


def _newest_report(page_pairs: PairList, day: date) -> date | None:
    """The day of the newest document, up to a day, behind the claims that acted last; without one,
    the day on which the last of them acted. Withheld claims are left out."""
    rows = [row for row in page_pairs.named if row.last_claim_day]
    latest = sorted(rows, key=lambda row: (row.last_claim_day or date.min, row.pair))[::-1]
    view = page_pairs.lens.lens.view.id
    claims = [
        claim
        for row in latest[:_MOST_NEWEST]
        for claim in impacts.claims_beginning(
            view, row.pair, row.last_claim_day or row.day, position=row.position, most=states.MOST
        )
    ]
    at = page_pairs.position
    hidden = disclosure.withheld_claims(claims, at=at, reader=Reader.PUBLIC) if claims else set()
    reported = states.last_report([one for one in claims if one not in hidden], at=at, until=day)
    return reported or (latest[0].last_claim_day if latest else None)


def pair_facts(context: PairContext) -> PairFacts:
    """Collect what the finding of a pair's page is made from. Withheld claims are left out, so
    that no verb, date or source of theirs is told."""
    series, reading = context.series, context.reading
    measure = MEASURES[series.lens.lens.model]
    shown = context.movers if measure == "level" else context.leading
    sheets = {each.pull.claim: each.sheet for each in context.listed(shown)}
    war = _war(context)
    roots = _roots([*sheets.values(), *([war[1]] if war else [])], at=series.position)
    return PairFacts(
        names=context.naming.direction(series.direction, first=False),
        towards=_towards(context),
        measure=measure,
        day=context.day,
        past=not context.params.as_of.is_now,
        then=context.day < context.today,
        score=reading.score,
        claims=reading.claims,
        roots=reading.roots,
        state_roots=reading.state_roots,
        move=context.move,
        acts=[_act(context, pull, amount, sheets[pull.claim], roots) for pull, amount in shown],
        reported=context.reported,
        war=_act(context, war[0], 0.0, war[1], roots) if war else None,
        data_sets=len(series.lens.lens.view.collections) if context.machine_coded else 0,
        acted=_acted(context.acts),
        related=len(context.about_both) if not reading.claims else 0,
        begins=context.begins,
        note=context.not_counted,
    )


def _towards(context: PairContext) -> tuple[str, str] | None:
    """The two ends of a direction; None for both ways."""
    one, arrow, other = context.series.direction.partition(">")
    if not arrow:
        return None
    return context.naming.in_sentence(one), context.naming.in_sentence(other)


def _acted(pulls: Sequence[Pull]) -> tuple[date, date] | None:
    """The days of the first and the last act."""
    if not pulls:
        return None
    first, last = min(pull.first for pull in pulls), max(pull.first for pull in pulls)
    return date.fromordinal(first), date.fromordinal(last)


def _war(context: PairContext) -> tuple[Pull, Sheet] | None:
    """The situation that is a war on the day of the page, the surest one, and its details."""
    wars = [
        (pull, context.sheets[pull.claim])
        for pull in context.assaults
        if pull.claim in context.sheets and _is_war(context.sheets[pull.claim], context.day)
    ]
    return max(wars, key=lambda war: (war[0].p, war[0].claim.int), default=None)


_WAR = re.compile(r"\bwar\b", re.IGNORECASE)
# Modes of an attack that only war has.
_OF_WAR = frozenset({"heavy-weapons", "aerial", "drone", "explosives", "unconventional"})


def _is_war(sheet: Sheet, day: date) -> bool:
    """Whether a claim that began by a day tells of a war that had not ended before it."""
    code = _code(sheet.claim.code)
    title = sheet.filed.title
    named = code is not None and code.assault and (code.mode in _OF_WAR or bool(_WAR.search(title)))
    ended = sheet.dated is None or (
        sheet.dated.bounds.latest is not None and sheet.dated.bounds.latest < day
    )
    doubted = sheet.filed.attributed or sheet.filed.title.rstrip().endswith("]")
    return named and not ended and not doubted


def _code(code: str | None) -> Code | None:
    try:
        return find(code) if code else None
    except UnknownCode:
        return None


def _is_disputed(sheet: Sheet) -> bool:
    """Whether a verdict that is in force disputes it, or a part of it."""
    verdicts = verdicts_in_force(sheet.filed.state.verdicts)
    return any(verdict.verdict == "disputed" for verdict in verdicts)


def _act(
    context: PairContext,
    pull: Pull,
    amount: float,
    sheet: Sheet,
    roots: Mapping[UUID, tuple[Root, ...]],
) -> Act:
    code = _code(sheet.claim.code)
    by, to = (_states(context, sheet, role) for role in ("initiator", "recipient"))
    return Act(
        claim=pull.claim,
        title=sheet.filed.title,
        amount=amount,
        event=code.event if code else "",
        mode=code.mode if code else "",
        by=by,
        to=to,
        roots=roots.get(pull.claim, ()),
        begun=date.fromordinal(pull.first),
        situation=pull.situation,
        alleged=sheet.filed.attributed,
        disputed=_is_disputed(sheet),
        level=pull.sd is not None,
    )


def _states(context: PairContext, sheet: Sheet, role: str) -> str:
    """The one country of the pair that has a role itself, as a sentence has it; empty where others
    have the role too, or somebody acts for it."""
    own = [party.actor.actor for party in sheet.parties if party.party.role == role]
    code = own[0].code if len(own) == 1 and own[0].kind == "state" else None
    return context.naming.in_sentence(code) if code and code in context.naming.by_code else ""


def _roots(sheets: Iterable[Sheet], *, at: int) -> dict[UUID, tuple[Root, ...]]:
    """The sources at the ends of the chains that support each claim."""
    ends = {
        sheet.filed.stored.id: {
            cited.provenance[-1].source.id: cited.provenance[-1]
            for cited in sheet.citations
            if cited.citation.stance == "supports"
        }
        for sheet in sheets
    }
    witnesses = {key: one for own in ends.values() for key, one in own.items()}
    owners = _owners(witnesses.values(), at=at)
    roots = {key: _root(one, owners) for key, one in witnesses.items()}
    return {claim: tuple(roots[key] for key in own) for claim, own in ends.items()}


def _owners(witnesses: Iterable[Witness], *, at: int) -> dict[UUID, str]:
    """What the sentence calls each country whose state owns one of the sources."""
    countries = {
        one.source.source.country
        for one in witnesses
        if one.source.source.state_owned and one.source.source.country
    }
    if not countries:
        return {}
    found = states.records(countries, at=at)
    return {
        key: _state_name(record.actor.code or "")
        for key, record in found.items()
        if isinstance(record, f.ActorState)
    }


def _root(witness: Witness, owners: Mapping[UUID, str]) -> Root:
    source = witness.source.source
    state = owners.get(source.country, "") if source.country else ""
    return Root(
        name=witness.name,
        state=state if source.state_owned else "",
        state_owned=source.state_owned,
    )


def _state_name(code: str) -> str:
    """The adjective of a state in English, "Chinese"; in other languages, which build the sentence
    around it, its name."""
    return _adjectives().get(code, "") if is_english() else country_names.in_language(code)


@cache
def _adjectives() -> Mapping[str, str]:
    """The first name of the people of each state, "Chinese", by its code."""
    adjectives: dict[str, str] = {}
    for name, codes in demonyms().items():
        for code in codes:
            adjectives.setdefault(code, capitalised(name))
    return adjectives
