"""The README's sample: imported by its command, its claims move the pages of their pairs."""

from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from tests.kit.builders import AT
from tests.kit.seeded import put_seed_on_record

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).resolve().parents[2] / "fixtures" / "samples"
IMPORT = ("import", str(SAMPLES / "steppe.csv"), "--mapping", str(SAMPLES / "steppe.toml"))


@pytest.fixture
def sample(scored: Callable[[], None], capsys: pytest.CaptureFixture[str]) -> str:
    """Load the seed, import the sample, and give what the command said."""
    put_seed_on_record(AT, scored=True)
    call_command(*IMPORT)
    scored()
    return capsys.readouterr().out


class TestTheReadmesSample:
    def test_is_seen_on_the_page_of_its_pair(self, client: Client, sample: str) -> None:
        page = unescape(client.get("/pairs/CHN-KAZ/").content.decode())

        assert "import: added 9 claims" in sample
        assert "no lens counts" not in sample
        assert "Nothing on record" not in page
        # Of the sample's nine claims six are between China and Kazakhstan, and each moves them.
        for summary in (
            "The Chinese president visits Kazakhstan.",
            "China and Kazakhstan sign a joint statement on their partnership.",
            "The Kazakh president visits China.",
            "The Chinese president visits Astana.",
        ):
            assert summary in page
        assert "no lens counts" not in page
