"""Draws the formulas of the tour into resources/formulas, one SVG file each.

Needs ziamath, the extra “formulas”:

    python scripts/make_formulas.py           draws all anew
    python scripts/make_formulas.py --check   says which files differ from what it would draw
"""

from __future__ import annotations

import sys
from pathlib import Path

import ziamath

from handwrite_gui.train.tour.formulas import FORMULAS

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "formulas"
SIZE = 17
"""Pixels of an em: beside text of 13 the letters look as tall."""


def drawn(latex: str) -> str:
    """The SVG of a formula; ``currentColor`` stands for the colour of the text around it."""
    # SVG 1.2 Tiny, which is what Qt knows, has no symbols that are used several times.
    ziamath.config.svg2 = False
    ziamath.config.precision = 2
    svg: str = ziamath.Latex(latex, size=SIZE).svg()
    # Lines are black by name, glyphs by having no colour.
    svg = svg.replace('"black"', '"currentColor"')
    return svg.replace("<svg ", '<svg fill="currentColor" ', 1) + "\n"


def main(arguments: list[str]) -> int:
    expected = {FOLDER / f"{name}.svg": drawn(formula.latex) for name, formula in FORMULAS.items()}
    if arguments == ["--check"]:
        present = {path: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.svg")}
        others = [p for p in present.keys() | expected.keys() if present.get(p) != expected.get(p)]
        for path in sorted(others):
            print(f"{path.name} is not what this script draws")
        return int(bool(others))
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.svg"):
        path.unlink()
    for path, svg in expected.items():
        path.write_text(svg, encoding="utf-8")
    print(f"{len(expected)} formulas, {sum(map(len, expected.values())):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
