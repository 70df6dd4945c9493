"""Downloading one file of known size and checksum, in as many connections as it takes."""

from __future__ import annotations

import hashlib
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from handwrite_gui import __version__
from handwrite_gui.engine.errors import HandwriteError

Report = Callable[[int], None]
"""Called often with the bytes of the file that are there; may raise to end the work."""

_BLOCK = 1 << 18
_TIMEOUT = 15.0  # seconds without a byte until a connection counts as broken
_TRIES = 4  # connections in a row without a new byte, at an address that did give some
_PAUSE = 2.0  # seconds
_PASSING_ERRORS = {408, 429, 500, 502, 503, 504}


class FetchError(HandwriteError):
    """A data set cannot be fetched; the message says why and what to do."""


class _AddressError(Exception):
    """An address does not give the file; the message is a clause to go into a sentence."""


class _ConnectionLostError(Exception):
    """A connection broke or came to nothing; another may do better."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file on the internet.

    Attributes:
        urls: where to get it, the official address first, then mirrors.
        name: what to call it on disk.
        size: in bytes.
        sha256: of its content, in hexadecimal.
    """

    urls: tuple[str, ...]
    name: str
    size: int
    sha256: str


def download(file: RemoteFile, folder: Path, report: Report) -> None:
    """Bring a file into a folder, from the first address that gives it.

    Until all of it is there and its checksum is right, it is kept as ``NAME.part``; a later call
    goes on from there, where the server can send parts of a file.

    Raises:
        FetchError: no address gives the file.
        OSError: it cannot be written.
    """
    partial = folder / f"{file.name}.part"
    failures: list[str] = []
    for url in file.urls:
        try:
            _download_from(url, file, partial, report)
        except _AddressError as error:
            failures.append(f"{urllib.request.Request(url).host} {error}")
        else:
            partial.replace(folder / file.name)
            return
    raise FetchError(
        f"{file.name} cannot be fetched: {'; '.join(failures)}. Check the internet connection and "
        f"try again later; what has arrived is kept."
    )


def missing_bytes(file: RemoteFile, folder: Path) -> int:
    """How much of a file is still to be downloaded."""
    if (folder / file.name).is_file():
        return 0
    return max(file.size - _size(folder / f"{file.name}.part"), 0)


def _download_from(url: str, file: RemoteFile, partial: Path, report: Report) -> None:
    """Complete the partial file from one address, over several connections if they break.

    Raises:
        _AddressError: the address does not have the file, or cannot be reached.
    """
    most = _size(partial)
    tries_left = 1  # an address that never gave anything is not worth waiting for
    may_restart = most > 0
    while True:
        try:
            if _size(partial) < file.size:
                _transfer(url, file, partial, report)
        except _ConnectionLostError as error:
            if _size(partial) > most:
                most, tries_left = _size(partial), _TRIES
                continue
            tries_left -= 1
            if tries_left == 0:
                raise _AddressError(str(error)) from error
            _pause(partial, report)
            continue
        if _sha256(partial, report) == file.sha256:
            return
        partial.unlink()
        if not may_restart:
            raise _AddressError("gives a file whose checksum is not that of the official one")
        # Its beginning stems from an earlier call or another address: once more, all from here.
        most, may_restart = 0, False


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _pause(partial: Path, report: Report) -> None:
    """Wait before the next connection, without being deaf to a request to stop."""
    until = time.monotonic() + _PAUSE
    while time.monotonic() < until:
        report(_size(partial))
        time.sleep(0.05)


def _transfer(url: str, file: RemoteFile, partial: Path, report: Report) -> None:
    """One connection's worth of the file, appended to the partial file."""
    start = _size(partial)
    report(start)
    headers = {"User-Agent": f"Handwrite/{__version__}", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    with _answer(urllib.request.Request(url, headers=headers)) as response:
        start = _agreed_start(response, file, start)
        with partial.open("r+b" if start else "wb") as target:
            target.seek(start)
            _receive(response, target, start, file.size, report)


def _answer(request: urllib.request.Request) -> http.client.HTTPResponse:
    try:
        response: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=_TIMEOUT)
    except urllib.error.HTTPError as error:
        error.close()
        answer = f"answers {error.code} {error.reason}"
        if error.code in _PASSING_ERRORS:
            raise _ConnectionLostError(answer) from error
        raise _AddressError(answer) from error
    except (OSError, http.client.HTTPException) as error:
        raise _ConnectionLostError(f"cannot be reached ({_reason(error)})") from error
    return response


def _agreed_start(response: http.client.HTTPResponse, file: RemoteFile, start: int) -> int:
    """Where in the file the answer starts; refuses answers that are another file."""
    if response.status == 206:
        content_range = response.headers.get("Content-Range", "")
        if content_range != f"bytes {start}-{file.size - 1}/{file.size}":
            raise _AddressError(f"has another file (it offers {content_range})")
        return start
    length = response.headers.get("Content-Length")
    if length is not None and length != str(file.size):
        raise _AddressError(f"has another file (of {length} bytes, not {file.size})")
    # A server that knows no ranges sends the whole file.
    return 0


def _receive(
    response: http.client.HTTPResponse, target: BinaryIO, start: int, size: int, report: Report
) -> None:
    done = start
    while done < size:
        try:
            block = response.read1(min(_BLOCK, size - done))
        except (OSError, http.client.HTTPException) as error:
            raise _ConnectionLostError(f"breaks off ({_reason(error)})") from error
        if not block:
            raise _ConnectionLostError(f"breaks off after {done} of {size} bytes")
        target.write(block)
        done += len(block)
        report(done)


def _reason(error: object) -> str:
    if isinstance(error, urllib.error.URLError):
        return _reason(error.reason)
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__


def _sha256(path: Path, report: Report) -> str:
    digest = hashlib.sha256()
    size = _size(path)
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            report(size)
    return digest.hexdigest()
