"""Signs what is on record, looks at what was signed, and takes the guards of the log away."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.test import override_settings

from tests.kit.builders import AT
from tests.kit.log_entries import ask, run
from tracker import log
from tracker.domain.proofs.notes import SigningKey
from tracker.models.seals import SealedCheckpoint
from tracker.operations import sealing


def sign_all() -> None:
    """Seal all events, and sign a checkpoint with a throwaway key."""
    key = SigningKey.generate(f"tests.example/log/{log.head().log_id}")
    with TemporaryDirectory() as folder, override_settings(SEAL_FOLDER=folder):
        (Path(folder) / "key").write_text(f"{key}\n")
        sealing.seal_next(at=AT, most=100_000)


def seal_all() -> int:
    """Seal and sign all events with the key of the test's folder; how many were new."""
    return sealing.seal_next(at=AT, most=10_000)


def alarm() -> str:
    [(text,)] = ask("SELECT alarm FROM seal_head")
    return text


def published() -> list[str]:
    return [*SealedCheckpoint.objects.order_by("size").values_list("note", flat=True)]


def without_guards() -> None:
    """Take the guards away, as whoever owns the database can."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    for (table,) in ask(
        "SELECT relname FROM pg_class WHERE relkind = 'r'"
        " AND (relname LIKE 'event%%' OR relname LIKE 'seal%%' OR relname = 'log_head')"
    ):
        run(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def spoil(sql: str, *parameters: object) -> None:
    """Change what is on record behind the guards' back."""
    without_guards()
    run(sql, *parameters)


@contextmanager
def guards_away() -> Iterator[None]:
    """Take all guards away, as whoever owns the database can, and put them back."""
    like = [r"event%", r"seal%", r"log\_head", r"current\_score", "disclosed"]
    guards = ask(
        "SELECT c.relname, t.tgname, t.tgenabled FROM pg_trigger t JOIN pg_class c"
        " ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND c.relname LIKE ANY (%s)",
        like,
    )
    tables = {table for table, _, _ in guards}
    for table in tables:
        run(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    yield
    for table in tables:
        run(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
    for table, guard, enabled in guards:
        always = "ALWAYS" if enabled == "A" else ""
        run(f"ALTER TABLE {table} ENABLE {always} TRIGGER {guard}")
