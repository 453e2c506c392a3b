"""Events to the byte, as a program that verifies them elsewhere needs them."""

import hashlib

import pytest
import rfc8785

from tests.kit.log_entries import WORDLESS, a_draft, append, say
from tracker import log
from tracker.domain.events import TextWithheld

pytestmark = pytest.mark.django_db


class TestStored:
    def test_has_the_words_with_the_salt_that_their_hash_needs(self) -> None:
        said = say("Әңгіме")

        [one] = log.stored(after=0, limit=1)

        assert one.text is not None
        assert one.salt is not None
        assert one.text.encode() == rfc8785.dumps({"reason": "Әңгіме"})
        assert hashlib.sha256(one.salt + one.text.encode()).digest() == one.text_sha256
        assert (one.body, one.withheld, one.leaf_hash) == ("{}", False, said.leaf_hash)

    def test_tells_an_event_without_words_from_one_whose_words_are_withheld(self) -> None:
        gone = say("a name")
        append(a_draft(event=WORDLESS))
        append(a_draft(gone.stream, TextWithheld(position=1, reason="r", authority="a")))
        log.delete_text(1)

        first, second, _ = log.stored(after=0, limit=3)

        assert (first.salt, first.text, first.withheld) == (None, None, True)
        assert (second.text_sha256, second.text, second.withheld) == (None, None, False)
        assert first.text_sha256 is not None
