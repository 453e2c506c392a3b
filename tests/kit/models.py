"""The models by version."""

from tracker.domain.scoring import MODELS, VERSIONS
from tracker.domain.scoring.moments import Model

__all__ = ["FIRST", "MODELS"]

# The first version of each model, which most tests of what surrounds the models use.
FIRST: dict[str, Model] = {
    name: model for (name, version), model in VERSIONS.items() if version == 1
}
