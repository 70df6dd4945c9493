"""A Dask cluster on this machine, of which workers can be killed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path


class Cluster:
    """A scheduler and two workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        start = "from distributed.cli.dask_scheduler import main; main()"
        arguments = ["--port", "0", "--no-dashboard", "--host", "127.0.0.1"]
        self._scheduler = self._run("scheduler", start, arguments)
        self.address = self._found("scheduler", r"Scheduler at:\s+(tcp://\S+)")
        start = "from distributed.cli.dask_worker import main; main()"
        arguments = [self.address, "--no-nanny", "--nthreads", "1", "--no-dashboard"]
        self.workers = [
            self._run(name, start, [*arguments, "--local-directory", str(folder / name)])
            for name in ("one", "two")
        ]
        for name in ("one", "two"):
            self._found(name, r"(Registered to)")

    def _run(self, name: str, code: str, arguments: list[str]) -> subprocess.Popen[bytes]:
        log = (self._folder / f"{name}.log").open("wb")
        with log:
            return subprocess.Popen(
                [sys.executable, "-c", code, *arguments], stdout=log, stderr=log, env=os.environ
            )

    def _found(self, name: str, pattern: str) -> str:
        """What a process says, as soon as it does."""
        path = self._folder / f"{name}.log"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            found = re.search(pattern, path.read_text(errors="replace"))
            if found is not None:
                return found[1]
            time.sleep(0.1)
        raise AssertionError(path.read_text(errors="replace"))

    def close(self) -> None:
        for process in (*self.workers, self._scheduler):
            process.kill()
            process.wait()
