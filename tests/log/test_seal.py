"""The tree over the log: it has the leaves of all events, in whatever way they are stored."""

import hashlib
import secrets

import pytest
from django.db import DatabaseError, transaction

from tests.kit.databases import a_clone, another_connection, working_in
from tests.kit.log_entries import a_draft, append, ask, attempt, run
from tests.kit.seals import spoil, without_guards
from tests.log.test_runs import in_runs
from tools import verify
from tracker import log
from tracker.domain.proofs import merkle, notes, tiles
from tracker.domain.proofs.checkpoints import Checkpoint
from tracker.domain.proofs.notes import SigningKey
from tracker.domain.proofs.refusals import Refused
from tracker.log import integrity, seal, seal_checks
from tracker.log.seal import NotWhole

pytestmark = pytest.mark.django_db


def hashes() -> list[bytes]:
    return [one.leaf_hash for one in log.read(after=0, limit=10_000)]


def expected_root(size: int) -> bytes:
    """The root as RFC 6962 defines it, over the nonces on record."""
    nonces = b"".join(
        bytes(row[0]) for row in ask("SELECT nonces FROM seal_tile WHERE level = 0 ORDER BY number")
    )
    leaves = [
        hashlib.sha256(
            b"\0entente/leaf/v1\n" + nonces[32 * number : 32 * number + 32] + one
        ).digest()
        for number, one in enumerate(hashes()[:size])
    ]
    return mth(leaves)


def mth(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    middle = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + mth(leaves[:middle]) + mth(leaves[middle:])).digest()


