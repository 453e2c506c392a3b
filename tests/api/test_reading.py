"""An article read over the API: the drafts of the desk."""

import pytest

from tests.kit.api_client import V1

pytestmark = pytest.mark.django_db

TEXT = """Russia sanctioned Kazakhstan in late March.

France denied it.
"""


def test_try(api, desk):
    answer = api.send("reading/", {"text": TEXT, "document": str(desk.document)})
    import json
    print(answer.status_code, json.dumps(answer.json(), indent=1)[:6000], answer.headers)
    assert 0
