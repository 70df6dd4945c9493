"""The picture of a page with every character's place and label on it, as PNG or SVG."""

from __future__ import annotations

import base64
from xml.etree import ElementTree

from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from handwrite_gui.engine.export.geometry import bounds
from handwrite_gui.engine.export.picture_file import encoded, png
from handwrite_gui.engine.export.read_page import ReadPage
from handwrite_gui.engine.export.xml import child, number, points, serialized
from handwrite_gui.engine.page.result import Character

_SURE_FROM, _FAIRLY_SURE_FROM = 0.8, 0.5  # as the window marks characters
_SURE, _FAIRLY_SURE, _DOUBTFUL = "#1f6feb", "#b35900", "#c0182f"
_LABEL_HEIGHT = 0.5  # of the character's
_LEAST_LABEL = 9.0  # pixels


def annotated_png(page: ReadPage) -> bytes:
    """The picture with boxes and labels drawn into it; blue is sure, orange fairly, red not.

    Raises:
        ValueError: the page has no picture.
    """
    image = Image.fromarray(page.picture).convert("RGB")
    draw = ImageDraw.Draw(image)
    width = _line_width(page)
    for character in page.result.characters:
        colour = colour_of(character)
        draw.polygon([tuple(point) for point in character.quad], outline=colour, width=width)
        box = bounds(character.quad)
        font = ImageFont.load_default(_label_size(character))
        middle = (box.left + box.right) / 2
        draw.text(
            (middle, box.top - width),
            character.label,
            fill=colour,
            font=font,
            anchor="md",
            stroke_width=max(width, 1),
            stroke_fill="white",
        )
    return _with_engine(image, page)


def annotated_svg(page: ReadPage) -> bytes:
    """The picture, embedded, with boxes and labels over it that stay text.

    A character's title, which viewers show under the pointer, has its alternatives.

    Raises:
        ValueError: the page has no picture.
    """
    result = page.result
    data, media_type = encoded(page.picture)
    root = ElementTree.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": str(result.width),
            "height": str(result.height),
            "viewBox": f"0 0 {result.width} {result.height}",
        },
    )
    child(root, "title", page.name)
    child(root, "desc", page.engine)
    child(root, "style", _STYLE.format(width=_line_width(page)))
    child(
        root,
        "image",
        width=str(result.width),
        height=str(result.height),
        href=f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}",
    )
    for line in result.lines:
        group = child(root, "g", **{"class": "line"})
        child(group, "title", line.text)
        for word in line.words:
            for character in word.characters:
                one = child(group, "g", **{"class": "character"}, fill=colour_of(character))
                child(one, "title", _guesses(character))
                child(one, "polygon", points=points(character.quad), stroke=colour_of(character))
                box = bounds(character.quad)
                child(
                    one,
                    "text",
                    character.label,
                    x=number((box.left + box.right) / 2),
                    y=number(box.top - _line_width(page)),
                    **{"font-size": number(_label_size(character))},
                )
    return serialized(root)


_STYLE = (
    "polygon {{ fill: none; stroke-width: {width}; pointer-events: all }} "
    "text {{ font-family: sans-serif; text-anchor: middle; paint-order: stroke; "
    "stroke: white; stroke-width: {width}; stroke-linejoin: round }}"
)


def colour_of(character: Character) -> str:
    """The colour of a character's confidence, ``#rrggbb``."""
    if character.probability >= _SURE_FROM:
        return _SURE
    return _FAIRLY_SURE if character.probability >= _FAIRLY_SURE_FROM else _DOUBTFUL


def _guesses(character: Character) -> str:
    guesses = [f"{label} {probability:.0%}" for label, probability in character.alternatives]
    chosen = f"{character.label} {character.probability:.0%}"
    return chosen + (f" (shape alone: {', '.join(guesses)})" if guesses else "")


def _label_size(character: Character) -> float:
    return max(_LABEL_HEIGHT * bounds(character.quad).height, _LEAST_LABEL)


def _line_width(page: ReadPage) -> int:
    return max(1, round(max(page.result.width, page.result.height) / 1200))


def _with_engine(image: Image.Image, page: ReadPage) -> bytes:
    info = PngInfo()
    info.add_text("Software", page.engine)
    return png(image, page.dpi, info)
