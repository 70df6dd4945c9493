"""Adapts the shipped model to the hand of a profile, and keeps that only where it reads better.

It learns from all samples of the profile: taught, corrected, or from a sample sheet.  Each is held
out once and read by what was learned from the others; that, and other people's writing made up by
the program, tells whether it is kept.  Without a name, the profiles are listed.

    python -m handwrite_gui adapt
    python -m handwrite_gui adapt Ada
    python -m handwrite_gui adapt Ada --off        (and “--on”)

It prints the file of the model that reads this hand, which --model of the other commands takes.
"""

from __future__ import annotations

import argparse
import sys

from handwrite_gui.cli.messages import ProgressLine, UsageError
from handwrite_gui.cli.runs import print_table
from handwrite_gui.engine.handwriting.profiles import Profile, ProfileStore

_NOTHING = "–"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("profile", nargs="?", metavar="PROFILE", help="its name or id")
    switch = parser.add_mutually_exclusive_group()
    switch.add_argument(
        "--off", action="store_true", help="let the window read with the model as it came"
    )
    switch.add_argument("--on", action="store_true", help="let it read with what was learned")


def run(options: argparse.Namespace) -> int:
    store = ProfileStore()
    if options.profile is None:
        if options.off or options.on:
            raise UsageError("--off and --on need a profile")
        _print_list(store.profiles())
        return 0
    profile = store.find(options.profile)
    if options.off or options.on:
        profile.switch(options.on)
        return 0
    return _adapt(profile)


def _print_list(profiles: list[Profile]) -> None:
    rows = [("name", "samples", "before", "after", "model")]
    for profile in profiles:
        active = profile.active
        before, after, path = _NOTHING, _NOTHING, "as it came"
        if active is not None:
            if active.own_before is not None and active.own_after is not None:
                before, after = f"{active.own_before:.4f}", f"{active.own_after:.4f}"
            path = str(profile.folder / active.file_name)
            path += "" if profile.enabled else " (off)"
        rows.append((profile.name, str(len(profile.samples)), before, after, path))
    print_table(rows)


def _adapt(profile: Profile) -> int:
    # Imported here: the list needs no network.
    from threadpoolctl import threadpool_limits

    from handwrite_gui.engine.handwriting.learning import keep_if_better, learn_hand
    from handwrite_gui.engine.handwriting.outcome import outcome
    from handwrite_gui.engine.model_file import load_model
    from handwrite_gui.engine.resources import default_model_path

    base = load_model(default_model_path())
    with ProgressLine(profile.name) as progress, threadpool_limits(1, "blas"):
        learned = learn_hand(base, profile.samples.all(), name=profile.name, on_progress=progress)
    kept = keep_if_better(profile, base, learned)
    print(outcome(learned), file=sys.stderr)
    if kept is not None:
        print(profile.folder / kept.file_name)
    return 0
