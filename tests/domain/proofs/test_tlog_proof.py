"""Proofs as files, after the specification's form."""

from base64 import b64encode

import pytest

from tests.kit.tables import each
from tools import verify
from tracker.domain.proofs import checkpoints

HASH = b64encode(bytes(32)).decode()
NOTE = "news.example/log\n2\nroot\n\n— news.example/log signature\n"
TEXT = f"c2sp.org/tlog-proof@v1\nextra AQI=\nindex 1\n{HASH}\n{HASH}\n\n{NOTE}"
PLAIN = f"c2sp.org/tlog-proof@v1\nindex 0\n\n{NOTE}"


class TestAProof:
    def test_is_written_as_specified(self):
        assert checkpoints.write(1, [bytes(32)] * 2, NOTE, extra=b"\1\2") == TEXT
        assert checkpoints.write(0, [], NOTE, extra=None) == PLAIN

    @pytest.mark.parametrize("text", [TEXT, PLAIN])
    def test_reads_as_written(self, text):
        index, proof, note, extra = verify.parse_proof(text)

        assert checkpoints.write(index, proof, note, extra=extra) == text

    @each(
        "text",
        [
            *("", "c2sp.org/tlog-proof@v1\n", PLAIN.replace("v1", "v2")),
            PLAIN.replace("index 0", "index 00"),
            PLAIN.replace("index 0", "index -1"),
            PLAIN.replace("index 0\n", ""),
            TEXT.replace("AQI=", "AQJ="),
            TEXT.replace("AQI=", "AQI"),
            TEXT.replace(HASH, HASH[:-2] + "B="),
            TEXT.replace(f"{HASH}\n\n", f"{HASH}\n"),
            TEXT.replace(f"{HASH}\n{HASH}", f"{HASH} {HASH}"),
            f"{PLAIN[: PLAIN.index('news')]}",
        ],
    )
    def test_that_is_malformed_is_refused(self, text):
        with pytest.raises(verify.Refused) as caught:
            verify.parse_proof(text)
        assert caught.value.reason == "malformed"
