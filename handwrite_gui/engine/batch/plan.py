"""Which files a batch reads, and what their outputs are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from handwrite_gui.engine.batch.task import BatchItem
from handwrite_gui.engine.documents.pages import expanded
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.export.formats import FORMATS

_OWN_PICTURES = FORMATS["png"].suffix


def plan(paths: Iterable[Path], output: Path, format_name: str) -> list[BatchItem]:
    """The files to read, those in folders among them, with different names for their outputs.

    A file's output is called like the file, below the folders in which it lies.  Files that
    differ in their suffix alone keep it.  What lies in the output folder, or was written as an
    annotated picture, is no input.

    Raises:
        HandwriteError: a folder cannot be read, two files would be written to one place, or an
            output would replace an input.
    """
    named = list(dict.fromkeys(_inputs(paths, output)))
    stems = _stems([name for _, name in named])
    items = [BatchItem(path, stem) for (path, _), stem in zip(named, stems, strict=True)]
    sources = {item.source.resolve() for item in items}
    for item in items:
        path = output / f"{item.stem}{FORMATS[format_name].suffix}"
        if path.resolve() in sources:
            raise HandwriteError(f"The output {path} would replace an input; name another folder.")
    return items


def _inputs(paths: Iterable[Path], output: Path) -> Iterator[tuple[Path, Path]]:
    folder = output.resolve()
    for path in paths:
        for file, name in expanded([path]):
            if path.is_dir() and (
                file.name.endswith(_OWN_PICTURES)
                or (folder != path.resolve() and file.resolve().is_relative_to(folder))
            ):
                continue
            yield file, name


def _stems(names: Sequence[Path]) -> list[str]:
    shorter = [name.with_suffix("") for name in names]
    # Where two would differ in nothing, on systems that do not tell capitals from small letters.
    count = Counter(str(name).casefold() for name in shorter)
    chosen = [
        name if count[str(short).casefold()] > 1 else short
        for name, short in zip(names, shorter, strict=True)
    ]
    seen: set[str] = set()
    for stem in chosen:
        if str(stem).casefold() in seen:
            raise HandwriteError(
                f"Two of the files are called {stem.name} and would be written to one place; read "
                "them one after the other into different folders."
            )
        seen.add(str(stem).casefold())
    return [stem.as_posix() for stem in chosen]
