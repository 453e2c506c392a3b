"""The available scoring models. To add one, write a module and list it here."""

from tracker.domain.scoring import cooperation, standing, tone
from tracker.domain.scoring.moments import Model

MODELS: dict[str, Model] = {
    model.name: model for model in (standing.MODEL, tone.MODEL, cooperation.MODEL)
}
