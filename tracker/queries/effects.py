"""What a claim does, view by view: its p step by step, and its impacts or why it has none."""

from dataclasses import dataclass
from uuid import UUID

from tracker.domain.impacts import Evaluation
from tracker.queries import impacts, lenses
from tracker.queries.moment import AsOf, resolve


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A claim's evaluation in a view, which goes by the names of the lenses that look through."""

    lenses: str
    evaluation: Evaluation

    @property
    def judged(self) -> bool:
        """Whether a verdict moved p after the last step."""
        return self.evaluation.p != self.evaluation.certainty.p


def effects(claim_id: UUID, *, as_of: AsOf = None) -> list[Effect]:
    """Give a claim's effect in every view of a lens in force, as known at a moment.

    :raises AheadOfLog: for a moment after the head.
    """
    position = resolve(as_of)
    looking: dict[str, list[str]] = {}
    views = {}
    for one in lenses.latest():
        looking.setdefault(one.lens.view.id, []).append(one.lens.name)
        views[one.lens.view.id] = one.lens.view
    found = []
    for key, names in looking.items():
        evaluation = impacts.evaluation(claim_id, views[key], position=position)
        if evaluation is not None:
            found.append(Effect(lenses=", ".join(names), evaluation=evaluation))
    return found
