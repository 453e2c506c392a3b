"""Signs what is on record, where a test needs a checkpoint but is not about it."""

from tempfile import TemporaryDirectory

from django.test import override_settings

from tests.kit.builders import AT
from tracker import log
from tracker.domain.proofs.notes import SigningKey
from tracker.operations import sealing


def sign_all() -> None:
    """Seal all events, and sign a checkpoint with a key that nobody keeps."""
    key = str(SigningKey.generate(f"tests.example/log/{log.head().log_id}"))
    with TemporaryDirectory() as folder, override_settings(SEAL_FOLDER=folder, SEAL_KEY=key):
        sealing.seal_next(at=AT, most=100_000)
