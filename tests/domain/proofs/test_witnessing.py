"""What a log sends to witnesses, and what a witness checks: C2SP `tlog-witness`."""

from http import HTTPStatus

import pytest

from tests.kit.tables import each
from tests.kit.witnesses import AnyLog
from tracker.domain.proofs import merkle, notes, witnessing
from tracker.domain.proofs.checkpoints import Checkpoint
from tracker.domain.proofs.encoding import encode
from tracker.domain.proofs.notes import KeyType, SigningKey
from tracker.domain.proofs.refusals import Reason, Refused
from tracker.domain.proofs.witnessing import BadWitnesses, NotSigned

KEY = SigningKey("news.example/log/1", bytes(range(32)))
OTHER = SigningKey(KEY.name, bytes(32))
WITNESS = SigningKey("other.example/w", bytes(range(1, 33)), KeyType.WITNESS)
LOG = AnyLog(KEY, "abcdefgh")
FORK = AnyLog(KEY, "abcxefgh")
# The example of the specification.
EXAMPLE = (
    "old 20852014\n"
    "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"
    "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n"
    "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n"
    "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n"
    "\n"
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q"
    "1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)


def signed_by(key: SigningKey, checkpoint: Checkpoint) -> str:
    return notes.write(checkpoint.text(), [key.sign(checkpoint.text())])


def check(sent, *, keys, last=None):
    """What a witness checks, in its order."""
    note = witnessing.trusted(sent, keys)
    witnessing.check_grows(sent, last)
    return note


def not_signed(request: str, *, keys=(KEY.verifier,), last: Checkpoint | None = None):
    with pytest.raises(NotSigned) as caught:
        check(witnessing.parse(request), keys=keys, last=last)
    return caught.value.status, caught.value.size


class TestARequest:
    def test_is_read_as_the_specification_writes_it(self) -> None:
        sent = witnessing.parse(EXAMPLE)

        assert (sent.old, len(sent.proof)) == (20852014, 4)
        assert sent.checkpoint[:2] == ("example.com/behind-the-sofa", 20852163)

    def test_is_written_as_it_is_read(self) -> None:
        sent = witnessing.parse(EXAMPLE)
        note = EXAMPLE.partition("\n\n")[2]

        assert witnessing.write(sent.old, sent.proof, note) == EXAMPLE

    @each(
        ("part", "by"),
        [
            ("old 20852014", "old 020852014"),
            ("old 20852014", "old -1"),
            ("old 20852014", "new 20852014"),
            ("old 20852014\n", ""),
            ("old 20852014", "old 20852014 "),
            ("PlRN", "PlR"),
            ("PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=", "PlRN"),
            ("PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=", "x" * 65),
            ("old 20852014\n", "old 20852014\n" + f"{encode(bytes(32))}\n" * 60),
            ("\n\nexample", "\nexample"),
            ("20852163", "+20852163"),
            ("— example", "example"),
        ],
    )
    def test_has_one_form(self, part, by) -> None:
        with pytest.raises(Refused) as caught:
            witnessing.parse(EXAMPLE.replace(part, by, 1))
        assert caught.value.reason is Reason.MALFORMED


class TestAWitness:
    @each("old", range(9))
    def test_signs_what_continues_the_last_checkpoint(self, old) -> None:
        sent, last = witnessing.parse(LOG.request(old)), LOG.checkpoint(old) if old else None

        note = check(sent, keys=[KEY.verifier], last=last)

        assert note == notes.parse(LOG.note())

    def test_signs_an_empty_tree(self) -> None:
        empty = Checkpoint(KEY.name, 0, merkle.EMPTY_ROOT)
        sent = witnessing.parse(witnessing.write(0, [], signed_by(KEY, empty)))

        assert check(sent, keys=[KEY.verifier], last=None)
        assert check(sent, keys=[KEY.verifier], last=empty)

    def test_ignores_signatures_of_unknown_keys(self) -> None:
        request = witnessing.write(0, [], LOG.note(more=[OTHER]))

        note = check(witnessing.parse(request), keys=[OTHER.verifier], last=None)

        assert [one.key_id for one in note.signatures] == [OTHER.verifier.key_id]

    @each(
        ("request_", "given", "status", "size"),
        [
            # A log that it does not know, and a signature that is missing or wrong.
            (LOG.request(0), {"keys": ()}, HTTPStatus.NOT_FOUND, None),
            (LOG.request(0), {"keys": [OTHER.verifier]}, HTTPStatus.FORBIDDEN, None),
            (LOG.request(0).replace("\n8\n", "\n7\n"), {}, HTTPStatus.FORBIDDEN, None),
            # An old size beyond the new one.
            (LOG.request(0).replace("old 0", "old 9"), {}, HTTPStatus.BAD_REQUEST, None),
            # Another size than it signed last, which it names, also where it is the larger one.
            (LOG.request(3), {"last": LOG.checkpoint(5)}, HTTPStatus.CONFLICT, 5),
            (LOG.request(0), {"last": LOG.checkpoint(5)}, HTTPStatus.CONFLICT, 5),
            (LOG.request(3), {}, HTTPStatus.CONFLICT, 0),
            (LOG.request(3, 5), {"last": LOG.checkpoint(7)}, HTTPStatus.CONFLICT, 7),
            # What does not continue the last checkpoint, and another root of the same size.
            *(
                (request, {"last": LOG.checkpoint(4)}, HTTPStatus.UNPROCESSABLE_ENTITY, None)
                for request in (
                    FORK.request(4),
                    witnessing.write(4, LOG.proof(4, 8), FORK.note()),
                    witnessing.write(4, [bytes(32)], LOG.note()),
                    witnessing.write(4, LOG.proof(4, 8)[1:], LOG.note()),
                    witnessing.write(4, [], LOG.note()),
                )
            ),
            (
                FORK.request(8),
                {"last": LOG.checkpoint()},
                HTTPStatus.UNPROCESSABLE_ENTITY,
                None,
            ),
            # A proof or another root of nothing.
            *(
                (request, {}, HTTPStatus.UNPROCESSABLE_ENTITY, None)
                for request in (
                    witnessing.write(0, [bytes(32)], LOG.note()),
                    witnessing.write(0, [], signed_by(KEY, Checkpoint(KEY.name, 0, bytes(32)))),
                )
            ),
        ],
    )
    def test_refuses_the_rest_with_its_status(self, request_, given, status, size) -> None:
        assert not_signed(request_, **given) == (status, size)


class TestAnAnswer:
    TEXT = LOG.checkpoint().text()

    def test_has_the_signature_of_the_witness(self) -> None:
        signature = WITNESS.sign(self.TEXT, time=5)
        answer = notes.line(KEY.sign(self.TEXT)) + notes.line(signature)

        assert witnessing.read_answer(self.TEXT, answer, WITNESS.verifier) == signature

    @pytest.mark.parametrize(
        "answer",
        [
            "",
            "nothing\n",
            notes.line(KEY.sign(TEXT)),
            notes.line(WITNESS.sign("another\n", time=5)),
            notes.line(WITNESS.sign(TEXT, time=0)),
        ],
    )
    def test_is_refused_without_it(self, answer) -> None:
        with pytest.raises(Refused):
            witnessing.read_answer(self.TEXT, answer, WITNESS.verifier)

    @each(
        ("answer", "size"),
        [("12\n", 12), ("0\n", 0), ("012\n", None), ("x", None), ("", None), ("1" * 20, None)],
    )
    def test_may_be_a_size(self, answer, size) -> None:
        assert witnessing.read_size(answer) == size


class TestTheSetting:
    A = f"{WITNESS.verifier} https://w.example/log"
    B = f"{SigningKey('third.example/w', bytes(32), KeyType.WITNESS).verifier} http://127.0.0.1:86"

    @pytest.mark.parametrize("between", [",", "\n", " , \n,", ",\r\n"])
    def test_has_a_key_and_an_address_for_each_witness(self, between) -> None:
        found = witnessing.parse_witnesses(f"{self.A}/{between}{self.B}")

        assert [one.key.name for one in found] == ["other.example/w", "third.example/w"]
        assert [one.url for one in found] == ["https://w.example/log", "http://127.0.0.1:86"]

    def test_may_be_empty(self) -> None:
        assert witnessing.parse_witnesses(" \n") == []

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.9", "[::1]:8600"])
    def test_needs_no_tls_on_this_machine(self, host) -> None:
        assert witnessing.parse_witnesses(f"{WITNESS.verifier} http://{host}")

    @each(
        ("text", "says"),
        [
            (str(WITNESS.verifier), "an address are needed"),
            (f"{A} more", "an address are needed"),
            (f"{WITNESS.verifier}x https://w.example", "not base64"),
            (f"{KEY.verifier} https://w.example", "not one of a witness"),
            (f"{A},{A}", "witness 2: .* is named twice"),
            (f"{WITNESS.verifier} http://w.example", "begin with https"),
            (f"{WITNESS.verifier} http://10.0.0.1", "begin with https"),
            (f"{WITNESS.verifier} ftp://w.example", "one of the web"),
            (f"{WITNESS.verifier} https://", "one of the web"),
            (f"{WITNESS.verifier} https://w.example:0", "one of the web"),
            (f"{WITNESS.verifier} https://w.example:x", "witness 1: "),
            (f"{WITNESS.verifier} https://a:b@w.example", "a user name"),
            (f"{WITNESS.verifier} https://w.example?a", "a query"),
            (",".join([A] * 17), "more than 16"),
        ],
    )
    def test_names_the_entry_that_is_wrong(self, text, says) -> None:
        with pytest.raises(BadWitnesses, match=says):
            witnessing.parse_witnesses(text)
