"""What a mapping gives for every row is checked before a row is read."""

import pytest

from tests.importers.test_generic import MAPPING
from tracker.imports.formats import generic, mappings
from tracker.imports.formats.sections import BadMapping

KIND, SURE = 'kind = "act"', 'credibility = {column = "sure"}'
PLACE = 'url = {column = "url"}'


def check(old: str, new: str) -> None:
    assert old in MAPPING
    generic.format_for(mappings.read(MAPPING.replace(old, new, 1)))


class TestCheck:
    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            (KIND, 'kind = "deed"', "claim.kind: must be one of: act, "),
            (
                KIND,
                'kind = {column = "k", values = {x = "act", y = "deed"}}',
                "claim.kind: must be",
            ),
            (KIND, f'{KIND}\npolarity = "no"', "claim.polarity: must be one of: asserted, denied"),
            (
                KIND,
                f'{KIND}\ncontexts = ["asylum", "xyz"]',
                "claim.contexts: unknown context 'xyz'",
            ),
            (KIND, f'{KIND}\nstrength = "huge"\nstrength_reason = "x"', "claim.strength: must be"),
            (KIND, 'kind = "level"\nrung = "pact"', "claim.rung: unknown rung; expected one of: s"),
            (KIND, f'{KIND}\nresolves_by = "soon"', "claim.resolves_by: "),
            (SURE, 'credibility = "high"', "citation.credibility: 'high' is not a whole number"),
            (SURE, "credibility = 1", "citation.credibility: must be 2 to 6"),
            (PLACE, 'url = "nowhere"', "document.url: "),
            (
                'date = {column = "day"}',
                'date = "32.5.2022"\nformats = ["%d.%m.%Y"]',
                "occurred.date: '32.5.2022' is not a date like %d.%m.%Y",
            ),
            ('date = {column = "published"}', 'date = "someday"', "document.date: 'someday' "),
        ],
    )
    def test_refuses_what_no_row_could_have(self, old, new, says):
        with pytest.raises(BadMapping) as problem:
            check(old, new)
        assert str(problem.value).startswith(says)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (KIND, KIND),
            # A criterion, and what a forecast lacks besides, can come from a column.
            (KIND, 'kind = "forecast"\ncriterion = {column = "c"}'),
            (KIND, 'kind = {column = "k", values = {n = ""}}'),
            # Whether a grade needs a reason is seen in each row.
            (KIND, f'{KIND}\nstrength = "weak"\nstrength_reason = {{column = "why"}}'),
            (SURE, "credibility = 3"),
            ('date = {column = "day"}', 'date = "May 2022"'),
        ],
    )
    def test_leaves_what_depends_on_the_row(self, old, new):
        check(old, new)


def test_a_party_of_every_row_is_named_by_the_format():
    mapping = MAPPING.replace('name = {column = "whom"}', 'name = "RUS"')

    assert generic.format_for(mappings.read(mapping)).actors == ("RUS",)
