"""Records with quiet defaults, and a desk that has what a claim refers to.

A test names only what it is about. `a_claim()` and the like are plain records and touch nothing;
`a_desk()` writes through the operations that people use.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.utils import timezone

from tests.kit.pulls import still_parameters
from tracker import log
from tracker.domain import events as e
from tracker.domain.claims import Citation, Claim, Level, Magnitude, Occurred
from tracker.domain.dates import edtf
from tracker.domain.lenses import Lens, View
from tracker.domain.records import (
    Actor,
    Affiliation,
    Collection,
    Document,
    Name,
    Party,
    Sector,
    Source,
)
from tracker.domain.scoring import MODELS
from tracker.log import Recorded
from tracker.operations import accounts, actors, claims, ids, references, sources, withholding
from tracker.projections import standing

AT = datetime(2024, 5, 1, 12, tzinfo=UTC)
BY = "ann"
# As harsh as a sanction, and of prior odds of 1 to 1: a claim of one source has the p of its grade.
CODE = "plover-2.0/MOBILIZE/militia"
# Of the same value, and of prior odds of 9 to 1; it usually lasts.
SANCTION = "plover-2.0/SANCTION/discontinue"


def an_account(name: str = BY) -> Any:
    """A superuser of that name, whose tokens may do everything."""
    return get_user_model().objects.get_or_create(username=name, defaults={"is_superuser": True})[0]


def a_token(*scopes: str, of: str = BY, at: datetime | None = None) -> str:
    """Issue a token that outlives every test, with some scopes, all if none are named."""
    an_account(of)
    return accounts.issue(
        of,
        by=accounts.COMMAND_LINE,
        name="a test's",
        scopes=scopes or accounts.SCOPES,
        lasting=timedelta(days=36_500),
        at=at or AT,
    )


def withhold_text(position: int, *, reason: str, authority: str, at: datetime, by: str) -> Recorded:
    """Withhold the words of one entry, confirmed as it has to be."""
    record, going = withholding.select(position, every=False)
    asked = withholding.Withholding(
        record=record, entries=going, number=record.number, reason=reason, authority=authority
    )
    return withholding.withhold(asked, at=at, by=by)[0]


def an_id(number: int) -> UUID:
    return UUID(int=number)


COLLECTION, SOURCE, DOCUMENT, ONE, OTHER = (an_id(n) for n in (1, 2, 3, 11, 12))


def an_actor(code: str | None = "KAZ", **given: Any) -> Actor:
    """A state; with `kind` and no code something else."""
    return Actor(
        **{"kind": "state", "names": (Name(text=code or "Somebody"),), "code": code, **given}
    )


def a_source(**given: Any) -> Source:
    return Source(**{"kind": "outlet", "name": "The Gazette", **given})


def a_document(source: UUID = SOURCE, **given: Any) -> Document:
    return Document(**{"source": source, "title": "A report", "date": "2022-05-24", **given})


def a_collection(**given: Any) -> Collection:
    return Collection(**{"name": "curated", "coding": "curated", "review": False, **given})


def a_citation(document: UUID = DOCUMENT, **given: Any) -> Citation:
    return Citation(**{"document": document, **given})


def on_record(record: Actor | Source | Document | Collection) -> UUID:
    """Put an actor, a source, a document or a collection on record; give its id."""
    describe: dict[type, Callable[..., Recorded]] = {
        Actor: actors.describe_actor,
        Source: sources.describe_source,
        Document: sources.describe_document,
        Collection: sources.describe_collection,
    }
    return describe[type(record)](record, at=AT, by=BY).stream


def a_claim(*, initiator: UUID = ONE, recipient: UUID | None = OTHER, **given: Any) -> Claim:
    """One country raises a militia against another on 11 May 2022; without a recipient nobody."""
    parties = [Party(actor=initiator, role="initiator")]
    if recipient is not None:
        parties.append(Party(actor=recipient, role="recipient"))
    return Claim(
        **{
            "collection": COLLECTION,
            "kind": "act",
            "summary": "Something was done.",
            "parties": tuple(parties),
            "citations": (a_citation(),),
            "code": CODE,
            "occurred": Occurred(edtf="2022-05-11"),
            **given,
        }
    )


def a_lens(model: str = "standing", **given: Any) -> Lens:
    made = MODELS[model]
    return Lens(
        **{
            "name": model,
            "view": View(method="1", collections=(COLLECTION,)),
            "model": model,
            "model_version": made.version,
            "parameters": made.defaults,
            **given,
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A record with some countries, one collection, one graded source with a document, and a lens
    for each model on one view."""

    countries: dict[str, UUID]
    collection: UUID
    source: UUID
    document: UUID
    view: View
    lenses: dict[str, UUID]

    def claim(
        self, initiator: str | UUID = "RUS", recipient: str | UUID | None = "KAZ", **given: Any
    ) -> Claim:
        """A claim that may be put on record here, of countries or of other actors on record."""
        return a_claim(
            initiator=self._actor(initiator),
            recipient=self._actor(recipient) if recipient else None,
            **{
                "collection": self.collection,
                "citations": (a_citation(self.document),),
                **given,
            },
        )

    def _actor(self, one: str | UUID) -> UUID:
        return one if isinstance(one, UUID) else self.countries[one]

    def speaker(
        self,
        country: str | UUID,
        sector: Sector = "government",
        *,
        until: date | None = None,
        actor_id: UUID | None = None,
        **given: Any,
    ) -> UUID:
        """Put an organisation, or what is given, on record that speaks for a country; or describe
        it anew. Give its id."""
        speaks = Affiliation(country=self._actor(country), sector=sector, until=until)
        actor = an_actor(None, **{"kind": "organisation", "affiliations": (speaks,), **given})
        return actors.describe_actor(actor, at=AT, by=BY, actor_id=actor_id).stream

    def asserts(self, *ends: str | UUID, claim_id: UUID | None = None, **given: Any) -> Recorded:
        """Put a claim on record, at a fixed time or on the event's first day if that is later. One
        that is dated after the document is cited from one more of the same source, of that day."""
        claim = self.claim(*ends, **given)
        first = edtf.bounds(claim.occurred.edtf).earliest if claim.occurred else None
        if "citations" not in given and references.date_warning(claim):
            later = on_record(a_document(self.source, date=str(first)))
            claim = replace(claim, citations=(a_citation(later),))
        at = max(AT, datetime.combine(first, AT.timetz())) if first else AT
        # Before noon, that of today is ahead of the clock.
        at = min(at, max(AT, timezone.now()))
        return claims.assert_claim(claim, at=at, by=BY, claim_id=claim_id)

    def gives_level(
        self,
        value: str = "4.5",
        sd: str = "1.5",
        *,
        rung: str | None = None,
        day: str = "2021-12-31",
        **given: Any,
    ) -> Recorded:
        """Put the level of a pair on record as a panel does: a value and its sd, or a rung."""
        if rung:
            given["level"] = Level(rung=rung)
        return self.assesses(value, sd, day, **{"summary": "The panel knows them well.", **given})

    def asserts_shooting(self, dead: int) -> UUID:
        """Put a shooting with a number of dead on record; give the claim's id."""
        magnitude = Magnitude(value=Decimal(dead), unit="killed")
        return self.asserts(code="plover-2.0/ASSAULT/firearms", magnitude=magnitude).stream

    def measures_still_levels(self) -> str:
        """Define a lens of `standing` whose figures can be worked out by hand; give its name."""
        return self.measures_levels(**still_parameters())

    def measures_levels(self, **parameters: Any) -> str:
        """Define a lens of `standing` on the same view, with other parameters; give its name."""
        model = MODELS["standing"]
        return _define(
            a_lens(
                name="levels",
                view=self.view,
                parameters={**model.defaults, **parameters},
            )
        )

    def assesses(
        self, value: str, sd: str, day: str = "2020-12-31", *, pair: str = "KAZ-RUS", **given: Any
    ) -> Recorded:
        """Put the level of a pair on a day on record."""
        about = [self.countries[code] for code in pair.split("-")]
        return self.asserts(
            **{
                "kind": "level",
                "code": None,
                "level": Level(value=Decimal(value), sd=Decimal(sd)),
                "parties": tuple(Party(actor=one, role="about") for one in about),
                "occurred": Occurred(edtf=day),
                **given,
            }
        )

    def hears(self, *, grade: str | None = "C", ends: str = "2022-05-24", **given: Any) -> UUID:
        """Put one more source with a grade and a document on record; give the document's id."""
        source = on_record(a_source(**given))
        if grade:
            rate(source, grade)
        return on_record(a_document(source, date=ends))


