"""`manage.py loadseed` says what it did."""

import re

import pytest
from django.core.management import CommandError, call_command

from tests.kit.builders import AT, BY, an_actor
from tracker import log
from tracker.operations.actors import describe_actor

pytestmark = pytest.mark.django_db


def loadseed(capsys, *options):
    call_command("loadseed", *options)
    return capsys.readouterr().out.splitlines()[-1]


class TestLoadseed:
    def test_says_what_it_added_and_then_that_nothing_is_to_add(self, capsys):
        first, second = loadseed(capsys), loadseed(capsys)
        position = log.head().position

        assert re.fullmatch(
            rf"seed: added {position} entries \(1 collection, .*5 lenses, .*\)", first
        )
        assert "52 claims, 4 verdicts, 1 correction, 12 links" in first
        assert second == f"seed: nothing to add, all {position} entries are on record"

    def test_leaves_somebody_elses_log_alone_when_asked_to(self, capsys):
        describe_actor(an_actor("KAZ"), at=AT, by=BY)

        said = loadseed(capsys, "--if-empty")

        assert said == "seed: the log already has other data, nothing was added"
        assert log.head().position == 1

    def test_goes_on_with_a_log_that_it_began(self, capsys):
        assert loadseed(capsys, "--if-empty").startswith("seed: added")
        position = log.head().position

        assert loadseed(capsys, "--if-empty").startswith("seed: nothing to add")
        assert log.head().position == position

    def test_ends_with_the_place_of_a_mistake(self, tmp_path):
        (tmp_path / "collections.yaml").write_text("curated\n")

        with pytest.raises(CommandError, match=r"collections\.yaml: must be a mapping of keys"):
            call_command("loadseed", "--folder", str(tmp_path))
