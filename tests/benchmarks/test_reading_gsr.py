import json

import pytest

from benchmarks.reading_gsr import Share, gsr

# The hash of the second text is even, those of the others are odd.
RECORDS = [
    {"event": "DOCUMENT", "eventText": "about the file"},
    {"event": "DEMAND", "text": "Peru called for an answer from Chile."},
    {"event": "PROTEST", "text": "Lima expelled two diplomats."},
    {"event": "CONCEDE", "text": "Peru lifted its blockade of the port and left."},
]


class TestGsr:
    def test_counts_the_first_and_the_first_three_codes_of_both_halves(self, tmp_path):
        file = tmp_path / "sentences.json"
        file.write_text(json.dumps(RECORDS))

        figures = gsr(file)

        # To lift a blockade is a retreat, and a concession in the second place.
        assert figures.held_out == Share(2, 0.5, 1)
        assert figures.development == Share(1, 0, 0)
        assert figures.all == Share(3, pytest.approx(1 / 3), pytest.approx(2 / 3))

    def test_of_no_sentences_are_nought(self, tmp_path):
        file = tmp_path / "sentences.json"
        file.write_text("[]")

        assert gsr(file).held_out == Share(0, 0, 0)
