"""Names of lenses for readers."""

from uuid import UUID

import pytest

from tests.kit.builders import a_lens
from tracker.domain.lenses import Bloc, Lens, LensVersion, View, machine_lens
from tracker.lens_names import described, labelled, reader_name, two_sides, version_name

CHINA, RUSSIA = UUID(int=1), UUID(int=2)


def a_version(lens: Lens, number: int = 1) -> LensVersion:
    return LensVersion(id=UUID(int=number), version=2, lens=lens)


class TestTheName:
    @pytest.mark.parametrize(
        ("slug", "name"),
        [
            ("standing", "Overall relationship"),
            ("standing@2", "Overall relationship"),
            ("tone", "Recent mood"),
            ("cooperation", "Balance of cooperation"),
            ("standing-ru-cn", "According to Russian and Chinese sources"),
            ("standing-others", "According to everyone else"),
            ("tone-kazakh-press", "Recent mood (kazakh press)"),
            ("my-own-view", "My own view"),
        ],
    )
    def test_is_in_readers_words(self, slug, name):
        assert reader_name(slug) == name

    def test_of_an_archive_says_that_a_machine_read_it(self):
        archive = machine_lens(CHINA, name="icews")

        assert archive.name == "machine-icews"
        assert reader_name(archive) == "Machine-read news (ICEWS)"
        assert reader_name("machine-icews@2") == "Machine-read news (ICEWS)"
        assert "No person checked its rows" in described(archive)

    def test_has_its_version_where_that_matters(self):
        assert version_name(a_version(a_lens())) == "Overall relationship, version 2"
        assert labelled("tone@3") == "Recent mood, version 3"
        assert labelled("tone") == "Recent mood"

    def test_of_an_unknown_lens_keeps_its_own_description(self):
        own = a_lens(name="mine", description="What I look at.")

        assert described(own) == "What I look at."


class TestTwoSides:
    def test_are_a_bloc_and_all_others(self):
        only, others, another = (
            a_version(a_lens(name=name, view=View(method="1", bloc=bloc)), number)
            for number, (name, bloc) in enumerate(
                [
                    ("one", Bloc(countries=(CHINA, RUSSIA))),
                    ("two", Bloc(countries=(CHINA, RUSSIA), rule="except")),
                    ("three", Bloc(countries=(CHINA,), rule="except")),
                ],
                start=1,
            )
        )

        assert two_sides([a_version(a_lens(), 9), only, another, others]) == [(only, others)]
