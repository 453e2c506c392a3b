"""An article at the desk: brought by its address or text, read on its page, and its tray."""

from dataclasses import replace

import pytest
from django.utils import timezone

from tests.kit.builders import AT, BY, a_source
from tests.kit.reading_desk import at, cards, presses, records, seen
from tests.kit.trays import a_draft, a_tray, puts
from tracker.domain import codec
from tracker.domain import state as f
from tracker.domain.reading.drafts import OFFERED
from tracker.models.derived import StandingRecord
from tracker.models.trays import Tray, TrayCard
from tracker.operations import sources, trays
from tracker.operations.ids import new_id

pytestmark = pytest.mark.django_db
TEXT = """The column

On 3 March 2022 Russia imposed sanctions on Kazakhstan. The weather was fine.
"""


class TestThePage:
    def test_has_a_box_for_the_text_and_an_empty_tray_and_is_not_stored(self, ann, desk):
        answer = ann.get(at(desk))

        assert "Paste the article" in seen(answer)
        assert "Nothing taken yet" in seen(answer)
        assert "no-store" in answer["Cache-Control"]
        assert not Tray.objects.exists()

    def test_is_for_those_who_enter_claims(self, someone, desk):
        reader = someone("view_claim", "view_document")

        answers = [reader.get(at(desk)), reader.get(at(desk, "effect/"))]
        answers += [
            reader.post(at(desk, place))
            for place in ("text/", "card/", "place/", "record/", "form/", "close/")
        ]

        assert {answer.status_code for answer in answers} == {403}
        assert "You may not enter claims" in seen(answers[0])

    def test_of_a_document_that_is_not_on_record_is_not_found(self, ann, desk):
        assert ann.get(f"/admin/desk/document/{desk.collection}/read/").status_code == 404

    @pytest.mark.parametrize("place", ["card/", "place/", "record/", "effect/"])
    def test_of_no_document_answers_nothing(self, ann, desk, draft, place):
        address = f"/admin/desk/document/{desk.collection}/read/{place}"
        sent = {"draft": codec.value_text(draft), "do": "uncoded", "place": "1"}

        answer = ann.get(address) if place == "effect/" else ann.post(address, sent)

        assert answer.status_code == 404

    def test_says_where_texts_may_not_be_sent(self, ann, desk, settings):
        settings.READING = False

        assert "does not allow article texts" in seen(ann.get(at(desk)))
        assert "does not allow article texts" in seen(ann.post(at(desk, "text/"), {"text": TEXT}))
        assert not Tray.objects.exists()

    @pytest.mark.parametrize("place", ["text/", "card/", "place/", "record/", "form/", "close/"])
    def test_changes_nothing_without_a_post(self, ann, desk, place):
        assert ann.get(at(desk, place)).status_code == 405


