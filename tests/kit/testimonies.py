"""Testimonies of graded sources."""

from hypothesis import strategies as st

from tests.kit.domain_builders import an_id
from tracker.domain import certainty
from tracker.domain.certainty import Link

GRADES = st.sampled_from([None, "A", "B", "C", "D", "E", "F"])
CREDIBILITIES = st.sampled_from([None, 2, 3, 4, 5, 6])


def says(*grades: str | None, root: str = "root", **given) -> certainty.Testimony:
    """A citation whose links have these grades, the root's last."""
    names = [f"link {number}" for number in range(1, len(grades))] + [root]
    links = tuple(
        Link(source=an_id(name), reliability=grade)
        for name, grade in zip(names, grades, strict=True)
    )
    return certainty.Testimony(
        links=links,
        **{
            "credibility": None,
            "stance": "supports",
            "interest": "none",
            "spoken": False,
            **given,
        },
    )


def denies(*grades: str | None, **given) -> certainty.Testimony:
    return says(*grades, **{"stance": "denies", **given})


def witnesses(grades: str) -> list[certainty.Testimony]:
    """One citation for each letter, each with a root of its own."""
    return [says(grade, root=f"root {number}") for number, grade in enumerate(grades)]


@st.composite
def something_said(draw: st.DrawFn, **fixed) -> certainty.Testimony:
    grades = draw(st.lists(GRADES, min_size=1, max_size=3))
    drawn = {
        "credibility": draw(CREDIBILITIES),
        "stance": draw(st.sampled_from(["supports", "denies"])),
        "interest": draw(st.sampled_from(["none", "self-serving", "against interest"])),
        "spoken": draw(st.booleans()),
    }
    return says(*grades, root=draw(st.sampled_from("abc")), **drawn | fixed)
