"""Parameters that are refused, each by its name, on every address that has rules of its own for
them. What holds of all addresses is in test_requests.py."""

from typing import Any

import pytest

from tests.kit.api_client import Api
from tests.kit.builders import Desk

pytestmark = pytest.mark.django_db

# By address: parameters, and where the one error is.
REFUSED: dict[str, list[tuple[dict[str, Any], str]]] = {
    "pairs/KAZ-RUS/divergence/": [
        ({}, "/lenses"),
        ({"lenses": "standing"}, "/lenses"),
        ({"lenses": "standing,"}, "/lenses"),
        ({"lenses": "a,b,c"}, "/lenses"),
        ({"lenses": "standing,nothing"}, "/lens"),
        ({"lenses": "standing,tone", "day": "2022-01-01", "to": "2022-01-02"}, "/day"),
        ({"lenses": "standing,tone", "direction": "RUS>CHN"}, "/direction"),
        ({"lenses": "standing,tone", "from": "2022-01-02", "to": "2022-01-01"}, "/from"),
    ],
    "pairs/KAZ-RUS/measures/": [
        ({"cursor": "x"}, "/cursor"),
        ({"every": "day"}, "/every"),
        ({"lens": "no"}, "/lens"),
    ],
    "pairs/KAZ-RUS/robustness/": [
        ({"lens": "nothing"}, "/lens"),
        ({"since": "2022-05-02", "day": "2022-05-01"}, "/since"),
        ({"direction": "RUS>CHN"}, "/direction"),
    ],
    "shifts/": [
        ({"limit": 101}, "/limit"),
        ({"pair": "RUS"}, "/pair"),
        ({"pair": "KAZ-KAZ"}, "/pair"),
        ({"pair": "KAZ-XYZ"}, "/pair"),
        ({"lens": "nothing"}, "/lens"),
        ({"cursor": "x"}, "/cursor"),
        ({"sort": "pair"}, "/sort"),
    ],
    "calibration/": [({"lens": "nothing"}, "/lens"), ({"day": "2022-01-01"}, "/day")],
    "triads/": [
        ({}, "/countries"),
        ({"countries": "CHN,KAZ"}, "/countries"),
        ({"countries": "CHN,KAZ,"}, "/countries"),
        ({"countries": "CHN,KAZ,QQQ"}, "/countries"),
        ({"countries": "CHN,KAZ,RUS", "lens": "tone"}, "/lens"),
        ({"countries": "CHN,KAZ,RUS", "limit": "0"}, "/limit"),
        ({"countries": "CHN,KAZ,RUS", "sort": "name"}, "/sort"),
    ],
    "triads/CHN-KAZ-RUS/history/": [({"from": "1990-01-01", "to": "2022-01-01"}, "/from")],
}


@pytest.mark.parametrize(
    ("path", "query", "pointer"),
    [(path, *case) for path, cases in REFUSED.items() for case in cases],
)
def test_a_parameter_is_refused_by_name(
    api: Api, desk: Desk, path: str, query: dict[str, Any], pointer: str
) -> None:
    assert api.refused(path, **query) == [pointer]
