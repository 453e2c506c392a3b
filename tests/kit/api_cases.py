"""The cases that resources of the API have in common. A class of tests inherits them and gives
the data of its noun."""

from collections.abc import Sequence
from typing import Any, ClassVar

import pytest

from tests.kit.api_client import Api, pointers, same
from tests.kit.builders import Desk
from tracker import log

NOBODY = "331823dd-0988-470a-9d45-e95f3ddfd0cc"
type Body = dict[str, Any]


class Cases:
    """Each test runs once for each value of a class attribute that is named as its argument."""

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        for name in metafunc.fixturenames:
            if values := getattr(self, name.upper(), None):
                metafunc.parametrize(name, values, ids=repr)


class RecordCases(Cases):
    """A kind of record at `PATH`: created, read, described again, listed and searched."""

    PATH: ClassVar[str]
    # What a second description changes.
    CHANGES: ClassVar[Body]
    # What an answer has beside what was sent.
    SHOWN: ClassVar[Body] = {}
    # Changes of a body that are refused, and the pointers of the errors, sorted.
    WRONG: ClassVar[Sequence[tuple[Body, list[str]]]]
    # Words, and the names of what a search for them finds.
    SEARCHED: ClassVar[Sequence[tuple[str, list[str]]]]

    def body(self, desk: Desk) -> Body:
        """A body in which every field has a value."""
        raise NotImplementedError

    def more(self, desk: Desk) -> None:
        """Put one more on record that shares its name with others."""
        raise NotImplementedError

    def test_is_read_as_it_was_sent(self, api: Api, desk: Desk) -> None:
        sent = self.body(desk)
        answer = api.send(self.PATH, sent)
        receipt = answer.json()
        read = api.get(f"{self.PATH}{receipt['id']}/")

        assert answer.headers["Location"].endswith(f"/api/v1/{self.PATH}{receipt['id']}/")
        assert same(read, sent) == sent
        assert same(read, self.SHOWN) == self.SHOWN
        assert read["version"] == receipt["version"] == 1

    def test_is_described_again_in_the_version_that_was_seen(self, api: Api, desk: Desk) -> None:
        sent = self.body(desk)
        receipt = api.post(self.PATH, sent)
        address = f"{self.PATH}{receipt['id']}/"
        changed = sent | self.CHANGES

        # Each way to name another version: tests/api/test_every_route.py.
        api.post(f"{address}descriptions/", changed, expect=412, If_Match='"7"')
        again = api.post(f"{address}descriptions/", changed, If_Match='"1"')

        assert again["version"] == 2
        assert same(api.get(address), changed) == changed
        assert same(api.get(address, as_of=receipt["position"]), sent) == sent

    def test_names_everything_that_is_wrong(self, api: Api, desk: Desk, wrong: Any) -> None:
        changes, found = wrong
        body = {name: value for name, value in (self.body(desk) | changes).items() if value != ...}
        position = log.head().position

        assert sorted(pointers(api.post(self.PATH, body, expect=400))) == found
        assert log.head().position == position

    def test_is_found_by_words(self, api: Api, desk: Desk, searched: Any) -> None:
        words, names = searched
        api.post(self.PATH, self.body(desk))

        for query in ({}, {"as_of": log.head().position}):
            rows = api.get(self.PATH, q=words, **query)["results"]
            assert [one.get("name", one.get("title")) for one in rows] == names

    def test_is_listed_once_though_names_are_shared(self, api: Api, desk: Desk) -> None:
        for _ in range(3):
            self.more(desk)
        ids = [one["id"] for one in api.get(self.PATH, limit=1000, count="exact")["results"]]

        assert [one["id"] for one in api.pages(self.PATH, limit=2)] == ids
        assert len({*ids}) == len(ids) == api.get(self.PATH, count="exact")["count"]
