import pytest

from benchmarks.reading_claims import Share, claims, compare, read, seed_record

TEXT = """Two envoys and a road

On 3 May Peru expelled two diplomats of Chile. The next day it closed its border. Bolivia is a
friend of both, and no more than that. Peru claimed that Chile had planted a spy. Chile replied that
there had been no spy.
"""
LISTED = """
- {sentence: On 3 May Peru expelled, kind: act, event: SANCTION, initiators: [PER],
   recipients: [CHL], about: [], occurred: 2024-05-03, written: true}
- {sentence: The next day it closed, kind: act, event: COERCE, initiators: [PER],
   recipients: [Chile], about: [], occurred: 2024-05-04, written: true}
- {sentence: Bolivia is a friend, kind: assessment, event: "", initiators: [], recipients: [],
   about: [BOL, the Pope], occurred: "", written: false}
- {sentence: Chile replied that, kind: denial, event: COERCE, initiators: [CHL],
   recipients: [PER], about: [], occurred: 2024-05-09, written: true}
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("article")
    text, listed = folder / "article.txt", folder / "article.yaml"
    text.write_text(TEXT)
    listed.write_text(LISTED)
    return text, listed


def test_counts_what_the_drafts_have_and_offer(files):
    figures = claims(*files, published="2024-05-10")

    assert figures.sentences == Share(4, 4)
    # The denial counts as found if a draft denies.
    assert figures.event == figures.first == Share(3, 3)
    # Chile is offered for the border; the Pope is in no sentence.
    assert figures.parties == Share(7, 8)
    assert figures.dates == Share(2, 3)
    assert figures.dated == Share(2, 3)
    # "Peru claimed" is not listed.
    assert figures.drafts.number > figures.drafts.found


def test_shares_are_of_what_is_asked():
    assert Share(3, 4).share == 0.75
    assert Share(0, 0).share == 0.0


def test_a_sentence_that_is_not_in_the_text_is_an_error():
    record = seed_record()

    with pytest.raises(ValueError, match="no sentence begins with 'Cuba left'"):
        list(compare(read("Peru left.", record, "2024-05-10"), [{"sentence": "Cuba left"}], {}))
