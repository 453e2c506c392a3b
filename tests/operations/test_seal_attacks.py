"""Whoever changes the database as its superuser is found out: by the site, the audit and doctor.

The attackers know the code: they take the guards away, recompute the hashes that they can, and put
the guards back.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from django.utils import timezone

from tests.kit import databases
from tests.kit.databases import Template, a_clone, address, working_at, working_in
from tests.kit.log_entries import append, ask, run
from tests.kit.seals import guards_away
from tracker import log
from tracker.domain.proofs import checkpoints, notes, tiles
from tracker.domain.proofs.leaves import blinded
from tracker.domain.proofs.notes import SigningKey
from tracker.log import integrity, seal
from tracker.operations import seal_keys, sealing
from tracker.operations.sealing import NotSealed
from tracker.projections import audit
from tracker.queries import progress
from workers import doctor
from workers.schedule import BY_TASK

pytestmark = pytest.mark.django_db

# Within so long the site has to name an attack.
SITE = timedelta(seconds=20)


@pytest.fixture(scope="module")
def sealed(seed_template: Template, django_db_blocker: Any, tmp_path_factory: Any) -> Template:
    """The first article, sealed and signed; the facts are the files of the host that signs."""
    folder = tmp_path_factory.mktemp("signer")

    def make() -> dict[str, str]:
        seal_keys.make_key("news.example")
        sealing.seal_next(at=timezone.now(), most=10_000)
        return {path.name: path.read_text() for path in folder.iterdir() if path.name != "lock"}

    with django_db_blocker.unblock(), override_settings(SEAL_FOLDER=folder):
        return databases.template("sealed", base=seed_template.name, make=make)


@pytest.fixture
def folder(sealed: Template, settings: Any, tmp_path: Path) -> Path:
    found = settings.SEAL_FOLDER = tmp_path / "seal"
    found.mkdir()
    for name, text in sealed.facts.items():
        (found / name).write_text(text)
    return found


@pytest.fixture
def site(sealed: Template, folder: Path) -> Iterator[str]:
    """A copy, in which Django works as web and workers do."""
    with a_clone(sealed.name) as name, working_in(name):
        yield name


def position() -> int:
    """An event in the middle, with words."""
    return int(
        ask(
            "SELECT position FROM event JOIN event_text USING (position)"
            " WHERE position > 20 ORDER BY 1 LIMIT 1"
        )[0][0]
    )


def rehash(*positions: int) -> None:
    """Give events the hashes of what their columns say now."""
    for one in positions:
        [row] = log.read(after=one - 1, limit=1)
        found = integrity._leaf_hash(log.head().log_id, row)
        run("UPDATE event SET leaf_hash = %s WHERE position = %s", found, one)


def change(columns: str) -> None:
    run(f"UPDATE event SET {columns} WHERE position = %s", position())  # noqa: S608
    rehash(position())


def change_words() -> None:
    at = position()
    run("UPDATE event_text SET text = replace(text, 'e', 'a') WHERE position = %s", at)
    run(
        "UPDATE event SET text_sha256 = (SELECT sha256(salt || convert_to(text, 'UTF8'))"
        " FROM event_text WHERE position = %s) WHERE position = %s",
        *(at, at),
    )
    rehash(at)


def cut() -> None:
    for table in ("event_text", "event"):
        run(f"DELETE FROM {table} WHERE position > (SELECT position - 5 FROM log_head)")  # noqa: S608
    run("UPDATE log_head SET position = position - 5")


def drop_the_middle() -> None:
    run("DELETE FROM event WHERE position = %s", position())


def rewrite_a_tile() -> None:
    change("recorded_by = 'mallory'")
    at = position()
    leaf, [event] = seal.leaves(after=at - 1, until=at)[at], log.at_all([at])
    run(
        "UPDATE seal_tile SET hashes = overlay(hashes PLACING %s FROM %s)"
        " WHERE level = 0 AND number = %s",
        blinded(leaf.nonce, event.leaf_hash),
        *(32 * ((at - 1) % 256) + 1, (at - 1) // 256),
    )


def rewrite_the_tree() -> None:
    rewrite_a_tile()
    leaves = [one.hash for _, one in sorted(seal.leaves(after=0, until=seal.size()).items())]
    for tile in tiles.extend(0, [], leaves)[1]:
        run(
            "UPDATE seal_tile SET hashes = %s WHERE level = %s AND number = %s",
            *(tile.hashes, tile.level, tile.number),
        )


def sign_with_another_key() -> None:
    [(size, origin)] = ask("SELECT size, split_part(note, E'\\n', 1) FROM seal_checkpoint")
    other = SigningKey.generate(origin)
    text = checkpoints.Checkpoint(origin, size, seal.root_at(size)).text()
    note = notes.write(text, [other.sign(text)])
    run("UPDATE seal_checkpoint SET note = %s, key = %s", note, str(other.verifier))


def rewrite_the_tree_and_delete_checkpoints() -> None:
    rewrite_the_tree()
    run("DELETE FROM seal_checkpoint")


def delete_words() -> None:
    run("DELETE FROM event_text WHERE position = %s", position())


def restore_a_backup() -> None:
    """This database is the backup: the host has seen more since it was made."""
    with a_clone(ask("SELECT current_setting('tests.sealed')")[0][0]) as name, working_in(name):
        append(at=timezone.now())
        sealing.seal_next(at=timezone.now(), most=10_000)


def raise_a_score() -> None:
    run("UPDATE current_score SET value = value + 0.25 WHERE direction = 'KAZ-RUS'")


type Attack = Callable[[], object]
ATTACKS: dict[str, tuple[Attack, str]] = {
    "body": (lambda: change("body = overlay(body PLACING 'X' FROM 12)"), "is not what was sealed"),
    "words": (change_words, "is not what was sealed"),
    "words deleted": (delete_words, "are missing, but were not withheld"),
    "end cut": (cut, "events are sealed, but the log ends at"),
    "end cut and written past": (cut, "is not what was sealed"),
    "middle dropped": (drop_the_middle, "is missing"),
    "older backup": (restore_a_backup, "a backup was restored, or its end was cut"),
    "tile": (rewrite_a_tile, "does not fit the one above"),
    "tree": (rewrite_the_tree, "are not those that this host has seen"),
    "tree, with checkpoints deleted": (
        rewrite_the_tree_and_delete_checkpoints,
        "are not those that this host has seen",
    ),
    "key": (sign_with_another_key, "signed with another key"),
    "key of the checkpoint": (
        lambda: run("UPDATE seal_checkpoint SET key = 'other'"),
        "signed with another key",
    ),
    "checkpoints deleted": (
        lambda: run("DELETE FROM seal_checkpoint"),
        "is missing in the database: somebody deleted it",
    ),
    "head of the tree deleted": (
        lambda: run("DELETE FROM seal_head"),
        "the head of the tree is missing",
    ),
    "scores alone": (raise_a_score, "in the table of pairs"),
}
DERIVED = {"scores alone"}
# The events are those that were recorded.
NO_DAMAGE = DERIVED | {"key", "key of the checkpoint", "checkpoints deleted"}


@pytest.mark.parametrize("attack", ATTACKS)
def test_is_named_by_site_audit_and_doctor(attack: str, site: str, sealed: Template) -> None:
    act, words = ATTACKS[attack]
    with working_at(address(site)):
        run(f"SET tests.sealed = '{sealed.name}'")
        with guards_away():
            act()
    if attack == "end cut and written past":
        for _ in range(9):
            append(at=timezone.now())

    begun = timezone.now()
    work(begun)

    page = Client().get("/status/").content.decode()
    findings = {one.check: one for one in (doctor.log_seal(at=begun), doctor.last_audit(at=begun))}
    # The audit by itself, as if nothing had been noticed before.
    run("DELETE FROM audit")
    found = audit.audit(at=begun + SITE, sample=None, of_seal=sealing.problem())
    assert words in page
    assert "this needs attention" in page
    if attack not in DERIVED:
        tile = Client().get("/log/tile/0/000")
        assert tile.status_code != 200 or tile.headers["Cache-Control"] == "no-store"
    assert any(words in one.detail and not one.ok and not one.warning for one in findings.values())
    assert any(words in one for one in found)
    assert ("Do not rebuild" in progress.audited().advice) is (attack not in NO_DAMAGE)
    if attack not in NO_DAMAGE:
        assert "run manage.py rebuild" not in doctor.followers().fix.partition("only if")[0]
    assert len(found) == len(set(found))


def work(begun: datetime) -> None:
    """What the timetable does in twenty seconds."""
    for task, run_task in (("seal", seal_once), ("inspect", inspect_once)):
        for number in range(int(SITE / BY_TASK[task].every)):
            run_task(begun + number * BY_TASK[task].every)


def seal_once(at: datetime) -> None:
    with suppress(NotSealed):
        sealing.seal_next(at=at, most=sealing.MOST)


def inspect_once(at: datetime) -> None:
    audit.inspect(at=at, of_seal=sealing.problem())


def test_nothing_is_named_where_nothing_was_changed(site: str) -> None:
    begun = timezone.now()
    work(begun)

    assert audit.audit(at=begun + SITE, sample=None, of_seal=sealing.problem()) == []
    assert doctor.log_seal(at=begun).ok
    assert "immutable" in Client().get("/log/tile/0/000").headers["Cache-Control"]
    assert "this needs attention" not in Client().get("/status/").content.decode()


def wrong_witnesses(settings: Any, _folder: Path) -> None:
    settings.WITNESSES = "nobody"


def no_folder(settings: Any, folder: Path) -> None:
    settings.SEAL_FOLDER = folder / "unmounted"


def unreadable_folder(_settings: Any, folder: Path) -> None:
    (folder / "checkpoint").unlink()
    (folder / "checkpoint").mkdir()


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (wrong_witnesses, "the setting WITNESSES cannot be read"),
        (no_folder, ""),
        (unreadable_folder, "the folder of the seal cannot be read"),
    ],
)
def test_a_wrong_setting_is_no_damage(
    harm: Callable[[Any, Path], None], words: str, site: str, folder: Path, settings: Any
) -> None:
    harm(settings, folder)
    begun = timezone.now()
    work(begun)

    found = audit.audit(at=begun + SITE, sample=None, of_seal=sealing.problem())

    assert [one.partition(":")[0] for one in found] == ([words] if words else [])
    assert words in doctor.log_seal(at=begun).detail
    state = progress.audited()
    assert (state.differing, state.damaged) == ((), False)
    assert "restore" not in state.advice.lower()


def test_a_cut_end_stays_named_after_a_rebuild(site: str) -> None:
    with working_at(address(site)):
        with guards_away():
            cut()
        call_command("rebuild", verbosity=0)
    work(timezone.now())

    found = audit.audit(at=timezone.now(), sample=None, of_seal=sealing.problem())
    assert any("events are sealed, but the log ends at" in one for one in found)
    assert not doctor.log_seal(at=timezone.now()).ok
