"""Fetching public data sets from their official addresses, once, into the user's data folder.

Sizes and checksums are those of the official files.  Whatever address a file comes from, it is
used only if it matches them, so mirrors and plain HTTP are as good as the original.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from platformdirs import user_data_path

from handwrite_gui.engine.data.dataset import OnProgress, ShouldStop
from handwrite_gui.engine.data.download import FetchError, RemoteFile, download, missing_bytes
from handwrite_gui.engine.errors import Cancelled

__all__ = ["DATASETS", "FetchError", "RemoteDataset", "RemoteFile", "default_folder", "fetch"]

_BLOCK = 1 << 18
_MEGABYTE = 1e6
_DOWNLOAD_SHARE = 0.95  # of the progress, where unpacking follows


@dataclass(frozen=True, slots=True)
class RemoteDataset:
    """A published data set and what of it is kept.

    Attributes:
        description: what it is, in a few words for a list.
        folder: name of the folder to keep it in.
        files: what to download.
        members: what to unpack from the files that are zip archives, by name without folders.
        main: the file for ``read_dataset``: the training images, with their labels beside.
        test: the same of the test images; "" where there are none.
    """

    description: str
    folder: str
    files: tuple[RemoteFile, ...]
    members: tuple[str, ...]
    main: str
    test: str = ""

    @property
    def download_size(self) -> int:
        """In bytes."""
        return sum(file.size for file in self.files)


def _mnist_file(name: str, size: int, sha256: str) -> RemoteFile:
    # The official server has refused downloads since 2024; the mirrors are those of the Common
    # Visual Data Foundation and of PyTorch.
    hosts = (
        "http://yann.lecun.com/exdb/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
    )
    return RemoteFile(tuple(host + name for host in hosts), name, size, sha256)


_MNIST = RemoteDataset(
    description="MNIST: 60,000 digits",
    folder="mnist",
    files=(
        _mnist_file(
            "train-images-idx3-ubyte.gz",
            9_912_422,
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        ),
        _mnist_file(
            "train-labels-idx1-ubyte.gz",
            28_881,
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        ),
        _mnist_file(
            "t10k-images-idx3-ubyte.gz",
            1_648_877,
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        ),
        _mnist_file(
            "t10k-labels-idx1-ubyte.gz",
            4_542,
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        ),
    ),
    members=(),
    main="train-images-idx3-ubyte.gz",
    test="t10k-images-idx3-ubyte.gz",
)

_EMNIST_ARCHIVE = RemoteFile(
    urls=(
        "https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip",
        "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/gzip.zip",
        "https://rds.westernsydney.edu.au/Institutes/MARCS/BENS/EMNIST/emnist-gzip.zip",
    ),
    name="gzip.zip",
    size=561_753_746,
    sha256="fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e",
)


def _emnist(split: str, description: str) -> RemoteDataset:
    arrays = tuple(
        f"emnist-{split}-{part}-{kind}-ubyte.gz"
        for part in ("train", "test")
        for kind in ("images-idx3", "labels-idx1")
    )
    return RemoteDataset(
        description=f"EMNIST {split}: {description}",
        folder="emnist",
        files=(_EMNIST_ARCHIVE,),
        members=(*arrays, f"emnist-{split}-mapping.txt"),
        main=arrays[0],
        test=arrays[2],
    )


DATASETS: Mapping[str, RemoteDataset] = {
    "mnist": _MNIST,
    "emnist-balanced": _emnist("balanced", "112,800 digits and letters, 47 classes"),
    "emnist-byclass": _emnist("byclass", "697,932 digits and letters, 62 classes"),
    "emnist-bymerge": _emnist("bymerge", "697,932 digits and letters, 47 classes"),
    "emnist-letters": _emnist("letters", "124,800 letters, either case as one"),
    "emnist-digits": _emnist("digits", "240,000 digits"),
    "emnist-mnist": _emnist("mnist", "60,000 digits"),
}
"""Name to data set.  All of EMNIST comes in one archive, which is kept for the other splits."""


def default_folder() -> Path:
    """Where data sets are kept: ``datasets`` in the program's folder for the user's data."""
    return user_data_path("Handwrite", appauthor=False) / "datasets"


def file_of_test(
    name: str,
    folder: str | os.PathLike[str] | None = None,
    *,
    datasets: Mapping[str, RemoteDataset] = DATASETS,
) -> Path:
    """The file for ``read_dataset`` with the test images of a data set that was fetched.

    Args:
        name, folder, datasets: as for :func:`fetch`.
    """
    dataset = datasets[name]
    home = (default_folder() if folder is None else Path(folder)) / dataset.folder
    return home / dataset.test


def fetch(
    name: str,
    folder: str | os.PathLike[str] | None = None,
    *,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
    datasets: Mapping[str, RemoteDataset] = DATASETS,
) -> Path:
    """Download a data set, unless it is there already.

    What arrived of a file is kept when the work ends early, and the next call goes on from there.

    Args:
        name: a name in ``datasets``.
        folder: where to keep data sets; by default :func:`default_folder`.
        on_progress: called with a fraction in 0 to 1 and a short text.
        should_stop: asked several times a second while data arrive.
        datasets: what can be fetched.

    Returns:
        The file to give to ``read_dataset``; the published test part lies beside it.

    Raises:
        FetchError: the name is unknown, no address gives the right file, or it cannot be stored.
        Cancelled: ``should_stop`` became true.
    """
    if name not in datasets:
        raise FetchError(
            f"There is no data set named “{name}” to fetch; choose one of {', '.join(datasets)}."
        )
    dataset = datasets[name]
    home = (default_folder() if folder is None else Path(folder)) / dataset.folder
    wanted = dataset.members or tuple(file.name for file in dataset.files)
    try:
        if not all((home / one).is_file() for one in wanted):
            home.mkdir(parents=True, exist_ok=True)
            _fetch_files(dataset, home, on_progress, should_stop)
    except OSError as error:
        raise FetchError(
            f"“{name}” cannot be stored in {home}: {error.strerror or error}. Free space there or "
            f"choose another folder; what has arrived is kept."
        ) from error
    return home / dataset.main


def _fetch_files(
    dataset: RemoteDataset,
    home: Path,
    on_progress: OnProgress | None,
    should_stop: ShouldStop | None,
) -> None:
    _check_space(dataset, home)
    total = dataset.download_size
    share = _DOWNLOAD_SHARE if dataset.members else 1.0
    before = 0

    def report(done: int) -> None:
        if should_stop is not None and should_stop():
            raise Cancelled
        if on_progress is not None:
            arrived = before + done
            text = f"Downloaded {arrived / _MEGABYTE:.1f} of {total / _MEGABYTE:.1f} MB"
            on_progress(share * arrived / total, text)

    for file in dataset.files:
        if not (home / file.name).is_file():
            download(file, home, report)
        before += file.size
    if dataset.members:
        for file in dataset.files:
            _unpack(home / file.name, dataset.members, on_progress, should_stop)


def _check_space(dataset: RemoteDataset, home: Path) -> None:
    needed = sum(missing_bytes(file, home) for file in dataset.files)
    free = shutil.disk_usage(home).free
    if needed > free:
        raise FetchError(
            f"There is not enough space in {home}: {needed / _MEGABYTE:.0f} MB are needed, and "
            f"{free / _MEGABYTE:.0f} MB are free. Free some space, or choose another folder."
        )


def _unpack(
    archive_path: Path,
    names: tuple[str, ...],
    on_progress: OnProgress | None,
    should_stop: ShouldStop | None,
) -> None:
    """Write some members of a zip archive beside it, whatever folder they are in inside."""
    home = archive_path.parent
    try:
        with zipfile.ZipFile(archive_path) as archive:
            members = {PurePosixPath(info.filename).name: info for info in archive.infolist()}
            for number, name in enumerate(names):
                if should_stop is not None and should_stop():
                    raise Cancelled
                if on_progress is not None:
                    share = _DOWNLOAD_SHARE + (1 - _DOWNLOAD_SHARE) * number / len(names)
                    on_progress(share, f"Unpacking {name}")
                partial = home / f"{name}.part"
                with archive.open(members[name]) as source, partial.open("wb") as target:
                    shutil.copyfileobj(source, target, _BLOCK)
                partial.replace(home / name)
    except (zipfile.BadZipFile, KeyError) as error:
        raise FetchError(
            f"{archive_path.name} lacks a file or is damaged ({error}); delete it in {home} and "
            f"fetch it again."
        ) from error
