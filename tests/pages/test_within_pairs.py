"""Every list of levels of several pairs says what to compare; the page of one pair does not."""

import pytest
from django.urls import reverse

from tests.kit.texts import text_of

SAYS = "Compare changes within a pair, not levels between pairs."
PAGES = {
    # The matrix and the table.
    "/": 2,
    "/?lens=tone": 0,
    "/actors/RUS/": 1,
    "/actors/RUS/?lens=tone": 0,
    "/search/?q=russia": 1,
    "/search/?q=kazakhstan russia": 0,
    "/pairs/KAZ-RUS/": 0,
}


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "times"), PAGES.items())
def test_a_list_of_levels_says_what_to_compare(client, war, address, times) -> None:
    assert text_of(client.get(address)).count(SAYS) == times


@pytest.mark.django_db
def test_a_triangle_says_it_too(client, desk, war) -> None:
    address = reverse("pages:triad", args=("CHN", "KAZ", "RUS"))

    assert SAYS in text_of(client.get(address))


@pytest.mark.django_db
def test_other_languages_have_it(client, war) -> None:
    said = text_of(client.get("/ru/actors/RUS/"))

    assert "Сравнивайте изменения внутри одной пары, а не уровни разных пар." in said
