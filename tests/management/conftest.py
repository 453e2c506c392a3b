"""The command `explain`, for the tests of what it prints."""

import pytest
from django.core.management import call_command

from tests.kit.background_work import work_off


@pytest.fixture
def explain(capsys):
    """Run the command. Returns the lines that it prints."""

    def run(what="KAZ-RUS", *options, day="2022-05-24"):
        work_off()
        call_command("explain", what, "--day", day, *options)
        return capsys.readouterr().out.splitlines()

    return run
