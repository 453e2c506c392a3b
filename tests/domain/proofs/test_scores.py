"""A score that can be cited: verified from its file alone, and each change refused by name."""

import json
from dataclasses import replace

import pytest
from hypothesis import example, given

from tests.kit.changed_bytes import altered
from tests.kit.cited_logs import DAY, MemoryLog, a_lens, a_log
from tests.kit.domain_builders import a_claim, an_id
from tests.kit.pulls import still_parameters
from tests.kit.tables import each
from tools import verify
from tools.verify import Refused
from tracker.domain import events as e
from tracker.domain.proofs import scores
from tracker.domain.proofs.notes import SigningKey


def a_cited_log() -> MemoryLog:
    """A log with two claims, one of them corrected, a retracted third, and a later event."""
    log = a_log(a_claim(), a_claim("KAZ>RUS", code="AGREE"), a_claim(when="2022-05-12"))
    log.add("two", e.ClaimCorrected(claim=a_claim("KAZ>RUS", when="2022-05-13"), reason="typo"))
    log.add("later", e.ActorDescribed(actor=log.entries[2].event.actor))
    return log


LOG = a_cited_log()
KEYS = [LOG.key.verifier]
CITED = LOG.cite("one", "two", "three")
TEXT = scores.write(CITED)


def refusal(text: str) -> str:
    with pytest.raises(Refused) as caught:
        verify.verify_score(text, KEYS)
    return str(caught.value)


def changed(**fields: object) -> str:
    """The file with other values, in canonical form."""
    return scores.write(replace(CITED, **fields))


class TestAFile:
    def test_is_verified(self):
        signed, _ = verify.verify_score(TEXT, KEYS)

        assert signed.checkpoint.size == len(LOG.entries)

    def test_is_canonical_json(self):
        value = json.loads(TEXT)

        assert list(value) == sorted(value)
        assert value["format"] == "entente-score-1"
        assert value["claims"][0].keys() == {"claim", "amount"}

    def test_is_described(self):
        assert verify.verify_score(TEXT, KEYS)[1] == (
            f"KAZ-RUS on 2022-05-24 under standing@1: {CITED.value}"
            f" (90 % interval {CITED.low} to {CITED.high})\n"
            "it follows from 3 claims by 13 events, which are in the log; as known at position 13"
        )

    def test_of_a_flow_has_no_interval(self):
        log = a_log(a_claim(), model="tone")
        text = scores.write(log.cite("one"))
        says = verify.verify_score(text, [log.key.verifier])[1]

        assert not {"sd", "low", "high"} & json.loads(text).keys()
        # MOBILIZE/militia has −6, and p is .65: −3.9/1.65, of which half is left after 45 days.
        assert says.startswith("KAZ-RUS on 2022-05-24 under tone@1: -2.")
        assert "interval" not in says

    def test_of_an_earlier_position_has_no_later_events(self):
        found = LOG.cite("one", without={11, 12, 13}, position=10)

        assert found.as_of == 10
        assert verify.verify_score(scores.write(found), KEYS)

    def test_may_have_a_later_version_of_the_lens(self):
        log = a_log(a_claim())
        position = log.add("lens", e.LensDefined(lens=a_lens(description="again")))
        found = log.cite("one", version=2, position=position - 1)

        assert found.lens == "standing@2"
        assert verify.verify_score(scores.write(found), KEYS)

    def test_has_no_amount_for_a_claim_without_effect(self):
        log = a_log(a_claim(), a_claim(when="2022-06-01"), parameters=still_parameters())
        found = log.cite("one", "two")

        amounts = {one.claim: one.amount for one in found.claims}
        assert amounts[an_id("two")] == ""
        assert float(amounts[an_id("one")]) == pytest.approx(float(found.value))
        assert verify.verify_score(scores.write(found), KEYS)


class TestOneByteChanged:
    @example(TEXT.encode().replace(b"T00:00:01Z", b"U00:00:01Z", 1))
    @given(altered(TEXT.encode()))
    def test_anywhere_is_refused_by_name(self, data):
        text = data.decode(errors="surrogateescape")

        assert refusal(text).partition(": ")[0] in {
            *("malformed", "event", "words", "inclusion", "consistency"),
            *("origin", "signature", "score"),
        }

    def test_of_the_name_of_an_absent_salt_is_refused(self):
        text = TEXT.replace('\\"salt\\":null', '\\"0alt\\":null')

        assert refusal(text) == "malformed: this is not an event: 'salt'"


