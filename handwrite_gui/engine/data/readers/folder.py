"""A folder with a folder of images for each character.

The name of a folder says which character is in the images in it and in its subfolders:

* the character itself: ``A``, ``a``, ``7``, ``&``;
* ``A_upper``, ``upper_A``, ``a_lower``, ``lower_a``, for disks that do not tell ``A`` from ``a``;
* ``Sample001`` to ``Sample062``, 0-9 A-Z a-z (Chars74K; de Campos, Babu & Varma 2009);
* the character's code in two hexadecimal digits, ``30``-``39``, ``41``-``5a``, ``61``-``7a`` (NIST
  Special Database 19);
* a name of what cannot be a folder name: ``period``, ``comma``, ``hyphen``, ``apostrophe``,
  ``slash``, ``ampersand``, ``question``, ``exclamation``.

Hidden folders and files, and files that are not images by their extension, are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits

import numpy as np
from PIL import Image

from handwrite_gui.engine.data.dataset import Dataset, OnProgress, ShouldStop, UInt8Array
from handwrite_gui.engine.data.readers.scans import ScannedCharacter, ink_of_scan, is_light
from handwrite_gui.engine.errors import Cancelled, DatasetError, ImageFileError
from handwrite_gui.engine.image_file import read_image

_EXTENSIONS = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff"}
_LONGEST_SIDE = 256
"""Pixels kept of larger images: eight times what the network is given."""
_NAMED = {
    "period": ".",
    "comma": ",",
    "hyphen": "-",
    "apostrophe": "'",
    "slash": "/",
    "ampersand": "&",
    "question": "?",
    "exclamation": "!",
}
_CHARS74K = digits + ascii_uppercase + ascii_lowercase
_HOW = "it takes a folder for each character, called by the character, with images of it inside."


def read_folder(
    path: Path,
    *,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> Dataset:
    """Read the images of all characters, dark on light or light on dark.

    Images that cannot be opened are left out, and their number is told by ``on_progress``.

    Raises:
        DatasetError: the folder is built otherwise, or no image can be opened.
        Cancelled: ``should_stop`` became true.
    """
    files = _labelled_files(path)
    scans: list[ScannedCharacter] = []
    labels: list[str] = []
    first_failure: ImageFileError | None = None
    for number, (file, label) in enumerate(files, start=1):
        if should_stop is not None and should_stop():
            raise Cancelled
        try:
            scans.append(ScannedCharacter.of(_read_grey(file)))
            labels.append(label)
        except ImageFileError as error:
            first_failure = first_failure or error
        if on_progress is not None:
            on_progress(number / len(files), f"Read {number} of {len(files)} images")
    skipped = len(files) - len(scans)
    if not scans:
        raise DatasetError(
            path, f"none of its {skipped} images can be opened; the first is {first_failure}"
        )
    if on_progress is not None and skipped:
        on_progress(1.0, f"Read {len(scans)} images; left out {skipped} that cannot be opened")
    usually_light = is_light(scans)
    images: list[UInt8Array] = []
    for scan in scans:
        if should_stop is not None and should_stop():
            raise Cancelled
        images.append(ink_of_scan(scan, usually_light))
    same_size = len({image.shape for image in images}) == 1
    return Dataset(
        images=np.stack(images) if same_size else images,
        labels=np.array(labels, dtype="<U1"),
        name=path.resolve().name,
    )


def character_of_folder(name: str) -> str | None:
    """The character a folder's name stands for, or None if it stands for none."""
    if len(name) == 1 and not name.isspace():
        return name
    if match := re.fullmatch(r"(.)_(upper|lower)|(upper|lower)_(.)", name, re.IGNORECASE):
        letter, case = match[1] or match[4], (match[2] or match[3]).lower()
        changed = letter.upper() if case == "upper" else letter.lower()
        return changed if len(changed) == 1 else None
    if match := re.fullmatch(r"Sample0?(\d{2})", name, re.IGNORECASE):
        number = int(match[1])
        return _CHARS74K[number - 1] if 1 <= number <= len(_CHARS74K) else None
    if re.fullmatch(r"[3-7][0-9a-fA-F]", name) and chr(int(name, 16)) in digits + ascii_letters:
        return chr(int(name, 16))
    return _NAMED.get(name.lower())


def _labelled_files(path: Path) -> list[tuple[Path, str]]:
    """Every image file with its character, in the order of the names."""
    try:
        folders = sorted(
            entry
            for entry in path.iterdir()
            if entry.is_dir() and not entry.name.startswith((".", "__"))
        )
    except OSError as error:
        raise DatasetError(path, f"cannot be opened: {error.strerror}.") from error
    if not folders:
        raise DatasetError(
            path, f"has no folders inside; {_HOW} Data that is a single file is chosen as a file."
        )
    labels = {folder: character_of_folder(folder.name) for folder in folders}
    _refuse_unknown(path, labels)
    files = [
        (file, label)
        for folder, label in labels.items()
        if label is not None
        for file in sorted(folder.rglob("*"))
        if file.suffix.lower() in _EXTENSIONS
        and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    ]
    if not files:
        extensions = " ".join(sorted(_EXTENSIONS))
        raise DatasetError(
            path, f"has no images in its folders; it takes files that end in {extensions}."
        )
    return files


def _refuse_unknown(path: Path, labels: Mapping[Path, str | None]) -> None:
    unknown = [folder for folder, label in labels.items() if label is None]
    for folder in unknown:
        inner = [entry.name for entry in folder.iterdir() if entry.is_dir()]
        if any(character_of_folder(name) is not None for name in inner):
            raise DatasetError(
                path,
                f"the folders of the characters are one level deeper; choose the folder "
                f"“{folder.name}” inside it.",
            )
    if unknown:
        raise DatasetError(
            path,
            f"the name of its folder “{unknown[0].name}” is no character; {_HOW} Rename it, or "
            f"move it elsewhere.",
        )


def _read_grey(path: Path) -> UInt8Array:
    """A picture in grey, uint8 (H, W), reduced to what is of use."""
    pixels = read_image(path, min_side=1)
    image = Image.fromarray(pixels).convert("L")
    # The box filter of thumbnail's reduction keeps thin strokes, unlike plain subsampling.
    image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE), Image.Resampling.BOX)
    return np.asarray(image)
