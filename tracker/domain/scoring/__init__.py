"""The available scoring models. To add one, write a module and list it here."""

from tracker.domain.scoring import cooperation, level, tone
from tracker.domain.scoring.moments import Model

MODELS: dict[str, Model] = {
    model.name: model for model in (level.MODEL, tone.MODEL, cooperation.MODEL)
}