class TestAFigureChanged:
    @each("name", ["value", "sd", "low", "high", "start", "drift"])
    def test_is_refused_as_not_following_from_the_events(self, name):
        assert refusal(changed(**{name: "0.25"})).startswith(
            f"score: the events give another {name}: "
        )

    def test_of_a_claim_is_refused(self):
        claims = (replace(CITED.claims[0], amount="1.5"), *CITED.claims[1:])

        assert refusal(changed(claims=claims)) == "score: the events give another claims"

    @each(
        ("fields", "says"),
        [
            ({"pair": "KAZ-USA"}, "score: the events give another pair: KAZ-RUS, not KAZ-USA"),
            ({"direction": "RUS-KAZ"}, "score: the events give no score: RUS-KAZ is no series"),
            ({"direction": "KAZ"}, "score: the events give no score"),
            ({"direction": "RUS>KAZ"}, "score: the events give another"),
            ({"day": DAY.replace(day=10)}, "score: the events give another"),
            ({"lens": "tone@1"}, "score: the events give another lens: standing@1, not tone@1"),
            ({"lens": "standing@x"}, "score: the events give no score"),
            ({"lens_id": an_id("two")}, "score: the events give no score"),
            ({"as_of": 12}, "consistency: "),
            ({"as_of": 14}, "consistency: "),
            ({"as_of": 0}, "consistency: "),
            ({"root_hash": "0" * 64}, "consistency: "),
            ({"root_hash": "0" * 63}, "malformed: a hash is not 64 hex digits"),
            ({"root_hash": "x" * 64}, "malformed: a hash is not 64 hex digits"),
            ({"inclusion": ("0" * 64,)}, "inclusion: "),
            ({"checkpoint": "x"}, "malformed: "),
            ({"claims": CITED.claims[::-1]}, "malformed: the claims are not in the order"),
            ({"claims": CITED.claims[:1] * 2}, "malformed: the claims are not in the order"),
        ],
    )
    def test_elsewhere_is_refused_by_name(self, fields, says):
        assert refusal(changed(**fields)).startswith(says)

    def test_of_a_nonce_is_refused(self):
        events = (replace(CITED.events[0], nonce="0" * 64), *CITED.events[1:])

        assert refusal(changed(events=events)).startswith("inclusion: the leaves do not lead")


class TestAnEventLeftOut:
    @each("stream", ["one", "KAZ", "article", "curated", "lens", "newsletter"])
    def test_is_refused_with_a_new_proof_of_the_others(self, stream):
        left = [one.position for one in LOG.entries if one.stream != an_id(stream)]

        assert refusal(scores.write(LOG.proven(CITED, left))).startswith("score: ")

    def test_is_refused_without_one(self):
        assert refusal(changed(events=CITED.events[:-1])).startswith("inclusion: ")

    def test_in_the_middle_of_a_record_is_named(self):
        left = [one.position for one in LOG.entries if one.position != 10]

        assert refusal(scores.write(LOG.proven(CITED, left))) == (
            "score: before event 12, one of its record is left out"
        )

    def test_is_refused_when_all_are(self):
        assert refusal(changed(events=())).startswith("inclusion: ")


class TestAKeyThatStandsTwice:
    @each(
        ("true", "forged"),
        [
            ('"value":"', '"value":"0.5",'),
            ('"amount":"', '"amount":"0.5",'),
            ('\\"body\\":{', '\\"body\\":{},'),
            ('\\"kind\\":\\"act', '\\"kind\\":\\"level\\",'),
        ],
    )
    def test_is_refused(self, true, forged):
        """In the file, in a claim of it, in the line of an event, and in what that says."""
        name = true.split('"')[1].strip("\\")

        assert refusal(TEXT.replace(true, forged + true, 1)) == (
            f"malformed: the key '{name}' stands twice"
        )


class TestEvents:
    def test_in_another_order_are_refused(self):
        text = changed(events=CITED.events[::-1])

        assert refusal(text) == "malformed: the events are not in the order of the log"

    def test_later_than_the_position_are_refused(self):
        cited = LOG.cite("one", "two", "three", without={12, 13}, position=11)
        later = LOG.proven(cited, range(1, 13))

        assert refusal(scores.write(later)) == "score: event 12 is later than position 11"

    def test_of_a_kind_that_the_program_does_not_know_are_refused(self, monkeypatch):
        monkeypatch.delitem(e.SHAPES, ("DocumentDescribed", 1))

        assert "this version of Entente cannot read DocumentDescribed" in refusal(TEXT)


class TestAnotherForm:
    @each(
        "text",
        [
            "",
            "[]",
            "[" * 100_000,
            '{"format":"entente-score-1"}',
            TEXT + "\n",
            TEXT.replace(",", ", ", 1),
            TEXT.replace("entente-score-1", "entente-score-2"),
            TEXT.replace('"as_of":13', '"as_of":13.0'),
            TEXT.replace('"day":"2022-05-24"', '"day":"20220524"'),
        ],
    )
    def test_is_refused(self, text):
        assert refusal(text).startswith("malformed: ")

    def test_under_another_key_is_refused(self):
        other = SigningKey.generate(LOG.key.name).verifier

        with pytest.raises(Refused, match="signature: "):
            verify.verify_score(TEXT, [other])
