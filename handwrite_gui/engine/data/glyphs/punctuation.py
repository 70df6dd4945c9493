"""The forms of the punctuation marks."""

from __future__ import annotations

from types import MappingProxyType

from handwrite_gui.engine.data.glyphs.form import Form, Glyphs

PUNCTUATION: Glyphs = MappingProxyType(
    {
        ".": (
            Form("dot", "0,98 -- 1,99", 5),
            Form("ring", "2,95{left} .. -2,98 .. 2,101 .. 5,98 .. 1,95", 1),
            Form("tick", "0,96 -- 5,100", 1),
        ),
        ",": (
            Form("stroke", "6,92 -- -3,116", 3),
            Form("curved", "2,93 .. 6,104 .. -5,119", 3),
        ),
        "-": (
            Form("plain", "0,62 -- 34,61", 4),
            Form("long", "0,60 -- 46,59", 1),
        ),
        "'": (
            Form("stroke", "2,-4 -- -1,20", 3),
            Form("curved", "1,-4 .. 5,8 .. -5,22", 2),
        ),
        "/": (
            Form("plain", "42,-6 -- 0,106", 4),
            Form("steep", "28,-8 -- 0,112", 1),
        ),
        "&": (
            Form("loop", "70,100 -- 18,28 .. 30,0 .. 46,20 .. 10,60 .. 4,84 .. 26,100 .. 70,56", 4),
            Form(
                "epsilon",
                "50,16 .. 28,4 .. 6,26 .. 30,48{curl} .. 0,74 .. 26,98 .. 54,82; "
                "30,-8 -- 30,8; 29,95 -- 29,110",
                2,
            ),
            Form("plus", "30,4 --- 30,80 .. 18,95 .. 4,72 .. 22,48 .. 62,46", 0.3),
        ),
        "?": (
            Form("plain", "0,20 .. 26,0 .. 52,24 .. 30,48 .. 26,68; 26,97 -- 27,99", 4),
            Form("angular", "0,14 .. 28,0 .. 50,22 .. 18,50{curl} -- 20,68; 20,97 -- 21,99", 1),
        ),
        "!": (
            Form("plain", "0,0 -- 0,66; 0,97 -- 1,99", 4),
            Form("slanted", "8,-2 -- 1,66; -2,96 -- -1,98", 1),
        ),
    }
)
