"""Which lens a page looks through."""

from tracker.pages.asked import Asked
from tracker.queries import lenses, moment


def label(asked: Asked) -> str:
    """The lens that was asked for. Where the page goes back to before it was first defined, its
    first version: what was known then is looked at as people began to look at it later.

    :raises lenses.NoSuchLens: :raises moment.NotYet:
    """
    if asked.as_of is None or "@" in asked.lens:
        return asked.lens
    try:
        return lenses.named(asked.lens, position=moment.resolve(asked.as_of)).lens.name
    except lenses.NoSuchLens:
        name = lenses.named(asked.lens, position=moment.resolve(None)).lens.name
        return f"{name}@1"
