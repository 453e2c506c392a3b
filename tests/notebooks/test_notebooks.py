"""The notebook and the first steps in other languages, against a live server."""

import re
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from django.core.management import call_command

from tests.kit import notebook_cells
from tests.kit.processes import CHECKOUT
from tests.kit.sites import a_site

pytestmark = [pytest.mark.faults, pytest.mark.long]

STEPS = Path(CHECKOUT) / "docs" / "first-steps.md"


@pytest.fixture(scope="module")
def site(seed_template, django_db_blocker):
    """What `make run` starts: the first article, and the levels at which its pairs start."""
    with a_site(seed_template) as opened, django_db_blocker.unblock():
        with opened.open():
            call_command("load-structural", "--if-empty", stdout=sys.stderr)
        opened.catch_up()
        yield opened


@pytest.fixture(autouse=True)
def _environment(site, monkeypatch):
    monkeypatch.setenv("ENTENTE_URL", site.url)
    monkeypatch.setenv("ENTENTE_TOKEN", site.facts["reader"])
    monkeypatch.setenv("TOKEN", site.facts["reader"])


@pytest.fixture(scope="module")
def left(site):
    """What the notebook leaves behind, with what it printed and drew."""
    notebook = notebook_cells.read("first-steps.ipynb")
    with pytest.MonkeyPatch.context() as patched, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patched.setenv("ENTENTE_URL", site.url)
        patched.setenv("ENTENTE_TOKEN", site.facts["reader"])
        names = notebook_cells.run(notebook)
    return names, printed(notebook), drawn(notebook)


def outputs(notebook):
    return [one for cell in notebook["cells"] for one in cell.get("outputs", ())]


def printed(notebook):
    return "".join("".join(one["text"]) for one in outputs(notebook) if "text" in one)


def drawn(notebook):
    return [one for one in outputs(notebook) if "data" in one]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", STEPS.read_text(), re.MULTILINE | re.DOTALL)


class TestTheNotebook:
    def test_draws_the_pairs_the_triangle_and_what_was_known(self, left):
        _, _, pictures = left

        assert len(pictures) == 3

    def test_has_every_day_of_both_pairs_with_its_interval(self, left):
        names, _, _ = left

        # From 1 January to 24 May: 31 + 28 + 31 + 30 + 24 days.
        for table in names["pairs"].values():
            assert len(table) == 144
            assert ((table["low"] < table["value"]) & (table["value"] < table["high"])).all()

    def test_explains_may_so_that_it_adds_up(self, left):
        """The example of the method. Two acts of March are one deed, of which the larger counts: .6
        of weight .6 and .3, times a factor each, .407 on average. It is true in 242 of 256 worlds,
        and takes 1 + x/9 of that. On 12 May comes a friendly word by state media, .3 of weight .6
        with p .9435. Factors have the mean 1, so that the word adds p times .18 times 1 - x/9."""
        names, said, _ = left

        values = names["pairs"]["KAZ-RUS"]["value"]
        assert names["total"] == pytest.approx(names["why"]["value"], abs=1e-9)
        assert names["total"] == pytest.approx(values["2022-05-24"])
        assert names["movement"]["value"] == pytest.approx(
            values["2022-05-24"] - values["2022-03-30"]
        )
        assert "moved -0.51 since 2022-03-30, -1.25 to +0.04; fell in 91%" in said
        for part in ("+4.70  Kazakhstan", "-0.26  Russia in", "-0.12  Russian officials"):
            assert part in said
        taken = 242 / 256 * 0.407 * (1 + values["2022-03-30"] / 9)
        added = 0.9435 * 0.18 * (1 - values["2022-04-30"] / 9)
        assert names["movement"]["value"] == pytest.approx(added - taken, abs=0.01)
        assert names["moved"]["amount"] == pytest.approx(added, rel=0.05)
        parts = [one["amount"] for one in names["moved"]["changes"]]
        assert sum(parts) + names["moved"]["remainder"] == pytest.approx(names["moved"]["amount"])

    def test_says_what_was_known_in_april_and_what_is_hindsight(self, left):
        """Two acts of March, which an article of 24 May told of. Without them the level is at its
        start, +5, but for unreported change."""
        names, said, _ = left

        values = names["pairs"]["KAZ-RUS"]["value"]
        assert names["now"]["value"].iloc[-1] == pytest.approx(values["2022-04-30"])
        assert not names["then"]["claims"].any()
        assert "as of that day: nothing was recorded, the record begins on 2" in said
        assert set(names["dates"].values()) == {"", "2022-05-24"}
        assert len(names["late"]) == 2
        assert names["public"]["value"].iloc[-1] == pytest.approx(5, abs=0.1)

    def test_cites_an_address_that_gives_the_same_value(self, left):
        names, _, _ = left

        cited = names["get"]("pairs/KAZ-RUS/scores/", **names["query"])

        assert cited["scores"][-1]["value"] == pytest.approx(names["why"]["value"])

    def test_is_kept_with_the_outputs_that_it_has(self, left):
        """So that it can be read where nothing runs. Pictures are not compared."""
        _, said, _ = left
        kept = notebook_cells.read("first-steps.ipynb")

        assert len(drawn(kept)) == 3
        assert kept["nbformat"] == 4
        assert _everywhere(printed(kept)) == _everywhere(said)


def _everywhere(text):
    """Without what depends on the server and its first day."""
    return re.sub(r"http://[^/]+|(?<=begins on )\S+|(?<=as_of=)\d+", "", text)


class TestTheFirstSteps:
    def test_in_curl_answer(self, site):
        if shutil.which("curl") is None:
            pytest.skip("there is no curl")
        for block in blocks("sh"):
            command = block.replace("http://127.0.0.1:8000", site.url)
            done = subprocess.run(
                ["sh", "-ec", command.replace("curl ", "curl -sSf ")],
                capture_output=True,
                text=True,
                check=True,
            )
            assert '"KAZ-RUS"' in done.stdout or '"CHN-RUS"' in done.stdout

    def test_in_r_and_in_python_ask_for_what_there_is(self, site):
        """R itself is not among what the tests need: its addresses are."""
        for block in (*blocks("r"), *blocks("python")):
            asked = re.findall(r"\"((?:pairs|triads)/[^\"]+)\"", block)
            assert len(asked) == 3
            for path in asked:
                bearer = {"Authorization": f"Bearer {site.facts['reader']}"}
                request = Request(  # noqa: S310 # our own server
                    f"{site.url}/api/v1/{path}", headers=bearer
                )
                with urlopen(request, timeout=30) as answer:  # noqa: S310
                    assert answer.status == 200
