"""The bytes on record and the hashes that bind them, worked from the shapes, not from our code."""

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import rfc8785

from tests.kit.builders import a_claim
from tests.kit.log_entries import WORDLESS, a_draft, append, ask, say
from tests.kit.seals import spoil
from tracker import log
from tracker.domain.events import ClaimAsserted, TextWithheld
from tracker.log.integrity import gaps

pytestmark = pytest.mark.django_db
# What JSON escapes, what it does not, and what programs get wrong.
AWKWARD = ["ann", 'a"b', "a\\b", "a\nb\tc", "\x01\x1f\x7f", "é", "Қазақстан", "\u2028", "🦅", "</"]


def leaf(position: int) -> bytes:
    """SHA-256(0x00 ‖ JCS([log id, position, stream, version, kind, schema, µs, by, …]))."""
    [(log_id,)] = ask("SELECT log_id FROM log_head")
    [row] = ask(
        "SELECT position, stream, version, kind, schema, recorded_at, recorded_by, body,"
        " text_sha256 FROM event WHERE position = %s",
        position,
    )
    place, stream, version, kind, schema, at, by, body, text = row
    micros = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    hashed = hashlib.sha256(body.encode()).hexdigest()
    parts = [str(log_id), place, str(stream), version, kind, schema, micros, by, hashed]
    return hashlib.sha256(b"\0" + rfc8785.dumps([*parts, text.hex() if text else ""])).digest()


class TestTheLeaf:
    @pytest.mark.parametrize("by", AWKWARD)
    def test_binds_every_column(self, by: str) -> None:
        spoken, wordless = say("why", by=by), append(by=by)[0]

        for one in (spoken, wordless):
            assert one.leaf_hash == leaf(one.position)
            assert log.at(one.position) == one


class TestWhatIsStored:
    def test_is_the_body_as_canonical_json(self) -> None:
        [one] = append(a_draft(event=ClaimAsserted(claim=a_claim(key="x", tags=("ä", "b")))))

        [(body,)] = ask("SELECT body FROM event WHERE position = %s", one.position)
        assert body.encode() == rfc8785.dumps(one.content)

    @pytest.mark.parametrize("words", AWKWARD)
    def test_are_the_words_beside_a_salt_that_their_hash_needs(self, words: str) -> None:
        one = say(words)

        [(salt, text, bound)] = ask(
            "SELECT salt, text, text_sha256 FROM event_text JOIN event USING (position)"
            " WHERE position = %s",
            one.position,
        )
        assert text.encode() == rfc8785.dumps({"reason": words})
        assert len(salt) == 16
        assert bound == hashlib.sha256(salt + text.encode()).digest()

    def test_is_a_new_salt_each_time(self) -> None:
        recorded = [say("the same"), say("the same")]

        [(salts,)] = ask(
            "SELECT count(DISTINCT salt) FROM event_text WHERE position = ANY(%s)",
            [one.position for one in recorded],
        )
        assert salts == 2


class TestStored:
    """Events to the byte, as a program that verifies them elsewhere needs them."""

    def test_tells_an_event_without_words_from_one_whose_words_are_withheld(self) -> None:
        gone = say("a name")
        append(a_draft(event=WORDLESS))
        append(a_draft(gone.stream, TextWithheld(position=1, reason="r", authority="a")))
        log.delete_text(1)

        first, second, _ = log.read(after=0, limit=3)

        assert (first.salt, first.words, first.withheld) == (None, None, True)
        assert (second.text_sha256, second.words, second.withheld) == (None, None, False)
        assert first.text_sha256 is not None


class TestDamage:
    @pytest.fixture(autouse=True)
    def events(self) -> None:
        stream = UUID(int=7)
        say("one", stream=stream)
        append(a_draft(stream), a_draft(stream))
        say("four", stream=stream)

    def test_is_not_seen_where_there_is_none(self) -> None:
        assert log.damage(after=0, limit=10) == (4, [])
        assert log.damage(after=1, limit=2) == (3, [])
        assert log.damage(after=4, limit=10) == (4, [])

    def test_is_not_what_was_withheld(self) -> None:
        append(a_draft(UUID(int=7), TextWithheld(position=1, reason="r", authority="a")))
        log.delete_text(1)

        assert log.damage(after=0, limit=10) == (5, [])

    @pytest.mark.parametrize(
        "column",
        [
            "stream = gen_random_uuid()",
            "version = 9",
            "kind = 'ClaimReinstated'",
            "schema = 2",
            "recorded_at = recorded_at + interval '1 microsecond'",
            "recorded_by = 'mallory'",
            "body = '[]'",
            "text_sha256 = NULL",
            "text_sha256 = sha256('')",
            "leaf_hash = sha256('')",
        ],
    )
    def test_to_any_column_is_seen(self, column: str) -> None:
        spoil(f"UPDATE event SET {column} WHERE position = 4")  # noqa: S608

        assert "event 4 is not what was recorded" in log.damage(after=0, limit=10)[1]

    @pytest.mark.parametrize("column", ['text = \'{"reason":"five"}\'', "salt = ''"])
    def test_to_the_words_is_seen(self, column: str) -> None:
        spoil(f"UPDATE event_text SET {column} WHERE position = 4")  # noqa: S608

        assert log.damage(after=0, limit=10) == (4, ["the words of event 4 are not those recorded"])

    def test_that_took_words_away_is_seen(self) -> None:
        spoil("DELETE FROM event_text WHERE position = 4")

        assert log.damage(after=0, limit=10) == (
            4,
            ["the words of event 4 are missing, but were not withheld"],
        )

    def test_of_what_says_that_words_were_withheld_is_seen(self) -> None:
        append(a_draft(UUID(int=7), TextWithheld(position=1, reason="r", authority="a")))
        log.delete_text(1)
        spoil("UPDATE event SET body = 'none' WHERE position = 5")

        assert log.damage(after=0, limit=10)[1] == [
            "the words of event 1 are missing, but were not withheld",
            "event 5 is not what was recorded",
        ]

    def test_that_took_an_event_away_is_seen_and_ends_the_search(self) -> None:
        spoil("DELETE FROM event WHERE position = 2")

        assert log.damage(after=0, limit=10) == (4, ["position 2 is missing"])

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ("DELETE FROM event WHERE position = 4", "the log has 3 events up to position 3"),
            ("DELETE FROM event WHERE position = 2", "has 3 events up to version 4"),
            (
                "UPDATE event SET recorded_at = 'epoch' WHERE position = 3",
                "event 3 was recorded before the one before it",
            ),
            (
                "INSERT INTO event_text VALUES (2, '', '{}')",
                "event 2 has words that were not recorded",
            ),
        ],
    )
    def test_is_found_by_counts(self, change: str, says: str) -> None:
        assert [*gaps()] == []

        spoil(change)

        assert any(says in problem for problem in gaps())
