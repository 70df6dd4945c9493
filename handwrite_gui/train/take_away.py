"""Taking a plot along: as a picture, as a drawing, as numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QRect, QSize
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog, QGraphicsItem, QGraphicsView, QMenu, QWidget

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.whole_file import replace_bytes
from handwrite_gui.settings import settings
from handwrite_gui.theme import theme

Table = Sequence[Sequence[object]]
"""Rows of values, the names of the columns first."""
Format = Literal["png", "svg", "csv"]

FOLDER_KEY = "train/take_away_folder"
_SCALE = 2  # pixels of a PNG to a pixel of the screen: enough for print
_TITLES: dict[Format, str] = {"png": "Picture (PNG)", "svg": "Drawing (SVG)", "csv": "Data (CSV)"}


@dataclass(frozen=True, eq=False)
class Exhibit:
    """Something that can be taken along.

    Attributes:
        title: what it is called in a menu.
        name: of the file, without folder and ending.
        widget: what the picture is of, as it is shown now.
        table: gives the numbers behind it; None where there are none.
    """

    title: str
    name: str
    widget: QWidget
    table: Callable[[], Table] | None = None


def as_image(widget: QWidget) -> QImage:
    """What a widget shows, twice as fine as on the screen."""
    image = QImage(widget.size() * _SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_SCALE)
    image.fill(theme().tokens.plot_background)
    painter = QPainter(image)
    with _nothing_cached(widget):
        widget.render(painter, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
    painter.end()
    return image


def as_png(widget: QWidget) -> bytes:
    """What a widget shows, as a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(as_image(widget))
    return bytes(buffer.data().data())


def as_svg(widget: QWidget, title: str) -> bytes:
    """What a widget shows, as an SVG file: lines stay lines and texts texts."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(widget.size()))
    generator.setViewBox(QRect(QPoint(), widget.size()))
    generator.setTitle(title)
    painter = QPainter(generator)
    painter.fillRect(widget.rect(), theme().tokens.plot_background)
    with _nothing_cached(widget):
        widget.render(painter, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
    painter.end()
    return bytes(buffer.data().data())


@contextmanager
def _nothing_cached(widget: QWidget) -> Iterator[None]:
    """Have plots drawn, not copied from pixels that were painted before."""
    none = QGraphicsItem.CacheMode.NoCache
    views = (widget, *widget.findChildren(QGraphicsView))
    scenes = [view.scene() for view in views if isinstance(view, QGraphicsView)]
    cached = [
        (item, item.cacheMode())
        for scene in scenes
        if scene is not None
        for item in scene.items()
        if item.cacheMode() != none
    ]
    for item, _ in cached:
        item.setCacheMode(none)
    try:
        yield
    finally:
        for item, mode in cached:
            item.setCacheMode(mode)


def as_csv(table: Table) -> str:
    """Rows as comma-separated values (RFC 4180)."""
    text = io.StringIO()
    csv.writer(text).writerows(table)
    return text.getvalue()


def save_exhibit(exhibit: Exhibit, path: Path, kind: Format) -> None:
    """Write a plot, or its numbers, to a file, which is replaced as a whole.

    Raises:
        HandwriteError: the file cannot be written.
    """
    match kind:
        case "png":
            data = as_png(exhibit.widget)
        case "svg":
            data = as_svg(exhibit.widget, exhibit.title)
        case "csv":
            assert exhibit.table is not None
            data = as_csv(exhibit.table()).encode()
    replace_bytes(path, data)


def fill_menu(
    menu: QMenu,
    exhibits: Sequence[Exhibit],
    done: Callable[[str], None],
    failed: Callable[[HandwriteError], None],
) -> None:
    """Offer every exhibit in every form.

    Args:
        done: told what was done, a line for the status bar.
        failed: told what went wrong.
    """
    for exhibit in exhibits:
        part = menu.addMenu(exhibit.title) if len(exhibits) > 1 else menu
        kinds: tuple[Format, ...] = ("png", "svg") if exhibit.table is None else tuple(_TITLES)
        for kind in kinds:
            action = part.addAction(f"{_TITLES[kind]}…")
            action.triggered.connect(
                lambda _=False, e=exhibit, k=kind: _ask_and_save(menu, e, k, done, failed)
            )
        copy = part.addAction("Copy Picture")
        copy.triggered.connect(lambda _=False, e=exhibit: _copy(e, done))


def ask_for_path(parent: QWidget, title: str, name: str, ending: str) -> Path | None:
    """Let the person choose a file to write; None if they would rather not."""
    dialog = QFileDialog(parent.window(), title, settings().read(FOLDER_KEY, ""))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(f"{ending.upper()} (*.{ending})")
    dialog.setDefaultSuffix(ending)
    dialog.selectFile(f"{name}.{ending}")
    if not dialog.exec():
        return None
    path = Path(dialog.selectedFiles()[0])
    settings().setValue(FOLDER_KEY, str(path.parent))
    return path


def _ask_and_save(
    parent: QWidget,
    exhibit: Exhibit,
    kind: Format,
    done: Callable[[str], None],
    failed: Callable[[HandwriteError], None],
) -> None:
    path = ask_for_path(parent, f"Save {exhibit.title.lower()}", exhibit.name, kind)
    if path is None:
        return
    try:
        save_exhibit(exhibit, path, kind)
    except HandwriteError as error:
        failed(error)
    else:
        done(f"Saved {path.name}")


def _copy(exhibit: Exhibit, done: Callable[[str], None]) -> None:
    QGuiApplication.clipboard().setImage(as_image(exhibit.widget))
    done(f"Copied {exhibit.title.lower()}")
