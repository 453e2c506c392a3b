"""The command that deletes the words of an event."""

from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from tests.builders import a_desk
from tracker import log

pytestmark = pytest.mark.django_db
WHY = ["--reason", "a person", "--authority", "the editor"]


@pytest.fixture
def position():
    get_user_model().objects.create(username="ann")
    return a_desk().asserts(note="a name").position


class TestWithhold:
    def test_deletes_the_words_and_says_where_that_stands(self, position):
        said = StringIO()

        call_command("withhold", str(position), *WHY, "--user", "ann", stdout=said)

        last = log.at(log.head().position)
        assert (log.at(position).words, log.at(position).withheld) == (None, True)
        assert (last.kind, last.recorded_by) == ("TextWithheld", "ann")
        assert f"at position {position} are withheld, as position {last.position}" in (
            said.getvalue()
        )

    @pytest.mark.parametrize(
        ("where", "arguments", "words"),
        [
            (None, [*WHY, "--user", "bob"], "no account 'bob'"),
            (9999, [*WHY, "--user", "ann"], "no words to withhold"),
            (-1, [*WHY, "--user", "ann"], "positions begin at 1"),
            (2**70, [*WHY, "--user", "ann"], "no words to withhold"),
            (None, ["--reason", " ", "--authority", "x", "--user", "ann"], "say why"),
        ],
    )
    def test_says_what_it_cannot_do(self, position, where, arguments, words):
        before = log.head().position

        with pytest.raises(CommandError, match=words):
            call_command("withhold", *arguments, "--", str(where or position))

        assert log.head().position == before
        assert log.at(position).words
