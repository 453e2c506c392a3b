"""`fields`: only what was asked for, from the list of what there is."""

import pytest

pytestmark = pytest.mark.django_db


class TestFields:
    def test_of_a_list_are_those_of_its_rows(self, api, desk):
        desk.asserts()

        page = api.get("claims/", fields="id,title")

        assert {*page} == {"as_of", "results", "next"}
        assert {*page["results"][0]} == {"id", "title"}

    def test_lead_inside_with_a_dot(self, api, desk):
        made = desk.asserts("RUS", "KAZ")

        claim = api.get(f"claims/{made.stream}/", fields="parties.code,asserted.position,version")

        assert claim == {
            "version": 1,
            "asserted": {"position": made.position},
            "parties": [{"code": "RUS"}, {"code": "KAZ"}],
        }

    def test_leave_the_values_as_they_are(self, api, desk, catch_up):
        desk.asserts("RUS", "KAZ")
        catch_up()
        asked = {"from": "2022-05-10", "to": "2022-05-12"}

        whole = api.get("pairs/KAZ-RUS/scores/", **asked)
        cut = api.get("pairs/KAZ-RUS/scores/", fields="scores.day,scores.value,lens", **asked)

        assert cut == {
            "lens": whole["lens"],
            "scores": [{"day": one["day"], "value": one["value"]} for one in whole["scores"]],
        }

    @pytest.mark.parametrize(
        ("path", "fields"),
        [
            ("claims/", "id,colour"),
            ("claims/", "parties.colour"),
            ("claims/", ""),
            ("claims/", "results"),
            ("pairs/KAZ-RUS/scores/", "colour"),
            ("log/events/", "body.claim"),
        ],
    )
    def test_that_nobody_knows_are_refused_by_name(self, api, desk, path, fields):
        problem = api.get(path, expect=400, fields=fields)

        assert [(one["pointer"], one["code"]) for one in problem["errors"]] == [
            ("/fields", "unknown")
        ]
        assert "expected one of: " in problem["detail"]
