"""Runs the cells of a notebook one after the other, without Jupyter, and keeps what they print and
draw."""

import base64
import contextlib
import io
import json
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt

from tests.kit.processes import CHECKOUT

FOLDER = Path(CHECKOUT) / "docs" / "notebooks"


def read(name: str) -> dict[str, Any]:
    return dict(json.loads((FOLDER / name).read_text()))


def run(notebook: dict[str, Any]) -> dict[str, Any]:
    """Run a notebook, put the outputs into its cells, and give the names that it leaves."""
    mpl.use("Agg")
    names: dict[str, Any] = {"__name__": "__main__"}
    for place, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "code":
            _run(cell, place, names)
    return names


def _run(cell: dict[str, Any], place: int, names: dict[str, Any]) -> None:
    said, drawn = io.StringIO(), list[dict[str, Any]]()
    source = "".join(cell["source"])
    with contextlib.redirect_stdout(said), _drawing(drawn):
        exec(compile(source, f"cell {place}", "exec"), names)  # noqa: S102 # our own notebook
    printed = said.getvalue().splitlines(keepends=True)
    words = [{"output_type": "stream", "name": "stdout", "text": printed}] if printed else []
    cell["outputs"] = [*words, *drawn]


@contextlib.contextmanager
def _drawing(drawn: list[dict[str, Any]]) -> Any:
    """Keep the figures that are shown."""

    def show() -> None:
        for number in plt.get_fignums():
            picture = io.BytesIO()
            plt.figure(number).savefig(picture, format="png", dpi=72)
            png = base64.b64encode(picture.getvalue()).decode()
            drawn.append(
                {"output_type": "display_data", "data": {"image/png": png}, "metadata": {}}
            )
        plt.close("all")

    before = plt.show
    plt.show = show  # type: ignore[assignment]
    try:
        yield
    finally:
        plt.show = before
