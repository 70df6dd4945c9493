"""Samples in groups, by the outputs of a network that they are told apart from.

A collection of nothing but digits shows what tells digits apart, and its paper, pen and scanner;
what tells a digit from a letter it does not show.  Its samples are told apart from digits alone,
best of all by outputs of their own: a head, whose outputs follow those of all classes while the
network is trained.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.network.arrays import IntArray
from handwrite_gui.engine.training.training_data import TrainingData


def output_names(classes: Sequence[str], head: Sequence[str]) -> tuple[str, ...]:
    """Names of the outputs of a network with a head, while it is trained."""
    return (*classes, *(f"{name} of {''.join(head)}" for name in head))


def without_head(data: TrainingData, classes: int, head: int) -> TrainingData:
    """Samples that the outputs of a head have no part in.

    Args:
        data: with ``classes`` outputs.
        classes: how many there are.
        head: how many outputs the head has.
    """
    groups = np.ones((1, classes), np.bool_) if data.groups is None else data.groups
    group = np.zeros(len(data), np.uint8) if data.group is None else data.group
    return replace(data, groups=np.pad(groups, ((0, 0), (0, head))), group=group)


def for_head(data: TrainingData, classes: int, head: IntArray) -> TrainingData:
    """Those of some samples that are of a head's classes, to be told apart by its outputs alone.

    Args:
        data: with ``classes`` outputs.
        classes: how many there are.
        head: indices ``(A,)`` of the head's classes, ascending.
    """
    chosen = np.isin(data.targets, head)
    groups = np.zeros((1, classes + len(head)), np.bool_)
    groups[0, classes:] = True
    return TrainingData(
        data.inputs[chosen],
        classes + np.searchsorted(head, data.targets[chosen]),
        data.name,
        groups,
        np.zeros(int(chosen.sum()), np.uint8),
    )


def told_apart(parts: Sequence[TrainingData], classes: int) -> list[TrainingData]:
    """Samples of one look, in a group of the classes that they have between them."""
    groups = np.zeros((1, classes), np.bool_)
    for part in parts:
        groups[0, part.targets] = True
    return [replace(part, groups=groups, group=np.zeros(len(part), np.uint8)) for part in parts]


def joined(parts: Sequence[TrainingData], name: str) -> TrainingData:
    """All samples in one, in the groups they were in."""
    groups = group = None
    if any(part.groups is not None for part in parts):
        told = [part.groups for part in parts if part.groups is not None]
        classes = told[0].shape[1]
        groups = np.unique(np.concatenate([np.ones((1, classes), np.bool_), *told]), axis=0)
        group = np.concatenate([_places(part, groups) for part in parts])
    return TrainingData(
        np.concatenate([part.inputs for part in parts]),
        np.concatenate([part.targets for part in parts]),
        name,
        groups,
        group,
    )


def _places(part: TrainingData, groups: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """For every sample, where the classes it is told apart from stand among ``groups``."""
    own = np.ones((1, groups.shape[1]), np.bool_) if part.groups is None else part.groups
    place = (own[:, np.newaxis] == groups).all(axis=2).argmax(axis=1).astype(np.uint8)
    return np.repeat(place, len(part)) if part.group is None else place[part.group]
