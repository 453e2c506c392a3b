"""What hypothesis may make up: the impacts of a pair, in both directions, with all their turns."""

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import strategies as st

from tests.kit.impacts import DAY, a_day, an_act, an_id
from tracker.domain.scoring.evidence import Impact

VALUES = st.sampled_from([-10.0, -9.5, -9.0, -7.0, -6.0, -3.5, -2.0, 0.0, 2.5, 5.0, 9.5, 10.0]) | (
    st.floats(-10, 10, allow_subnormal=False)
)
WEIGHTS = st.sampled_from([1.0, 0.6, 0.5, 0.3, 0.18, 0.01])
SECTORS = st.sampled_from([("government",), ("business",), ("business", "state media")])
CHANCES = st.sampled_from([0.65, 0.97]) | st.integers(1, 10_000).map(lambda number: number / 10_000)
# Some move a level, and one does not.
CODES = st.sampled_from(
    [f"plover-2.0/{event}" for event in ("AGREE", "AID", "SANCTION", "ASSAULT", "CONSULT/phone")]
)
ROOTS = st.integers(900, 905).map(an_id)
DAYS = st.integers(-5, 250).map(a_day)


@st.composite
def claims(
    draw: st.DrawFn,
    *,
    number: int,
    kinds: Sequence[bool],
    p: st.SearchStrategy[float],
) -> list[Impact]:
    """The one or two impacts of a claim, which differ in weight and sectors alone."""
    situation = draw(st.sampled_from(kinds))
    first = DAY + timedelta(days=draw(st.integers(0, 90)))
    ash = an_act(
        claim=an_id(number),
        first=first,
        last=first + timedelta(days=draw(st.integers(0, 60)) if situation else 0),
        situation=situation,
        fades=situation and draw(st.booleans()),
        value=draw(VALUES),
        weight=draw(WEIGHTS),
        sectors=draw(SECTORS),
        p=draw(p),
        code=draw(CODES),
        roots=tuple(
            draw(st.lists(st.integers(900, 905).map(an_id), unique=True, min_size=1, max_size=3))
        ),
    )
    birch = ash._replace(
        initiator="BIR", recipient="ASH", weight=draw(WEIGHTS), sectors=draw(SECTORS)
    )
    return draw(st.sampled_from([[ash], [birch], [ash, birch]]))


@st.composite
def pairs(
    draw: st.DrawFn,
    *,
    least: int = 0,
    most: int = 7,
    kinds: Sequence[bool] = (False, True),
    p: st.SearchStrategy[float] = CHANCES,
) -> list[Impact]:
    """The impacts on ASH–BIR: by claim ids that tell nothing of the days."""
    numbers = draw(st.lists(st.integers(1, 99), unique=True, min_size=least, max_size=most))
    drawn = [draw(claims(number=n, kinds=kinds, p=p)) for n in numbers]
    return [one for claim in drawn for one in claim] + draw(riots())


@st.composite
def riots(draw: st.DrawFn) -> list[Impact]:
    """Now and then a day of assaults."""
    day = a_day(draw(st.integers(0, 90)))
    values = draw(st.just([]) | st.lists(st.floats(-10, -9), min_size=2, max_size=6))
    return [
        an_act(claim=an_id(n), first=day, value=value, p=0.8, code="plover-2.0/ASSAULT")
        for n, value in enumerate(values, start=200)
    ]
