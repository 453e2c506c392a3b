"""What is on record by names alone, so that that of two databases can be compared."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from tracker import log
from tracker.domain import codec
from tracker.domain import events as e
from tracker.domain.codec import Plain
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import LensVersion
from tracker.domain.scoring.evidence import Impact
from tracker.queries import moment
from tracker.queries.claims import listing
from tracker.queries.claims.listing import ClaimEntry, Filters
from tracker.queries.evidence import impacts
from tracker.queries.records import catalogue, names
from tracker.queries.records.catalogue import RecordFilter
from tracker.queries.scores import lenses, values

# What each claim moves of each pair, by the claim's sentence.
type Moves = tuple[LensVersion, Mapping[str, Sequence[tuple[str, Impact]]]]

MOST = 500
NOUNS = ("collection", "actor", "source", "document")
DAYS = (date(2022, 2, 28), date(2022, 3, 31), date(2022, 4, 30), date(2022, 5, 24))


def everything() -> dict[str, Any]:
    """What is on record."""
    return {"claims": named(), "records": records(), "scores": scores()}


def named() -> list[dict[str, Any]]:
    """Every claim with names in the place of ids, by its sentence, with what was done to it."""
    labels = _labels()
    filed = _filed()
    said = {str(one.state.id): one.state.claim.summary for one in filed}
    return sorted((_claim(one, labels, said) for one in filed), key=lambda one: one["summary"])


def records() -> dict[str, dict[str, Any]]:
    """What claims refer to, and the lenses, each by its name; a source with its grades."""
    labels = _labels()
    found: dict[str, dict[str, Any]] = {}
    for noun in NOUNS:
        entries = catalogue.listing(
            RecordFilter(noun=noun, as_of=moment.now()), after=None, limit=MOST
        )
        found[noun] = {labels[str(one.id)]: _record(noun, one, labels) for _, one in entries}
    found["lens"] = {
        one.lens.name: _by_name(codec.plain(one.lens), labels) for one in lenses.latest()
    }
    return found


def scores() -> dict[str, list[str]]:
    """Every value of every lens on a few days."""
    position = log.head().position
    return {
        f"{lens.lens.name} {day}": values.stored_lines(lens, day, position=position)
        for lens in lenses.latest()
        for day in DAYS
    }


def claim_ids() -> dict[str, UUID]:
    """The id of every claim by its sentence."""
    return {one.state.claim.summary: one.state.id for one in _filed()}


def moves() -> list[Moves]:
    """What every claim moves, for each lens."""
    position = log.head().position
    sentences = {id_: summary for summary, id_ in claim_ids().items()}
    return [
        (
            lens,
            {
                pair: [
                    (sentences[one.claim], one)
                    for one in impacts.on_pair(lens.lens.view.id, pair, position=position)
                ]
                for pair in values.pairs(lens, position=position)
            },
        )
        for lens in lenses.latest()
    ]


def scores_of(moved: Iterable[Moves], ids: Mapping[str, UUID]) -> dict[str, list[str]]:
    """What `scores` is if the claims have other ids, by their sentences."""
    found = {}
    for lens, by_pair in moved:
        renamed = {
            pair: [one._replace(claim=ids[sentence]) for sentence, one in some]
            for pair, some in by_pair.items()
        }
        for day in DAYS:
            found[f"{lens.lens.name} {day}"] = values.recomputed_lines(lens, renamed, day)
    return found


def _filed() -> list[ClaimEntry]:
    return listing.listing(Filters(), after=None, limit=MOST, reader=Reader.DESK)


def _labels() -> dict[str, str]:
    return {str(one.id): one.name for noun in NOUNS for one in names.directory(noun)}


def _record(noun: str, entry: Any, labels: Mapping[str, str]) -> Plain:
    plain = codec.plain(getattr(entry, noun))
    if noun == "source":
        told = (one.decoded() for one in log.history([entry.id]))
        plain["ratings"] = [codec.plain(one) for one in told if isinstance(one, e.SourceRated)]
    return _by_name(plain, labels)


def _claim(filed: ClaimEntry, labels: Mapping[str, str], said: Mapping[str, str]) -> Plain:
    """What its table called it is no word of a claim."""
    plain = codec.plain(filed.state.claim) | {
        "key": None,
        "verdicts": [codec.plain(one) for one in filed.state.verdicts],
        "history": [_event(one) for one in log.history([filed.state.id])],
    }
    links = ((one.type, said[str(one.from_)], said[str(one.to)]) for one in filed.links)
    return {"summary": "", **_by_name(plain, labels), "links": sorted(links)}


def _event(recorded: log.Recorded) -> tuple[str, Any]:
    return recorded.kind, (recorded.words or {}).get("reason")


def _by_name(value: Any, labels: Mapping[str, str]) -> Any:
    """The same, with names in the place of ids; a position is none of what was said."""
    match value:
        case dict():
            return {key: _by_name(one, labels) for key, one in value.items() if key != "position"}
        case list() | tuple():
            return [_by_name(one, labels) for one in value]
    return labels.get(str(value), value)