class TestTheText:
    def test_is_forgotten_but_for_its_digest_and_length(self, ann, desk):
        answer = ann.post(at(desk, "text/"), {"text": TEXT})

        tray = Tray.objects.get()
        assert (len(tray.text_sha256), tray.sentences) == (64, 3)
        assert "no-store" in answer["Cache-Control"]

    def test_that_is_too_long_is_refused_in_words(self, ann, desk):
        answer = ann.post(at(desk, "text/"), {"text": "word " * 20_001})

        assert "at most 20000 are read" in seen(answer)

    def test_that_is_too_large_is_refused_on_a_page_of_the_desk(self, ann, desk):
        for page in (at(desk, "text/"), "/admin/desk/read/"):
            answer = ann.post(page, {"text": "word " * 400_001})

            assert answer.status_code == 413
            assert "takes at most 2,000,000. Nothing was read." in seen(answer)
            assert "copy only its text" in seen(answer)
            assert "Back to the desk" in seen(answer)

    def test_is_shown_with_what_was_changed_before_and_not_taken(self, ann, desk):
        [card, *_] = cards(ann.post(at(desk, "text/"), {"text": TEXT}))
        [changed] = cards(presses(ann, desk, card, "words", words="Mine."))
        [_, added] = cards(presses(ann, desk, card, "another"))
        sent = f"[{codec.value_text(changed)}, {codec.value_text(added)}, 1]"

        again = cards(ann.post(at(desk, "text/"), {"text": TEXT, "changed": sent}))

        assert again[0].claim.summary == "Mine."
        assert added in again
        assert card not in again

    def test_other_than_that_of_the_tray_keeps_its_changed_cards_too(self, ann, desk, chosen):
        presses(ann, desk, chosen, "take")
        ann.post(at(desk, "text/"), {"text": "Another text."})
        text = f"{TEXT}\nMore."
        [_, card, *_] = cards(ann.post(at(desk, "text/"), {"text": text}))
        [changed] = cards(presses(ann, desk, card, "words", words="Mine."))

        sent = {"text": text, "changed": f"[{codec.value_text(changed)}]"}
        answer = ann.post(at(desk, "text/"), sent)

        assert "not the text from which" in seen(answer)
        assert changed in cards(answer)

    @pytest.mark.parametrize("sent", ["{", "{}", "[[]]"])
    def test_is_shown_without_what_is_no_card(self, ann, desk, sent):
        shown = cards(ann.post(at(desk, "text/"), {"text": TEXT, "changed": sent}))

        assert shown == cards(ann.post(at(desk, "text/"), {"text": TEXT}))

    def test_other_than_before_is_said(self, ann, desk):
        ann.post(at(desk, "text/"), {"text": TEXT})
        ann.post(at(desk, "place/"), {"place": "2"})

        answer = ann.post(at(desk, "text/"), {"text": f"{TEXT}\nMore."})

        assert "not the text from which the tray was begun" in seen(answer)
        assert 'data-place="0"' in answer.content.decode()
        assert (Tray.objects.get().sentences, Tray.objects.get().place) == (3, 2)

        answer = ann.post(at(desk, "text/"), {"text": f"{TEXT}\nMore.", "replaces": "1"})

        assert "not the text from which" not in seen(answer)
        assert Tray.objects.get().sentences == 4

    def test_shows_what_is_in_the_tray_what_was_handed_in_and_what_is_on_record(self, ann, desk):
        [card, *_] = cards(ann.post(at(desk, "text/"), {"text": TEXT}))
        other = a_draft(card.claim, sentence=2)
        puts(a_tray(desk, by="bea"), other, by="bea", state=OFFERED)
        [card] = cards(presses(ann, desk, card, "code:1"))
        presses(ann, desk, card, "take")

        text = ann.post(at(desk, "text/"), {"text": TEXT})
        assert text.content.decode().count('"reading-state">in the tray') == 1
        assert text.content.decode().count("handed in for review by bea<") == 1
        records(ann, desk)
        again = ann.post(at(desk, "text/"), {"text": TEXT}).content.decode()
        assert f"/admin/desk/claim/{card.id}/change/" in again

    def test_place_is_a_number(self, ann, desk):
        assert ann.post(at(desk, "place/"), {"place": "x"}).status_code == 400


class TestACardOfAnotherText:
    """Its sentence is not in the text that is pasted, or says something else."""

    QUOTE = "Norway sanctioned Belarus."

    @pytest.fixture
    def other(self, desk, chosen):
        cited = replace(chosen.claim.citations[0], quote=self.QUOTE, selector=None)
        return replace(chosen, claim=replace(chosen.claim, citations=(cited,)), sentence=3)

    def reads(self, ann, desk, text=TEXT):
        """What the answer shows among the sentences, and in the tray."""
        text = ann.post(at(desk, "text/"), {"text": text}).content.decode()
        sentences, _, tray = text.partition('<section id="tray"')
        return sentences, tray

    @pytest.mark.parametrize("sentence", [3, 4])
    def test_is_in_the_list_of_the_tray_with_its_quote(self, ann, desk, other, sentence):
        presses(ann, desk, replace(other, sentence=sentence), "take")

        sentences, tray = self.reads(ann, desk)

        assert f"card-{other.id}" not in sentences
        assert f'value="{other.id}">' in sentences
        assert "From another text" in tray
        assert self.QUOTE in tray
        assert "data-goto" not in tray

    def test_is_none_if_the_sentence_has_its_words(self, ann, desk, other):
        presses(ann, desk, other, "take")

        sentences, tray = self.reads(ann, desk, f"One\n\nTwo.\n\n{self.QUOTE}")

        assert f"card-{other.id}" in sentences
        assert "From another text" not in tray