class TestTheTree:
    @pytest.mark.parametrize("most", [1, 7, 256, 299])
    def test_is_the_same_in_whatever_steps_it_grows(
        self, most: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(secrets, "token_bytes", lambda length: b"n" * length)
        in_runs(*[a_draft() for _ in range(300)])
        append(*[a_draft() for _ in range(9)])

        while seal.extend(most=most):
            assert seal.root_at(seal.size()) == expected_root(seal.size())

        assert seal.size() == 309

    def test_keeps_the_roots_of_its_former_sizes(self) -> None:
        append(*[a_draft() for _ in range(5)])
        seal.extend(most=9)
        before = seal.root_at(5)
        append(*[a_draft() for _ in range(300)])
        seal.extend(most=1_000)

        assert seal.root_at(5) == before == expected_root(5)
        with pytest.raises(Refused, match="too few hashes"):
            seal.root_at(306)

    def test_proves_an_event_with_its_nonce(self) -> None:
        append(*[a_draft() for _ in range(300)])
        seal.extend(most=1_000)

        leaf = seal.leaves(after=257, until=258)[258]
        mine = merkle.hash_leaf(b"entente/leaf/v1\n" + leaf.nonce + hashes()[257])
        proof = merkle.prove_inclusion(257, 300, seal.subtrees())
        assert mine == leaf.hash
        verify.verify_inclusion(mine, 257, 300, proof, seal.root_at(300))

    def test_gives_leaves_of_a_part_as_far_as_they_are_sealed(self) -> None:
        append(*[a_draft() for _ in range(520)])
        seal.extend(most=515)

        every = seal.leaves(after=0, until=520)
        assert [*every] == [*range(1, 516)]
        assert seal.leaves(after=250, until=258) == {at: every[at] for at in range(251, 259)}
        assert [*seal.leaves(after=510, until=600)] == [*range(511, 516)]
        assert not seal.leaves(after=515, until=520)
        assert not seal.leaves(after=9, until=9)
        wanted = (1, 256, 257, 515)
        found, subtree = seal.leaves_at([*wanted, 516])
        assert found == {at: every[at] for at in wanted}
        assert merkle.root(515, subtree) == seal.root_at(515)
        assert seal.leaves_at([])[0] == {}

    def test_reads_the_tiles_of_some_leaves_at_once(self, django_assert_num_queries) -> None:
        append(*[a_draft() for _ in range(520)])
        seal.extend(most=520)

        with django_assert_num_queries(1):
            _, subtree = seal.leaves_at([1, 257, 513])
            merkle.prove_inclusions([0, 256, 512], 520, subtree)

    def test_is_read_by_tiles_of_each_width_that_it_had(self) -> None:
        append(*[a_draft() for _ in range(300)])
        seal.extend(most=1_000)

        whole = seal.read_tile(0, 0)
        assert whole
        assert len(whole) == 8192
        assert seal.read_tile(0, 0, 5) == whole[:160]
        assert seal.read_tile(0, 1, 44)
        assert seal.read_tile(0, 1, 45) is seal.read_tile(0, 1) is seal.read_tile(0, 2, 1) is None
        assert seal.read_tile(1, 0, 1) == tiles.root(whole)

    def test_hides_events_behind_nonces_that_nobody_can_guess(self) -> None:
        append(*[a_draft() for _ in range(300)])
        seal.extend(most=1_000)

        nonces = {leaf.nonce for leaf in seal.leaves(after=0, until=300).values()}
        assert len(nonces) == 300


class TestNotWhole:
    def test_stop_the_sealer_when_the_end_was_cut(self) -> None:
        append(a_draft(), a_draft())
        seal.extend(most=9)
        spoil("DELETE FROM event WHERE position = 2")
        run("UPDATE log_head SET position = 1")

        with pytest.raises(NotWhole, match="2 events are sealed, but the log ends at 1"):
            seal.extend(most=9)

    def test_stop_the_sealer_in_the_middle(self) -> None:
        append(*[a_draft() for _ in range(3)])
        spoil("DELETE FROM event WHERE position = 2")

        with pytest.raises(NotWhole, match="1 to 3"):
            seal.extend(most=9)
        assert seal.size() == 0

    def test_of_the_tree_stop_it_too(self) -> None:
        append(*[a_draft() for _ in range(3)])
        seal.extend(most=9)
        spoil("DELETE FROM seal_tile")
        append()

        with pytest.raises(NotWhole, match="not have the 3 events"):
            seal.extend(most=9)


class TestGuards:
    @pytest.mark.parametrize(
        "harm",
        [
            "DELETE FROM seal_tile",
            "TRUNCATE seal_tile",
            "DELETE FROM seal_head",
            "DELETE FROM seal_checkpoint",
            "UPDATE seal_tile SET hashes = substr(hashes, 1, 32)",
            "UPDATE seal_tile SET hashes = set_byte(hashes, 0, get_byte(hashes, 0) # 1)",
            "UPDATE seal_tile SET nonces = set_byte(nonces, 0, get_byte(nonces, 0) # 1)",
            "UPDATE seal_tile SET number = 9",
            "UPDATE seal_tile SET nonces = NULL",
            "UPDATE seal_tile SET nonces = decode(repeat('00', 96), 'hex')",
            "UPDATE seal_tile SET hashes = hashes || decode(repeat('00', 32), 'hex')",
            "UPDATE seal_tile SET hashes = ''",
            "INSERT INTO seal_tile VALUES (1, 0, decode(repeat('00', 8224), 'hex'), NULL)",
            "UPDATE seal_head SET size = 1",
            "UPDATE seal_head SET size = 4",
            "INSERT INTO seal_checkpoint VALUES (4, 'note', now(), '')",
        ],
    )
    def test_refuse_to_change_what_is_sealed(self, harm: str) -> None:
        append(*[a_draft() for _ in range(3)])
        seal.extend(most=9)

        with pytest.raises(DatabaseError, match=r"seal|tree"), transaction.atomic():
            attempt(harm)

    @pytest.mark.parametrize(
        "harm",
        ["SET note = 'other'", "SET size = 2", "SET key = 'k'", "SET note = substr(note, 2)"],
    )
    def test_refuse_another_checkpoint_of_a_size(self, harm: str) -> None:
        append()
        seal.extend(most=9)
        run(
            "INSERT INTO seal_checkpoint (size, note, key, signed_at) VALUES (1, 'note', '', now())"
        )
        attempt("UPDATE seal_checkpoint SET note = note || ' and more'")

        with pytest.raises(DatabaseError, match="signed"), transaction.atomic():
            attempt(f"UPDATE seal_checkpoint {harm}")


class TestTheChecks:
    @pytest.fixture(autouse=True)
    def _sealed(self) -> None:
        append(*[a_draft() for _ in range(600)])
        seal.extend(most=1_000)

    def sign(self, size: int, root: bytes) -> None:
        text = Checkpoint("news.example/log", size, root).text()
        note = notes.write(text, [SigningKey("news.example/log", bytes(32)).sign(text)])
        sql = "INSERT INTO seal_checkpoint (size, note, key, signed_at) VALUES (%s, %s, '', now())"
        run(sql, size, note)

    def harm(self, sql: str) -> list[str]:
        spoil(sql)
        return [*seal_checks.problems(whole=True)]

    def test_find_nothing_in_a_tree_that_is_whole(self) -> None:
        self.sign(300, seal.root_at(300))
        self.sign(600, seal.root_at(600))

        assert [*seal_checks.problems(whole=True)] == []

    def test_name_a_checkpoint_of_another_tree(self) -> None:
        self.sign(300, bytes(32))

        [found] = seal_checks.problems(whole=False)
        assert found == "the checkpoint of 300 events is of another log"

    def test_name_a_checkpoint_that_cannot_be_compared(self) -> None:
        without_guards()
        self.sign(601, bytes(32))
        run("INSERT INTO seal_checkpoint (size, note, key, signed_at) VALUES (1, '', '', now())")

        found = [*seal_checks.problems(whole=False)]
        assert [one.partition(" cannot")[0] for one in found] == [
            "the checkpoint of 601 events",
            "the checkpoint of 1 events",
        ]

    def test_name_a_checkpoint_that_is_missing_for_its_timestamp(self) -> None:
        self.sign(300, seal.root_at(300))
        self.sign(600, seal.root_at(600))
        run("INSERT INTO seal_timestamp VALUES (300, '', now(), 'tsa.example')")

        assert self.harm("DELETE FROM seal_checkpoint WHERE size = 300") == [
            "the checkpoint of 300 events, which has a timestamp, is missing"
        ]

    def test_name_a_tile_that_does_not_fit_the_one_above(self) -> None:
        flip = "SET hashes = set_byte(hashes, 7, get_byte(hashes, 7) # 1)"

        assert self.harm(f"UPDATE seal_tile {flip} WHERE level = 0 AND number = 1") == [
            "tile 0/001 of the seal does not fit the one above"
        ]

    def test_name_a_tile_of_another_width(self) -> None:
        assert self.harm("UPDATE seal_tile SET hashes = ''::bytea WHERE level = 1") == [
            "tile 0/000 of the seal does not fit the one above",
            "tile 0/001 of the seal does not fit the one above",
            "tile 1/000 of the seal has another width",
        ]

    @pytest.mark.parametrize("number", [0, 1, 2])
    def test_name_a_tile_that_is_missing(self, number: int) -> None:
        found = self.harm(f"DELETE FROM seal_tile WHERE level = 0 AND number = {number}")  # noqa: S608

        assert found == [f"tile 0/00{number} of the seal is missing"]
        _, damaged = integrity.damage(after=256 * number, limit=256)
        assert len(damaged) == (256 if number < 2 else 88)

    def test_name_an_event_that_is_not_what_was_sealed(self) -> None:
        spoil("UPDATE event SET recorded_by = 'mallory' WHERE position = 2")
        [row] = log.read(after=1, limit=1)
        found = integrity._leaf_hash(log.head().log_id, row)
        run("UPDATE event SET leaf_hash = %s WHERE position = 2", found)

        assert integrity.damage(after=0, limit=9) == (9, ["event 2 is not what was sealed"])


class TestAMissingHead:
    def test_is_noticed(self) -> None:
        spoil("DELETE FROM seal_head")

        with pytest.raises(NotWhole, match="the head of the tree is missing"):
            seal.extend(most=9)


class TestTwoSealers:
    def test_leave_each_other_alone(self, template: str) -> None:
        with a_clone(template) as name, working_in(name):
            append(a_draft(), a_draft())
            with another_connection() as other:
                other.execute("SELECT size FROM seal_head FOR UPDATE")

                assert seal.extend(most=9) is None

            assert seal.extend(most=9) == 2
