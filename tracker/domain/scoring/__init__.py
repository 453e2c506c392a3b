"""The available scoring models. To add one, write a module and list it here."""

from tracker.domain.scoring import flows, level
from tracker.domain.scoring.moments import Model

MODELS: dict[str, Model] = {
    model.name: model for model in (level.MODEL, flows.TONE, flows.COOPERATION)
}
