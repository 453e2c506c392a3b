"""The site with a reader that fails, with the whole text in the message of its error."""

from config.wsgi import application
from tracker.domain.reading import proposals

__all__ = ["application"]


def _fail(article: str, *_: object) -> None:
    raise KeyError(article)


proposals.read = _fail  # type: ignore[assignment]
