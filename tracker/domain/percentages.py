"""How probabilities are written in percent, in words of models and on all pages."""


def percent(p: float) -> str:
    """A probability in percent: "65 %". Only 0 and 1 become "0 %" and "100 %"."""
    text = f"{100 * p:.0f}\N{NO-BREAK SPACE}%"
    if p < 1 and text.startswith("100"):
        return "over 99\N{NO-BREAK SPACE}%"
    return "under 1\N{NO-BREAK SPACE}%" if p > 0 and text.startswith("0") else text
