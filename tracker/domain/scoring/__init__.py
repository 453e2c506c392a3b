"""The available scoring models. To add one, or a version, write a module and list it here."""

from tracker.domain.scoring import cooperation, standing, standing_2, tone
from tracker.domain.scoring.moments import Model

# All versions of a model, by name and version; the last one of a name is the usual one.
VERSIONS: dict[tuple[str, int], Model] = {
    (model.name, model.version): model
    for model in (standing.MODEL, standing_2.MODEL, tone.MODEL, cooperation.MODEL)
}
MODELS: dict[str, Model] = {model.name: model for model in VERSIONS.values()}