class TestClosing:
    def close(self, ann, desk, **sent):
        return ann.post(at(desk, "close/"), sent, follow=True)

    def test_a_tray_without_cards_needs_no_confirmation(self, ann, desk):
        ann.post(at(desk, "text/"), {"text": TEXT})
        assert "Close the tray" in seen(ann.get(at(desk)))

        assert "The tray is closed." in seen(self.close(ann, desk))

        assert not Tray.objects.exists()
        assert "Close the tray" not in seen(ann.get(at(desk)))

    def test_a_tray_with_cards_asks_first_and_says_how_many_went(self, ann, desk, chosen):
        presses(ann, desk, chosen, "take")
        puts(a_tray(desk, by="bot"), replace(chosen, id=new_id(AT)), by="bot", state=OFFERED)
        handed_in = TrayCard.objects.get(state=OFFERED)
        trays.take_offered(handed_in.id, by="ann", at=AT)

        asked = self.close(ann, desk)
        assert "Close the tray of A report 2 cards are in it, and not on record." in seen(asked)
        assert "Russia cut the flow." in seen(asked)
        assert TrayCard.objects.count() == 2
        assert "2 cards are in it" in seen(self.close(ann, desk, cards="1"))
        done = seen(self.close(ann, desk, cards="2"))

        assert "The tray is closed. 1 card went with it. 1 card is offered again." in done
        assert [one.id for one in TrayCard.objects.all()] == [handed_in.id]

    def test_a_tray_that_is_closed_says_so(self, ann, desk):
        assert "The tray was closed before." in seen(self.close(ann, desk))


BRING = "/admin/desk/read/"
SHORT = """The triangle of three

By Jane Doe

24 May 2022

Russia did something. Kazakhstan did not.
"""
LINE = {"_make": "1", "source": "The Gazette", "title": "News", "date": "24 May 2022"}


def read_page(document, brought="#brought"):
    return f"/admin/desk/document/{document}/read/{brought}"


def values(answer):
    """What the fields of the document hold."""
    form = answer.context["form"]
    return {name: form[name].value() for name in ("title", "source", "authors", "date", "url")}


def newest(noun):
    row = StandingRecord.objects.filter(noun=noun).order_by("-id")[0]
    return codec.build({"source": f.SourceState, "document": f.DocumentState}[noun], row.state)


