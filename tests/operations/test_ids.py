"""Ids of imported and seeded records follow from their content."""

from uuid import uuid5

from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.events import NAMESPACE
from tracker.operations import ids

NAMES = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)


class TestContentIds:
    @given(NAMES, NAMES)
    def test_are_those_of_rfc_9562_by_name(self, collection, key):
        assert ids.content_id(collection, key) == uuid5(NAMESPACE, f"{collection}:{key}")
