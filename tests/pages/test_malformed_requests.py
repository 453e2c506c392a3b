"""Signs that the database cannot hold are answered in words."""

import pytest

pytestmark = pytest.mark.django_db


class TestAnUntypableSign:
    @pytest.mark.parametrize("path", ["/", "/pairs/KAZ-RUS/", "/claims/{}/"])
    @pytest.mark.parametrize(
        "name", ["lens", "day", "as_of", "country", "direction", "from", "to", "\0"]
    )
    def test_in_an_address_is_no_crash(self, client, desk, scored, path, name):
        claim = desk.asserts().stream
        scored()

        answer = client.get(path.format(claim), {name: "\0"})

        assert answer.status_code in (200, 400)
