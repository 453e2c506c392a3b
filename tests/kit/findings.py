"""Facts of a pair for its finding, made by hand."""

from datetime import date, timedelta
from uuid import UUID

from tracker.domain.scoring.bands import NEVER, Assessment, Likely
from tracker.domain.scoring.moments import Score, largest_first
from tracker.findings.facts import Act, PairFacts, Root
from tracker.findings.moves import Move

TODAY = date(2022, 9, 1)
NEWSLETTER = Root(name="One newsletter")
XINHUA = Root(name="Xinhua", state="Chinese", state_owned=True)
GLOBAL_TIMES = Root(name="Global Times", state="Chinese", state_owned=True)
GAZETTE = Root(name="The Gazette")
FRESH = Assessment("fresh", date(2020, 12, 31))


def an_act(number, event="SANCTION", amount=-0.4, title="Somebody did something.", **given):
    mode = given.pop("mode", "")
    roots = given.pop("roots", (NEWSLETTER,))
    return Act(
        claim=UUID(int=number), title=title, amount=amount, event=event, mode=mode, roots=roots,
        **given,
    )  # fmt: skip


def a_move(*acts, month=date(2022, 3, 31), low=None, high=None, **given):
    """The move that the acts make up, of a month; its interval leaves out 0 unless given."""
    amount = given.pop("amount", sum(act.amount for act in acts))
    low, high = (amount - 0.1 if low is None else low), (amount + 0.1 if high is None else high)
    start = month.replace(day=1) - timedelta(days=1)
    steps = {act.claim: act.amount for act in acts}
    alone = {act.claim: act.amount for act in acts if not act.level}
    parts = largest_first(steps, steps=steps, alone=alone).parts
    return Move(
        **{
            "start": start, "end": month, "amount": amount, "low": low, "high": high,
            "fell": float(high < 0), "rose": float(low > 0), "parts": parts, "month": True, **given,
        }
    )  # fmt: skip


def a_score(value=-0.4, low=-7.0, high=6.2, assessed=NEVER, chance=0.6, **given):
    likely = Likely(("good", "normal"), chance)
    return Score(value, 2.0, low, high, likely=likely, assessed=assessed, **given)


def facts(*acts, **given):
    """Kazakhstan and Russia; never assessed; the newest report is of May."""
    return PairFacts(
        **{
            "names": "Kazakhstan and Russia",
            "measure": "level",
            "day": TODAY,
            "score": a_score(),
            "claims": max(1, len(acts)),
            "roots": 1,
            "move": a_move(*acts) if acts else None,
            "acts": acts,
            "reported": date(2022, 5, 24),
            **given,
        }
    )


def said(found):
    return (found.lead, found.rest)
