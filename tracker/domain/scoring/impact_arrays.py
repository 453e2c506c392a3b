"""Impacts on many pairs as arrays, and the series that a lens makes of them (see `evidence`).

Series 3n is the undirected one of pair n, 3n + 1 and 3n + 2 are its directions.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tracker.domain.scoring import arrays
from tracker.domain.scoring.arrays import Acts, Evidence, Floats, Ints, Roots
from tracker.domain.scoring.evidence import heaviest

SERIES = 3
type _Mask = npt.NDArray[np.bool_]


class ImpactColumns(NamedTuple):
    """Impacts of acts, by pair, claim and initiator: the columns, with one element for each impact.

    Pairs are numbers; `forward`: the initiator is the first country of the pair's name; a claim is
    the sixteen bytes of its id; days are ordinals. Lists are their elements, joined by commas.
    """

    pairs: Sequence[int]
    forward: Sequence[bool]
    claims: Sequence[bytes]
    days: Sequence[int]
    values: Sequence[float]
    weights: Sequence[float]
    sectors: Sequence[str]
    p: Sequence[float]
    roots: Sequence[str]
    state_roots: Sequence[str]


class ImpactArrays(NamedTuple):
    """Impacts of acts, by pair, claim and initiator: one element for each.

    A claim is two numbers. `sectors`, `roots` and `state_roots` are places in the lists.
    """

    pairs: Ints
    forward: _Mask
    claims: npt.NDArray[np.uint64]
    days: Ints
    values: Floats
    weights: Floats
    sectors: Ints
    p: Floats
    roots: Ints
    state_roots: Ints
    sector_lists: Sequence[tuple[str, ...]]
    root_lists: Sequence[tuple[str, ...]]

    def only(self, chosen: _Mask) -> "ImpactArrays":
        """Return some of the impacts."""
        *arrays, sector_lists, root_lists = self
        return ImpactArrays._make([*(array[chosen] for array in arrays), sector_lists, root_lists])


def impact_arrays(columns: ImpactColumns) -> ImpactArrays:
    """Return columns as arrays."""
    sectors, roots = _Numbers(), _Numbers()
    number = len(columns.p)
    return ImpactArrays(
        pairs=np.array(columns.pairs, np.int64),
        forward=np.array(columns.forward, np.bool_),
        claims=np.frombuffer(b"".join(columns.claims), ">u8").reshape(-1, 2).astype(np.uint64),
        days=np.array(columns.days, np.int64),
        values=np.array(columns.values, np.float64),
        weights=np.array(columns.weights, np.float64),
        sectors=np.fromiter(map(sectors.__getitem__, columns.sectors), np.int64, number),
        p=np.array(columns.p, np.float64),
        roots=np.fromiter(map(roots.__getitem__, columns.roots), np.int64, number),
        state_roots=np.fromiter(map(roots.__getitem__, columns.state_roots), np.int64, number),
        sector_lists=[_elements(some) for some in sectors],
        root_lists=[_elements(some) for some in roots],
    )


def _elements(joined: str) -> tuple[str, ...]:
    return tuple(joined.split(",")) if joined else ()


class _Numbers(dict[str, int]):
    """Numbers texts in the order in which they are met."""

    def __missing__(self, key: str) -> int:
        self[key] = len(self)
        return len(self) - 1


def evidence(impacts: ImpactArrays, *, pairs: int, sectors: Collection[str]) -> Evidence:
    """Return the series of so many pairs under a lens that admits these sectors; empty: all."""
    heavy = [heaviest(some, admitted=sectors) for some in impacts.sector_lists]
    weights = np.array(heavy, np.float64)[impacts.sectors]
    counted = (impacts.p > 0) & (weights != 0)
    impacts = impacts.only(counted)
    impacts = impacts._replace(weights=impacts.weights * weights[counted])
    directed = impacts.pairs * SERIES + np.where(impacts.forward, 1, 2)
    acts = [_undirected(impacts), _acts(impacts, directed)]
    series = np.concatenate([impacts.pairs * SERIES, directed])
    days = np.tile(impacts.days, 2)
    return arrays.evidence(
        Acts._make(map(np.concatenate, zip(*acts, strict=True))),
        *(
            _roots(series, days, np.tile(places, 2), impacts.root_lists)
            for places in (impacts.roots, impacts.state_roots)
        ),
        number=pairs * SERIES,
    )


def _acts(impacts: ImpactArrays, series: Ints) -> Acts:
    return Acts(series, impacts.days, impacts.values, impacts.weights, impacts.p)


def _undirected(impacts: ImpactArrays) -> Acts:
    """The acts of the undirected series: the mean of the two directions of a claim."""
    acts = _acts(impacts, impacts.pairs * SERIES)
    same = (impacts.pairs[1:] == impacts.pairs[:-1]) & (
        impacts.claims[1:] == impacts.claims[:-1]
    ).all(axis=1)
    second = np.flatnonzero(same) + 1
    first = second - 1
    for column in (weights := acts.weights.copy()), (p := acts.p.copy()):
        column[first] = (column[first] + column[second]) / 2
    kept = np.ones(len(p), np.bool_)
    kept[second] = False
    acts = acts._replace(weights=weights, p=p)
    return Acts._make(column[kept] for column in acts)


def _roots(series: Ints, days: Ints, places: Ints, lists: Sequence[tuple[str, ...]]) -> Roots:
    """One element for each root of each act, of the lists at `places`."""
    numbers = _Numbers()
    flat = np.array([numbers[root] for some in lists for root in some], np.int64)
    sizes = np.array([len(some) for some in lists], np.int64)
    starts = np.cumsum(sizes) - sizes
    repeats = sizes[places]
    acts = np.repeat(np.arange(len(places)), repeats)
    within = np.arange(len(acts)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    return Roots(series[acts], days[acts], flat[starts[places][acts] + within])
