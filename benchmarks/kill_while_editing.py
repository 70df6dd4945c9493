"""Kill the program at random moments while it edits, saves and adapts, and look at what is left.

    python benchmarks/kill_while_editing.py --times 100

Each time a process opens the same page as the window does, recovers what the one before left,
edits, saves and writes recovery copies as fast as it can, and is ended with SIGKILL.  Afterwards
the page's file must hold what was saved last, or what was being saved; and every recovery copy must
hold a state that the page was in.  No file may be damaged.

Beside it a thread of the same process works on a profile: it keeps samples, relabels and removes
them, keeps adapted models, renames.  Of the profile, too, what was last done must be left, or what
was being done.  (What adapting computes is not kept before it is done, and so is not done here.)
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from threading import Thread

from killed_hand import (
    begin_log,
    is_one_of_the_last,
    left_over,
    make_profile,
    states_in_log,
    work_until_killed,
)

from handwrite_gui.engine.page.result import Character, Line, PageResult, Word, box_quad
from handwrite_gui.engine.page_document.document_file import (
    PageDocument,
    PictureFile,
    load_document,
    save_document,
)
from handwrite_gui.engine.page_document.edits import (
    Draw,
    Edit,
    Erase,
    MoveLine,
    Part,
    Relabel,
    Split,
)
from handwrite_gui.engine.page_document.places import divided
from handwrite_gui.engine.page_document.writing import Gap, Writing, unread
from handwrite_gui.engine.prediction import Prediction

WIDTH, HEIGHT = 1600, 1200
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child is not None:
        edit_until_killed(arguments.child, arguments.seed)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        return kill_again_and_again(Path(folder), arguments.times, arguments.seed)


def kill_again_and_again(folder: Path, times: int, seed: int) -> int:
    """Print what was found; returns the exit status."""
    chance = random.Random(seed)
    make_page(folder)
    make_profile(folder)
    counts = {"saved": 0, "being saved": 0, "with a recovery copy": 0, "states": 0, "of a hand": 0}
    most_left_over = 0
    for number in range(times):
        log = folder / "log.txt"
        first = digest(load_document(folder / "page.handwrite").writing)
        log.write_text(f"saved {first}\n")
        begin_log(folder)
        copies_before = {path: digest(load_document(path).writing) for path in copies(folder)}
        start_and_kill(folder, seed * 1000 + number, chance)
        states, saved, begun = read_log(log)
        states |= set(copies_before.values())
        held = digest(load_document(folder / "page.handwrite").writing)
        if held not in (saved, begun):
            print(f"{number}: the file holds neither what was saved nor what was being saved")
            return 1
        counts["saved" if held == saved else "being saved"] += 1
        left = copies(folder)
        for path in left:
            if digest(load_document(path).writing) not in states:
                print(f"{number}: a recovery copy holds what the page never was")
                return 1
        if not is_one_of_the_last(folder):
            print(f"{number}: the profile holds neither what was done nor what was being done")
            return 1
        most_left_over = max(most_left_over, left_over(folder))
        counts["of a hand"] += len(states_in_log(folder)) - 1
        counts["with a recovery copy"] += bool(left)
        counts["states"] += len(states)
    print(f"killed {times} times")
    for what, count in counts.items():
        print(f"{what:>22} {count}")
    print(f"{'files left over':>22} {most_left_over} at most")
    return 0


def start_and_kill(folder: Path, seed: int, chance: random.Random) -> None:
    command = [sys.executable, __file__, "--child", str(folder), "--seed", str(seed)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        process.stdout.readline()  # it has begun to edit
        time.sleep(chance.uniform(0.0, 2.0))
        process.send_signal(signal.SIGKILL)


def copies(folder: Path) -> list[Path]:
    return sorted(folder.glob("settings/**/recovery/*/*.handwrite"))


def read_log(path: Path) -> tuple[set[str], str, str]:
    """All states the page was in, the one that was saved last, and the one begun to be."""
    states, saved, begun = set(), "", ""
    for line in path.read_text().splitlines():
        what, _, state = line.partition(" ")
        states.add(state)
        if what == "saved":
            saved = begun = state
        elif what == "begun":
            begun = state
    return states, saved, begun


def digest(writing: Writing) -> str:
    return hashlib.sha256(repr(writing).encode()).hexdigest()


def make_page(folder: Path) -> None:
    """A page with eight lines of twenty characters, and a picture of its size."""
    from io import BytesIO

    import numpy as np
    from PIL import Image

    noise = np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH), np.uint8)
    picture = BytesIO()
    Image.fromarray(noise).save(picture, "png")
    lines = tuple(
        Line(
            tuple(
                Word(
                    tuple(
                        Character(
                            LETTERS[(row + column) % 26],
                            0.9,
                            (Prediction(LETTERS[(row + column) % 26], 0.9), Prediction("#", 0.1)),
                            box_quad(38 * column, 29 * row, 38 * column + 30, 29 * row + 25),
                        )
                        for column in range(5 * word, 5 * word + 5)
                    )
                )
                for word in range(4)
            )
        )
        for row in range(8)
    )
    writing = Writing.of(PageResult(WIDTH, HEIGHT, lines))
    document = PageDocument("page", PictureFile("page.png", picture.getvalue()), writing)
    save_document(folder / "page.handwrite", document)


def edit_until_killed(folder: Path, seed: int) -> None:
    """Open the page as the window does, and edit, save and copy it without end."""
    from PySide6.QtCore import QSettings, QTimer
    from PySide6.QtWidgets import QApplication

    from handwrite_gui.model_store import ModelStore
    from handwrite_gui.page.recovery import found_copies
    from handwrite_gui.page.view import PageView

    application = QApplication([])
    QSettings.setPath(
        QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder / "settings")
    )
    chance = random.Random(seed)
    view = PageView(ModelStore())
    view.show()
    log = (folder / "log.txt").open("a", buffering=1)
    hand = Thread(target=work_until_killed, args=(folder, seed), daemon=True)
    left = found_copies()
    if left:
        view.recover(left[-1])
    else:
        view.open_path(folder / "page.handwrite")

    def note(what: str, writing: Writing) -> None:
        log.write(f"{what} {digest(writing)}\n")

    begun: list[bool] = []

    def step() -> None:
        page = view.session.page
        if page is None:
            return
        if not begun:
            begun.append(True)
            hand.start()
            print("ready", flush=True)
        document = page.document
        choice = chance.random()
        if choice < 0.05:
            if not view.files.is_busy:
                note("begun", document.writing)
                view.files._write(document, folder / "page.handwrite")
        elif choice < 0.15:
            view.recovery.write()
        elif choice < 0.3:
            (view.editor.undo if chance.random() < 0.5 else view.editor.redo)()
        else:
            edit = any_edit(document.writing, chance)
            note("state", edit.applied(document.writing))
            document.do(edit)

    view.files.saved.connect(
        lambda document: note("saved", document.saved_writing or document.writing)
    )
    timer = QTimer(interval=5)
    timer.timeout.connect(step)
    timer.start()
    application.exec()


def any_edit(writing: Writing, chance: random.Random) -> Edit:
    count = len(writing.characters)
    if count < 40:
        x, y = chance.randrange(WIDTH - 30), chance.randrange(HEIGHT - 30)
        return Draw(unread(box_quad(x, y, x + 20, y + 25)), "X")
    index = chance.randrange(count)
    quad = writing.characters[index].quad
    return chance.choice(
        [
            Relabel(index, chance.choice(LETTERS)),
            Erase(index, index),
            MoveLine(index, chance.choice([-1, 1])),
            Part(index, chance.choice(list(Gap))),
            Split(index, tuple(unread(half) for half in divided(quad, 2))),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
