"""Claims from proposals, and links to the sentence that a claim quotes, as people see them."""

from dataclasses import replace

import pytest
from django.utils import timezone

from tests.kit.placed_quotes import a_selector
from tracker.domain import proposed
from tracker.domain.attribution import Submission
from tracker.domain.disclosure import Reader
from tracker.domain.records import Document
from tracker.operations import batches, ids, sources
from tracker.operations.batches import Attached
from tracker.queries.claims import listing
from tracker.queries.claims.listing import Filters
from tracker.queries.records import states

pytestmark = [pytest.mark.browser, pytest.mark.long]
# A sentence far down on a page of the site itself, with the words around it.
BEFORE = "A self-serving report (.40) of a checkable act gets .857. "
QUOTE = "Archives with credibility 4 get .83 for checkable acts and .35 for others."
AFTER = " An opposite pole remains: a supporting root below ½ adds nothing to others."


@pytest.fixture(scope="module")
def claims(site):
    """Claims of which a reader proposed all, and a person changed one."""
    with site.open():
        at = timezone.now()
        [first, *_] = listing.listing(Filters(), after=None, limit=1, reader=Reader.DESK)
        like = first.state.claim
        source = states.records([like.citations[0].document], at=None)
        paper = next(iter(source.values())).document
        method = Document(source=paper.source, title="The method", url=f"{site.url}/method/")
        document = sources.describe_document(method, at=at, by="ann").stream
        text = f"{BEFORE}{QUOTE}{AFTER}"
        cited = replace(
            like.citations[0], document=document, quote=QUOTE, selector=a_selector(QUOTE, text)
        )
        batch = {
            key: Submission(
                claim=replace(like, key=None, summary=f"Number {n}.", citations=(cited,))
            )
            for n, key in enumerate(ids.new_ids(at, 25), start=1)
        }
        was = {key: proposed.of("reading-1", one.claim) for key, one in batch.items()}
        changed = min(was)
        was[changed] = replace(was[changed], code="plover-2.0/AID", occurred=None)
        batches.assert_claims(batch, at=at, by="ann", attached=Attached(proposed=was))
    site.catch_up()
    return list(batch)


class TestAClaim:
    def test_opens_the_original_at_the_sentence(self, open_page, claims):
        page = open_page(viewport={"width": 1024, "height": 768})
        page.goto(f"/claims/{claims[0]}/")

        page.get_by_role("link", name="the original").click()

        page.wait_for_url(lambda url: "/method/" in url)
        page.wait_for_function("window.scrollY > 0")
        inside = page.evaluate(
            """quote => {
                const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
                while (walk.nextNode()) {
                    const text = walk.currentNode.textContent.replace(/\\s+/g, " ")
                    if (text.includes(quote)) {
                        const range = document.createRange()
                        range.selectNode(walk.currentNode)
                        const box = range.getBoundingClientRect()
                        return box.top < innerHeight && box.bottom > 0
                    }
                }
            }""",
            QUOTE,
        )
        assert inside
