"""How probabilities are written in percent, in words of models and on all pages."""


def percent(p: float) -> str:
    """A probability in percent: "65 %". Only 0 and 1 become "0 %" and "100 %"."""
    text = f"{100 * p:.0f}\N{NO-BREAK SPACE}%"
    if p < 1 and text.startswith("100"):
        return "over 99\N{NO-BREAK SPACE}%"
    return "under 1\N{NO-BREAK SPACE}%" if p > 0 and text.startswith("0") else text


def about(p: float) -> str:
    """A share of worlds to the nearest 5 %, as 256 worlds allow no more: "about 85 %", at the ends
    "under 5 %" and "over 95 %"."""
    near = 5 * round(20 * p)
    word = "about" if 0 < near < 100 else "over" if near else "under"
    return f"{word} {min(95, max(5, near))}\N{NO-BREAK SPACE}%"


def even(p: float) -> bool:
    """Whether `about` prints a share as 50 %."""
    return round(20 * p) == 10