def _define(lens: Lens) -> str:
    draft = log.Draft(stream=ids.new_id(AT), event=e.LensDefined(lens=lens))
    log.append([draft], at=AT, by=BY, project=standing.project)
    return lens.name


def rate(source: UUID, grade: str, *, since: date = date(2020, 1, 1)) -> Recorded:
    return sources.rate_source(source, _rating(grade, since=since), at=AT, by=BY)


def _rating(grade: str, *, since: date = date(2020, 1, 1)) -> e.SourceRated:
    return e.SourceRated(reliability=grade, since=since, reason="its record")  # type: ignore[arg-type]


def a_desk(*codes: str, grade: str | None = "C", level: Mapping[str, Any] | None = None) -> Desk:
    """Put on record what claims refer to: the countries (KAZ, RUS and CHN if none are named), a
    collection, a source with a document of 24 May 2022, and the lenses, of which `standing` may
    have parameters of its own. All in one append: most tests begin with it."""
    models = tuple(MODELS)
    countries = codes or ("CHN", "KAZ", "RUS")
    collection, source, document = (ids.new_id(AT) for _ in range(3))
    actor_ids = {code: ids.new_id(AT) for code in countries}
    lens_ids = {model: ids.new_id(AT) for model in models}
    view = View(method="1", collections=(collection,))
    made = {model: a_lens(model, view=view) for model in models}
    if level:
        made["standing"] = a_lens(view=view, parameters=level)
    events: list[tuple[UUID, e.Event]] = [
        (collection, e.CollectionDescribed(collection=a_collection())),
        (source, e.SourceDescribed(source=a_source())),
        *([(source, _rating(grade))] if grade else []),
        *((one, e.ActorDescribed(actor=an_actor(code))) for code, one in actor_ids.items()),
        (document, e.DocumentDescribed(document=a_document(source))),
        *((lens_ids[model], e.LensDefined(lens=one)) for model, one in made.items()),
    ]
    drafts = [log.Draft(stream=stream, event=event) for stream, event in events]
    log.append(drafts, at=AT, by=BY, project=standing.project)
    return Desk(
        countries=actor_ids,
        collection=collection,
        source=source,
        document=document,
        view=view,
        lenses=lens_ids,
    )
