"""The notebook and the first steps in other languages, against a live server."""

import re
import shutil
import subprocess
import warnings
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.kit import notebook_cells
from tests.kit.processes import CHECKOUT
from tests.kit.sites import a_site

pytestmark = [pytest.mark.faults, pytest.mark.long]

STEPS = Path(CHECKOUT) / "docs" / "first-steps.md"


@pytest.fixture(scope="module")
def site(seed_template):
    with a_site(seed_template) as opened:
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
    outputs = [one for cell in notebook["cells"] for one in cell.get("outputs", ())]
    said = "".join("".join(one["text"]) for one in outputs if "text" in one)
    return names, said, [one for one in outputs if "data" in one]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", STEPS.read_text(), re.MULTILINE | re.DOTALL)


class TestTheNotebook:
    def test_draws_the_pairs_the_triangle_and_what_was_known(self, left):
        _, _, drawn = left

        assert len(drawn) == 3

    def test_has_every_day_of_both_pairs_with_its_interval(self, left):
        names, _, _ = left

        # From 1 January to 24 May: 31 + 28 + 31 + 30 + 24 days.
        for table in names["pairs"].values():
            assert len(table) == 144
            assert ((table["low"] < table["value"]) & (table["value"] < table["high"])).all()

    def test_explains_may_so_that_it_adds_up(self, left):
        """Two claims of March, −.4 and −.36, worn down by a friendly word of 12 May, +.18, all with
        p .9435 and from one letter, so that they are true or not together."""
        names, said, _ = left

        assert names["total"] == pytest.approx(names["why"]["value"])
        assert names["total"] == pytest.approx(0.9435 * (-(0.4 + 0.36) * (1 - 0.18 / 9) + 0.18))
        assert names["movement"]["value"] == pytest.approx(names["total"])
        assert "Russia in effect sanctioned the Kazakh and Chinese oil" in said
        assert names["moved"]["amount"] == pytest.approx(0.9435 * (0.18 + 0.76 * 0.18 / 9))

    def test_says_what_was_known_in_april_and_what_is_hindsight(self, left):
        """Two claims of March, −.4 and −.36 with p .9435, which an article of 24 May told of."""
        names, said, _ = left

        assert names["now"]["value"].iloc[-1] == pytest.approx(-0.9435 * 0.76)
        assert not names["then"]["claims"].any()
        assert "as of that day: nothing was recorded, the record begins on 2" in said
        assert set(names["dates"].values()) == {"2022-05-24"}
        assert len(names["late"]) == 2
        assert names["public"]["value"].iloc[-1] == 0
        assert "level never assessed" in said

    def test_is_kept_with_the_outputs_that_it_has(self, left):
        """So that it can be read where nothing runs; the figures are not compared."""
        kept = notebook_cells.read("first-steps.ipynb")
        pictures = [
            one for cell in kept["cells"] for one in cell.get("outputs", ()) if "data" in one
        ]

        assert len(pictures) == 3
        assert kept["nbformat"] == 4


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
