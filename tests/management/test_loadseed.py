"""`manage.py loadseed` and `load-structural` say what they did."""

import re

import pytest
from django.core.management import CommandError, call_command

from tests.kit.builders import AT, BY, an_actor
from tests.kit.imports import claims
from tests.kit.seeded import put_seed_on_record
from tracker import log
from tracker.domain import events as e
from tracker.domain.records import Name
from tracker.operations import actors
from tracker.operations.actors import describe_actor
from tracker.queries.claims.pairs import named_together
from tracker.queries.records import states

pytestmark = pytest.mark.django_db


def loadseed(capsys, *options):
    call_command("loadseed", *options)
    return capsys.readouterr().out.splitlines()[-1]


class TestLoadseed:
    def test_says_what_it_added_and_then_that_nothing_is_to_add(self, capsys):
        first, second = loadseed(capsys, "--if-empty"), loadseed(capsys, "--if-empty")
        position = log.head().position

        assert re.fullmatch(
            rf"seed: added {position} entries \(1 collection, .*5 lenses, .*\)", first
        )
        assert "52 claims, 4 verdicts, 1 correction, 12 links" in first
        # It signs with a name of its own.
        assert {one.recorded_by for one in log.read(after=0, limit=1000)} == {"system:seed"}
        assert second == f"seed: nothing to add, all {position} entries are on record"

    def test_leaves_somebody_elses_log_alone_when_asked_to(self, capsys):
        describe_actor(an_actor("KAZ"), at=AT, by=BY)

        said = loadseed(capsys, "--if-empty")

        assert said == "seed: the log already has other data, nothing was added"
        assert log.head().position == 1

    def test_ends_with_the_place_of_a_mistake(self, tmp_path):
        (tmp_path / "collections.yaml").write_text("curated\n")

        with pytest.raises(CommandError, match=r"collections\.yaml: must be a mapping of keys"):
            call_command("loadseed", "--folder", str(tmp_path))


@pytest.fixture
def run(capsys):
    def take(*options: str) -> str:
        call_command("load-structural", *options)
        return capsys.readouterr().out.strip()

    return take


def levels() -> dict[str, e.ClaimAsserted]:
    """The levels on record by key."""
    return {one.claim.key: one for one in claims() if one.claim.kind == "level"}


class TestAmongCountries:
    def test_all_pairs_get_a_level(self, run):
        assert run("--countries", "KAZ,rus, CHN") == "structural: added 3 levels"
        assert set(levels()) == {
            "structural-1 CHN-KAZ 2018-12-31",
            "structural-1 CHN-RUS 2018-12-31",
            "structural-1 KAZ-RUS 2018-12-31",
        }

    def test_a_level_names_its_rung_and_cites_its_row(self, run):
        run("--countries", "CHN,USA")

        [asserted] = levels().values()
        claim = asserted.claim
        assert claim.level is not None
        assert (claim.level.rung, claim.summary) == (
            "structural-1/lesser-rivalry",
            "China and the United States: strategic rivals since 1996.",
        )
        [cited] = claim.citations
        assert cited.locator == "No. 211, China-United States 2"
        [document] = states.documents(ids=[cited.document], urls=[])
        assert document.date is None

    def test_levels_can_be_as_of_a_day(self, run):
        run("--countries", "CHN,USA", "--as-of", "1949-12-31")

        assert set(levels()) == {"structural-1 CHN-USA 1949-12-31"}

    @pytest.mark.parametrize("day", ["1000-01-01", "2101-01-01", "soon"])
    def test_the_day_is_checked(self, day):
        with pytest.raises(CommandError, match=r"--as-of.*(between 1500 and 2100|is not a day)"):
            call_command("load-structural", "--countries", "CHN,USA", "--as-of", day)

    def test_a_code_of_no_country_is_refused(self, run, capsys):
        call_command("load-structural", "--countries", "KAZ,RUS,XXX")

        printed = capsys.readouterr()
        assert printed.out.strip() == "structural: added 1 levels; 2 were refused"
        assert "XXX: is not the ISO code of a country with three letters" in printed.err

    def test_one_country_is_no_pair(self):
        with pytest.raises(CommandError, match="give two or more codes"):
            call_command("load-structural", "--countries", "KAZ")


class TestOfTheSeed:
    def test_the_pairs_that_its_claims_name_get_a_level(self, run):
        put_seed_on_record(AT)
        pairs = named_together()

        run("--if-empty")

        assert {"KAZ-RUS", "CHN-RUS", "RUS-UKR", "KAZ-TUR"} <= set(pairs)
        assert {key.split()[1] for key in levels()} == set(pairs)

    def test_a_log_with_other_data_stays_as_it_is(self, run):
        actors.describe_actor(an_actor("KAZ", names=(Name(text="Kazakhstan"),)), at=AT, by=BY)

        assert run("--if-empty") == "structural: the log has other data, nothing was added"
        assert not levels()
