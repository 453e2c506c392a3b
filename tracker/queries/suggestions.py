"""What may be meant by a few letters: records by name, alias or code, claims by their words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from tracker.domain import codebooks, codec, codesearch, likelihood
from tracker.domain import folding as f
from tracker.domain.codes import PLOVER
from tracker.models.derived import StandingClaim, StandingRecord
from tracker.queries import claims, names, searching, states

MOST = 10
# Records that hold the letters somewhere, of which the likeliest are given.
MOST_READ = 300
SHORT = 80
# Of a list of codes, those of other codebooks than the first.
FEWEST_OTHERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """`value` is what a field takes; `label`, `gloss` and `example` say what it is; `kind` and
    `likelihood` are what it makes of the claim.

    `line` says that a line stands before it, `sure` that nothing else can be meant, `doubtful` that
    the next one fits as well and means the opposite, so that none is chosen in advance.
    """

    value: str
    label: str = ""
    gloss: str = ""
    example: str = ""
    kind: str = ""
    likelihood: str = ""
    line: bool = False
    sure: bool = False
    doubtful: bool = False


def suggestions(noun: str, text: str) -> list[Suggestion]:
    """Give the likeliest of what some letters may mean; the first is the likeliest.

    :raises KeyError: for a noun of which nothing is on offer.
    """
    said = text.strip().replace("\0", "")
    if noun == "code":
        return _marked(_codes(said), said)
    if noun == "context":
        return _marked(list(_contexts(said))[:MOST], said.replace(" ", "_"))
    if noun == "hedge":
        return _marked(list(_hedges(said))[:MOST], said)
    if noun == "claim":
        return list(_claims(said)) if said else []
    return _records(noun, said)


def _marked(found: list[Suggestion], said: str) -> list[Suggestion]:
    """Mark the one that must be meant: itself, the only one that begins so, or the only one."""
    key = said.casefold()
    same = [one for one in found if one.value.casefold() == key]
    begun = [one for one in found if one.value.casefold().startswith(key)]
    for sure in (same, begun, found):
        if key and len(sure) == 1:
            return [replace(one, sure=one is sure[0]) for one in found]
    return found


def value_of(code: str) -> str:
    """A code's value as people read it."""
    found = codebooks.find(code).value
    return "no value" if found is None else f"{found:+g}".replace("-", "−")


def _codes(said: str) -> list[Suggestion]:
    """Codes by what the words mean; those of the first codebook stand before those of others."""
    found = codesearch.search(said)
    own = [one for one in found if one.code.scheme == PLOVER]
    others = [one for one in found if one.code.scheme != PLOVER]
    shown = own[: MOST - min(len(others), FEWEST_OTHERS)]
    shown += others[: MOST - len(shown)]
    doubtful = _is_doubtful(shown)
    return [
        Suggestion(
            value=hit.code.code,
            label=f"{value_of(hit.code.code)} · {hit.code.label}",
            gloss=hit.gloss,
            example=hit.example,
            line=bool(own and others) and hit is others[0],
            doubtful=doubtful,
        )
        for hit in shown
    ]


def _is_doubtful(hits: Sequence[codesearch.Hit]) -> bool:
    """Whether the first two fit alike, and one is friendly and the other is not."""
    if len(hits) < 2 or hits[0].rank != hits[1].rank:
        return False
    first, second = (hit.code.value or 0 for hit in hits[:2])
    return first * second < 0


def _contexts(said: str) -> Iterator[Suggestion]:
    """The contexts of the codebook; those that begin so come first."""
    key = said.casefold().replace(" ", "_")
    known = sorted(one for one in codebooks.CONTEXTS if key in one)
    for one in sorted(known, key=lambda one: not one.startswith(key)):
        yield Suggestion(value=one)


def _hedges(said: str) -> Iterator[Suggestion]:
    key = said.casefold()
    for hedge, rule in likelihood.HEDGES.items():
        if key in hedge:
            yield Suggestion(
                value=hedge,
                label=f"means {rule.band}" if rule.band else _MEANS[rule.means],
                kind="assessment" if rule.means == "assessment" else "",
                likelihood=rule.band,
            )


_MEANS = {"chain": "names a link of the chain: say who", "assessment": "makes an assessment"}


def _claims(said: str) -> Iterator[Suggestion]:
    standing = StandingClaim.objects.filter(status="standing")
    rows = searching.narrowed(standing, searching.claims_saying(said))
    found = list(rows.order_by("-id").values_list("id", flat=True)[:MOST])
    titles = claims.titles(found)
    for one in found:
        title = titles[one]
        short = title if len(title) <= SHORT else f"{title[:SHORT]}…"
        yield Suggestion(value=f"{short} [{one}]")


def _records(noun: str, said: str) -> list[Suggestion]:
    """:raises KeyError: for a noun that there is not."""
    kind = states.NOUNS[noun]
    rows = StandingRecord.objects.filter(noun=noun)
    if said:
        rows = rows.filter(searching.records_called(noun, said))
    found: dict[UUID, f.State] = {
        row.id: codec.build(kind, row.state) for row in rows.order_by("name", "id")[:MOST_READ]
    }
    known = _known(found)
    times: dict[str, int] = {}
    for one in known:
        key = names.name_key(one.name)
        times[key] = times.get(key, 0) + 1
    ranked = sorted(known, key=lambda one: (_rank(one, said), len(one.name), one.name))
    ranks = [_rank(one, said) for one in ranked]
    sure = bool(said) and len(found) < MOST_READ and _is_sure(ranks)
    return [
        Suggestion(
            value=f"{one.name} [{one.id}]" if times[names.name_key(one.name)] > 1 else one.name,
            label=" · ".join(one.also[:4]),
            sure=sure and one is ranked[0],
        )
        for one, rank in zip(ranked[:MOST], ranks, strict=False)
        if rank < _NOWHERE
    ]


def _known(found: dict[UUID, f.State]) -> list[names.Known]:
    printed = states.names(found, at=None)
    return [names.known(key, one, printed[key]) for key, one in found.items()]


_BEGINS, _NOWHERE = 1, 4


def _is_sure(ranks: Sequence[int]) -> bool:
    """Whether the first of the ranked is the only one, or the only one that is called or begins
    so."""
    nearest = [rank for rank in ranks if rank == ranks[0]]
    return len(ranks) == 1 or (len(nearest) == 1 and nearest[0] <= _BEGINS)


def _rank(one: names.Known, said: str) -> int:
    """How near: a name or code itself, the beginning of one, of a word in one, or any part."""
    return min((_nearness(text, said) for text in (one.name, *one.also)), default=_NOWHERE)


def _nearness(text: str, said: str) -> int:
    key, sought = names.name_key(text), names.name_key(said)
    if key == sought:
        return 0
    if key.startswith(sought):
        return 1
    if any(word.startswith(sought) for word in _words(key)):
        return 2
    return 3 if sought in key else _NOWHERE


def _words(key: str) -> Iterable[str]:
    return key.replace("-", " ").replace("/", " ").split()
