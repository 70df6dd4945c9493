"""The formats by name, and one function that writes them all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import Any

from handwrite_gui.engine.export.read_page import ReadPage


@dataclass(frozen=True, slots=True)
class Format:
    """A format that pages are written in.

    Attributes:
        name: on the command line.
        title: for a person.
        suffix: of its files, with the dot.
        home: module and function below this package, loaded when it is first used.
        shows_picture: whether pages need their pictures.
        holds_pages: whether one file holds several pages.
    """

    name: str
    title: str
    suffix: str
    home: tuple[str, str]
    shows_picture: bool = False
    holds_pages: bool = True

    @property
    def function(self) -> Callable[..., Any]:
        module, name = self.home
        function: Callable[..., Any] = getattr(import_module(f"{__package__}.{module}"), name)
        return function


_ALL = (
    Format("text", "Plain text", ".txt", ("plain_text", "plain_text")),
    Format("json", "JSON with places and alternatives", ".json", ("json_document", "json_lines")),
    Format("csv", "CSV table of the characters", ".csv", ("csv_table", "csv_table")),
    Format("md", "Markdown", ".md", ("markdown", "markdown")),
    Format("hocr", "hOCR", ".hocr", ("hocr", "hocr")),
    Format("alto", "ALTO XML", ".alto.xml", ("alto", "alto")),
    Format("pagexml", "PAGE XML", ".page.xml", ("page_xml", "page_xml"), holds_pages=False),
    Format("pdf", "Searchable PDF", ".pdf", ("pdf", "searchable_pdf"), shows_picture=True),
    Format(
        "svg", "Annotated picture, SVG", ".svg", ("annotation", "annotated_svg"),
        shows_picture=True, holds_pages=False,
    ),
    Format(
        "png", "Annotated picture, PNG", ".annotated.png", ("annotation", "annotated_png"),
        shows_picture=True, holds_pages=False,
    ),
    Format(
        "npz", "Training set of the characters", ".npz", ("training_set", "training_npz"),
        shows_picture=True,
    ),
    Format(
        "folder", "Training set, a folder for each character", "",
        ("training_set", "training_folder"), shows_picture=True,
    ),
)  # fmt: skip

FORMATS = MappingProxyType({one.name: one for one in _ALL})
"""Every format by its name."""

FOLDER_SUFFIX = ".characters"


def documents(pages: Sequence[ReadPage], format_name: str, stem: str) -> list[tuple[str, bytes]]:
    """The pages of one picture file in a format, as files with their names.

    Args:
        pages: in their order, at least one.
        format_name: one of :data:`FORMATS`.
        stem: what the files are called, without a suffix.  Where a format holds one page a file
            and there are several, a hyphen and the page's number follow it.

    Raises:
        KeyError: there is no such format.
        ValueError: the format shows the picture and a page has none.
    """
    chosen = FORMATS[format_name]
    if format_name == "folder":
        files: list[tuple[str, bytes]] = chosen.function(pages)
        return [(f"{stem}{FOLDER_SUFFIX}/{name}", data) for name, data in files]
    if chosen.holds_pages:
        return [(f"{stem}{chosen.suffix}", chosen.function(pages))]
    names = [f"{stem}-{page.page_number}" for page in pages] if len(pages) > 1 else [stem]
    return [
        (f"{name}{chosen.suffix}", chosen.function(page))
        for name, page in zip(names, pages, strict=True)
    ]


def export(page: ReadPage, format_name: str) -> bytes:
    """One page in a format that is one file.

    Raises:
        KeyError: there is no such format.
        ValueError: it is a folder, or shows the picture, which the page has not.
    """
    if format_name == "folder":
        raise ValueError("a folder of files has no bytes; use documents")
    ((_, data),) = documents([page], format_name, "page")
    return data
