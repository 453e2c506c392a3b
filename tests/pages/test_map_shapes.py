"""The shapes of the map, and the script that makes them."""

import csv
import importlib.util
import json

import pytest

from tracker.domain import facts
from tracker.pages import world_map

FOLDER = facts.FIXTURES / "map"
# States that the shapes of Natural Earth at this scale lack.
NOT_DRAWN = {"TUV"}


@pytest.fixture(scope="module")
def convert():
    spec = importlib.util.spec_from_file_location("convert", FOLDER / "convert.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def rows():
    with (FOLDER / "shapes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class TestTheShapes:
    def test_are_of_countries_in_the_list_each_once(self, rows):
        codes = [row["iso3"] for row in rows if row["kind"] in ("country", "dot")]

        assert set(codes) <= {row["iso3"] for row in facts.rows("countries")}
        assert len(codes) == len(set(codes))

    def test_are_there_for_every_independent_state_but_one(self, rows):
        drawn = {row["iso3"] for row in rows}
        independent = {
            row["iso3"] for row in facts.rows("countries") if row["is_independent"] == "Yes"
        }

        assert independent - drawn == NOT_DRAWN

    def test_leave_disputed_areas_blank_and_their_borders_to_be_dashed(self, rows):
        blank = {row["name"] for row in rows if row["kind"] == "blank"}
        dashed = {row["name"]: row["path"] for row in rows if row["kind"] == "disputed"}

        assert blank == {
            "Crimea",
            "Northern Cyprus",
            "Somaliland",
            "Western Sahara, the part that Morocco holds",
        }
        for name in ("India – Pakistan", "Taiwan", "Kosovo – Serbia", "Palestine – Israel"):
            assert dashed[name].startswith("M")

    @pytest.mark.parametrize(
        ("code", "longitude", "latitude"),
        [("KAZ", 67.5, 48.5), ("BRA", -52.0, -10.0), ("AUS", 134.0, -25.0), ("RUS", 172.0, 67.0)],
    )
    def test_lie_where_their_countries_are(self, convert, code, longitude, latitude):
        top = convert.projected((0, convert.NORTH))[1]
        x, y = convert.projected((longitude, latitude))

        rings = _rings(world_map.shapes()[code].path)

        assert any(convert.contains(ring, (x, y - top)) for ring in rings)


def _rings(path):
    """The rings of an SVG path of whole numbers: "M1 2l3-4 5 6z"."""
    rings = []
    for ring in path.removesuffix("z").split("z"):
        start, _, steps = ring[1:].partition("l")
        x, y = map(int, start.split())
        numbers = list(map(int, steps.replace("-", " -").split()))
        points = [(x, y)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            points.append((x, y))
        rings.append([*points, points[0]])
    return rings


class TestTheProjection:
    def test_is_equal_earth(self, convert):
        """From the paper's formula: at 60° N, t = asin(√3/2 · sin 60°) = .8481, and
        y = t(A1 + A2t² + t⁶(A3 + A4t²)) = 1.0883 of a half width of 2.7066."""
        x, y = convert.projected((10, 60))

        assert x == pytest.approx(4800)
        assert -y == pytest.approx(1.0883 * 4800 / 2.7066, abs=1)

    def test_keeps_areas(self, convert):
        """Ten degrees by ten at the equator and at 60° have the areas of the sphere:
        (sin 10° − sin 0) : (sin 70° − sin 60°) = .17365 : .07367."""
        low, high = (abs(convert.area(_box(convert, south))) for south in (0, 60))

        assert low / high == pytest.approx(0.17365 / 0.07367, rel=2e-3)


def _box(convert, south):
    west, east, steps = 20, 30, range(51)
    points = [(west + n / 5, south) for n in steps] + [(east, south + n / 5) for n in steps]
    points += [(east - n / 5, south + 10) for n in steps]
    points += [(west, south + 10 - n / 5) for n in steps]
    return [convert.projected(point) for point in [*points, points[0]]]


class TestALine:
    def test_loses_small_corners_and_keeps_its_ends(self, convert):
        line = [(0, 0), (100, 1), (200, 0), (300, 300)]

        assert convert.simplified(line) == [(0, 0), (200, 0), (300, 300)]

    def test_that_is_a_ring_keeps_four_points(self, convert):
        ring = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]

        assert len(convert.simplified(ring)) == 4

    def test_across_the_date_line_has_no_jump(self, convert, tmp_path):
        arcs = [[[179, 60], [2, 0], [0, 1]], [[-175, 60], [1, 1]]]
        topology = {
            "transform": {"scale": [1, 1], "translate": [0, 0]},
            "arcs": arcs,
            "objects": {"countries": {"geometries": []}},
        }
        topology["arcs"][0][1] = [-358, 0]
        path = tmp_path / "small.json"
        path.write_text(json.dumps(topology))

        across, beyond = convert.Atlas(path).arcs

        assert across == [(179, 60), (181, 60), (181, 61)]
        assert beyond == [(185, 60), (186, 61)]


class TestARing:
    def test_is_cut_at_a_parallel(self, convert):
        square = [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)]

        north, south = (convert.cut(square, 1, north=side) for side in (True, False))

        assert abs(convert.area(north)) == 12
        assert abs(convert.area(south)) == 4
