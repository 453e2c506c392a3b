"""Claims for the second coding."""

from itertools import count
from uuid import UUID, uuid5

from tests.kit.builders import AT, Desk
from tracker.domain.blind_review import is_sampled
from tracker.operations import claims

_IDS = (uuid5(UUID(int=0), str(number)) for number in count())


def a_sampled_id(*, sampled: bool = True) -> UUID:
    """A new id of a claim that is sampled, or of one that is not."""
    return next(claim for claim in _IDS if is_sampled(claim) is sampled)


def a_sampled_claim(desk: Desk, *, by: str = "carl", **given: object) -> UUID:
    """Put a sampled claim on record that somebody entered."""
    claim = desk.claim(**given)
    return claims.assert_claim(claim, at=AT, by=by, claim_id=a_sampled_id()).stream