class TestWhatIsBrought:
    def test_may_be_a_text_that_is_half_read(self, ann, desk):
        own = a_tray(desk, by="ann", sentences=12, text_sha256="a" * 64)
        trays.move_to(own, 7, by="ann", at=AT)

        answer = ann.get(BRING)

        assert "Half read A report 0 in the tray, sentence 7 of 12 close" in seen(answer)
        assert f'action="/admin/desk/document/{desk.document}/read/close/"' in answer.text
        assert "are listed" not in answer.text

    def test_by_the_title_of_a_document_on_record_leads_to_it(self, ann, desk):
        answer = ann.post(BRING, {"text": " A report "})

        assert answer["Location"] == read_page(desk.document, "")

    @pytest.mark.parametrize("text", ["", f"\n{SHORT}"])
    def test_with_a_broken_address_is_shown_to_correct(self, ann, desk, text):
        answer = ann.post(BRING, {"text": f"http://[::1{text}"})
        assert values(answer)["url"] == "http://[::1"

        answer = ann.post(BRING, LINE | {"url": "http://[::1", "new_source": "on"})
        assert "Nothing is recorded yet." in seen(answer)

    def test_by_an_address_on_record_leads_to_it_also_with_a_text(self, ann, desk):
        document = newest("document").document
        known = codec.plain(document) | {"url": "https://gazette.example/a"}
        row = sources.describe_document(
            codec.build(type(document), known), at=timezone.now(), by=BY
        ).stream

        for text, brought in (("", ""), (f"\n{SHORT}", "#brought-below")):
            answer = ann.post(BRING, {"text": f"http://www.gazette.example/a/?utm_source=x{text}"})
            assert answer["Location"] == read_page(row, brought)

    def test_as_a_text_is_described_by_its_first_lines(self, ann, desk):
        answer = ann.post(BRING, {"text": SHORT})

        assert values(answer) == {
            "title": "The triangle of three",
            "source": "",
            "authors": "Jane Doe",
            "date": "2022-05-24",
            "url": None,
        }
        assert "not on record yet" in seen(answer)
        assert "Kazakhstan did not" not in answer.content.decode()

    def test_as_a_new_address_is_described_by_it_and_the_publisher_of_its_host(self, ann, desk):
        at = {"at": timezone.now(), "by": BY}
        sources.describe_source(a_source(name="Daily", url="https://daily.example/"), **at)

        alone = values(ann.post(BRING, {"text": "https://daily.example/b"}))
        with_text = values(ann.post(BRING, {"text": f"https://daily.example/b\n\n{SHORT}"}))

        assert (alone["url"], alone["source"]) == ("https://daily.example/b", "Daily")
        assert (with_text["url"], with_text["source"]) == ("https://daily.example/b", "Daily")
        assert with_text["title"] == "The triangle of three"

    def test_as_a_web_page_is_described_by_the_page_and_its_text_is_taken_out(self, ann, desk):
        page = (
            '<html><head><meta property="og:title" content="Of three">'
            '<meta property="og:site_name" content="The Gazette"></head>'
            "<body><nav>Menu</nav><article><p>Russia did &lt;something&gt;.</p></article></body>"
        )
        answer = ann.post(BRING, {"text": page})

        assert values(answer)["title"] == "Of three"
        assert values(answer)["source"] == "The Gazette"
        assert (
            "<template data-plain>Russia did &lt;something&gt;.</template>"
            in answer.content.decode()
        )

    def test_may_not_be_nothing_nor_too_much(self, ann, desk):
        assert "Paste the address or the text." in seen(ann.post(BRING, {"text": " "}))
        assert "at most 20000" in seen(ann.post(BRING, {"text": "word\n" * 20_001}))

    def test_says_where_texts_may_not_be_sent(self, ann, settings):
        settings.READING = False

        assert "does not allow article texts" in seen(ann.get(BRING))
        answer = ann.post(BRING, {"text": SHORT})
        assert answer.context["problem"].startswith("This site does not allow")


class TestTheDocument:
    def test_without_a_publisher_is_not_added(self, ann, desk):
        answer = ann.post(BRING, LINE | {"source": "", "new_source": "on"})

        assert "say who published it" in seen(answer)
        assert StandingRecord.objects.filter(noun="document").count() == 1

    def test_of_a_publisher_that_is_said_to_be_new_adds_it_without_a_grade(self, ann, desk):
        line = {"source": "The  Daily", "new_source": "on", "url": "https://daily.example/a/b"}
        answer = ann.post(BRING, LINE | line, follow=True)

        source = newest("source")
        assert (source.source.name, source.source.url) == ("The Daily", "https://daily.example/")
        assert source.ratings == ()
        assert newest("document").document.source == source.id
        assert "The Daily is a new source without a grade." in seen(answer)

    def test_of_a_known_publisher_adds_no_source_whatever_is_ticked(self, ann, desk):
        ann.post(BRING, LINE | {"new_source": "on"})

        assert StandingRecord.objects.filter(noun="source").count() == 1

    def test_that_is_refused_leaves_no_publisher_behind(self, ann, desk):
        line = {"source": "The Daily", "new_source": "on", "url": "ftp://daily.example"}

        answer = ann.post(BRING, LINE | line)

        assert answer.status_code == 200
        assert StandingRecord.objects.filter(noun="source").count() == 1

    def test_is_for_those_who_may_add_one(self, someone, desk):
        enters = someone("add_claim")

        assert enters.get(BRING).status_code == 200
        assert enters.post(BRING, LINE).status_code == 403
