"""What all spellings of a name have in common."""

import unicodedata


def name_key(text: str) -> str:
    """Return what all spellings of a name have in common: case, accents and spaces are ignored."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(
        "".join(letter for letter in plain if not unicodedata.combining(letter)).split()
    )
