"""What a level under `still_parameters` can be worked out from by hand."""

from tracker.domain.scoring.tables import N


def share(p: float) -> float:
    """The share of the worlds in which a claim with such a p is true."""
    return round(N * p) / N
