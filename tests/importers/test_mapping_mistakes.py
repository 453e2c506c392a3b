"""Every mistake in a mapping is named."""

import pytest

from tests.kit.mapping_texts import FULL, LEAST
from tracker.imports.formats import mappings
from tracker.imports.formats.sections import BadMapping


class TestAMistake:
    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            ('name = "events"', 'name = "events', "this is not TOML"),
            ('name = "events"', "", "collection.name: is missing"),
            ('name = "events"', "name = 5", 'collection.name: must be a text such as "x"'),
            ("review = true", 'review = "no"', "collection.review: must be true or false"),
            ('"machine"', '"robot"', "collection.coding: 'robot' is not one of: curated, machine"),
            ("header = 3", 'header = "3"', "table.header: must be a whole number"),
            ('"cp1251"', '"latin"', "table.encoding: 'latin' is not one of: utf-8, utf-16"),
            ('key = ["no"]', 'key = "no"', "key: must be a list such as"),
            ('key = ["no"]', 'keys = ["no"]', "keys: is an unknown key; did you mean key?"),
            ("[table]", "[tables]", "tables: is an unknown key; did you mean table?"),
            ('summary = {template = "{who}: {what}"}', "", "claim.summary: is missing"),
            ('values = {Act = "act"}', "values = {Act = 5}", "claim.kind.values: must be a table"),
            ("tags = [", "hedge = [", "claim.hedge: must be a table"),
            ('"%Y-%m-%d"', '"%y-%m-%d"', "occurred.formats: '%y-%m-%d' must have a year"),
            ('date = {column = "day"}', "", "occurred.date: is missing"),
            ('basis = "inferred"', 'basis = "rumour"', "occurred.basis: 'rumour' is not one of"),
            ('name = "CHN"', "", "parties[1].name: is missing"),
            ('name = "CHN"', "name = true", "parties[1].name: must be a table"),
            ('url = {column = "url"}', "", "document: requires a url or a title"),
            ("[citation]", "[citations]", "citations: is an unknown key; did you mean citation?"),
            ('when = {sort = ["x", "y"], more = "z"}', "", "codes[1].when: must have a column"),
            ('more = "z"', "more = [5]", "codes[1].when.more: must be a text or a list"),
            (
                'name = "CHN"',
                'name = {column = "x", scheme = "un"}',
                ".name.scheme: 'un' is not one",
            ),
            (
                'name = "CHN"',
                'name = {column = "x", scheme = "name"}',
                'parties[1].name.languages: go with scheme = "name" and only with it',
            ),
            (
                'name = "CHN"',
                'name = {column = "x", scheme = "cow", languages = ["fr"]}',
                'parties[1].name.languages: go with scheme = "name" and only with it',
            ),
            (
                'name = "CHN"',
                'name = {column = "x", scheme = "name", languages = ["fr", "xx"]}',
                "parties[1].name.languages: 'xx' is not one of: en, fr, es, de, ru, zh, ko, ar, ja",
            ),
            (
                'name = "CHN"',
                'name = {column = "x", scheme = "cow", sectors = {"" = "business"}}',
                "parties[1].name.sectors: a prefix is empty",
            ),
            (
                "[[codes]]",
                '[[skips]]\nwhen = {x = "y"}\n[[codes]]',
                "skips[1].reason: is missing",
            ),
            (
                "[[codes]]",
                '[[skips]]\nreason = "r"\n[[codes]]',
                "skips[1].when: must have a column",
            ),
            (
                "[[codes]]",
                '[[skips]]\nwhen = {x = "y"}\nreason = "r"\ncode = "z"\n[[codes]]',
                "skips[1].code: is an unknown key",
            ),
            (
                'template = "{who}: {what}"',
                'column = "who", scheme = "cow"',
                "claim.summary.scheme: is an unknown key",
            ),
            (
                'formats = ["%Y-%m-%d"]',
                'months = ["fa"]',
                "occurred.months: 'fa' is not one of: en, fr",
            ),
            (
                'formats = ["%Y-%m-%d"]',
                "or_words = true",
                "occurred.or_words: goes with formats; without formats words are read anyway",
            ),
            (
                'date = {column = "published"}',
                'months = ["fr"]',
                "document.date: is missing",
            ),
            ("[[codes]]", "[codes]", "codes: must be tables such as [[codes]]"),
            ('reason = "They meet."', "", "codes[1].reason: is missing"),
            (
                "roles = {others",
                "roles = {other",
                "codes[1].roles.other: is an unknown key; did you",
            ),
            ('like = ["*.gov.??"]', "", "publishers[1].like: is missing"),
            ("since = 2020-01-01", 'since = "2020"', "publishers[1].since: must be a day without"),
        ],
    )
    def test_names_the_key_that_is_wrong(self, old, new, says):
        assert old in FULL

        with pytest.raises(BadMapping) as problem:
            mappings.read(FULL.replace(old, new, 1))

        assert says in str(problem.value)

    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            (
                '[[parties]]\nrole = "initiator"\nname = {column = "who"}',
                "",
                "parties: is missing: list the parties",
            ),
            ('kind = "act"', "", 'claim.kind: is missing, for example "act"'),
            (
                "[document]",
                '[[codes]]\nwhen = {x = "y"}\nreason = "r"\n[claim.code]\ncolumn = "c"\n[document]',
                "claim.code: cannot be combined with [[codes]]; remove one of them",
            ),
            (
                "[document]",
                '[[codes]]\nwhen = {x = "y"}\nreason = "r"\n' * 1_001 + "[document]",
                "codes: are 1001 rules; at most 1000 are allowed",
            ),
            (
                "[document]",
                '[[codes]]\nreason = "r"\nwhen = {x = {like = ['
                + '"*", ' * 600
                + "], number = ["
                + '"1", ' * 401
                + "]}}\n[document]",
                "codes: have 1001 patterns and ranges; at most 1000 are allowed",
            ),
        ],
    )
    def test_refuses_what_no_claim_could_do_without(self, old, new, says):
        with pytest.raises(BadMapping) as problem:
            mappings.read(LEAST.replace(old, new, 1))

        assert says in str(problem.value)
