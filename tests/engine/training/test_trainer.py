"""A run is a sequence of events; it learns, reports, and hands out models."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.network import SoftmaxCrossEntropy
from handwrite_gui.engine.training import (
    BatchDone,
    EpochDone,
    Event,
    Trainer,
    TrainingData,
    TrainingDone,
    TrainingSettings,
)
from tests.engine.training.conftest import CLASSES, clusters

FAST = TrainingSettings(hidden=(16,), batch_size=32, epochs=3, learning_rate=0.01)


Kind = TypeVar("Kind")


def of_kind(kind: type[Kind], events: list[Event]) -> list[Kind]:
    return [event for event in events if isinstance(event, kind)]


def test_events_of_a_whole_run(training: TrainingData, validation: TrainingData) -> None:
    trainer = Trainer(FAST, training, validation, CLASSES)
    events = list(trainer.run())
    batches, epochs = of_kind(BatchDone, events), of_kind(EpochDone, events)

    assert trainer.batches_per_epoch == 8
    assert trainer.total_steps == 24
    assert [b.step for b in batches] == list(range(1, 25))
    assert [b.epoch for b in batches] == [1] * 8 + [2] * 8 + [3] * 8
    assert [(e.epoch, e.step) for e in epochs] == [(1, 8), (2, 16), (3, 24)]
    assert events[-1] == TrainingDone("finished", 3, 24)
    assert len(events) == 24 + 3 + 1
    # Every epoch is reported right after its last batch.
    for epoch in epochs:
        before = events[events.index(epoch) - 1]
        assert isinstance(before, BatchDone)
        assert before.step == epoch.step
    times = [e.seconds for e in events if isinstance(e, BatchDone | EpochDone)]
    assert times == sorted(times)
    assert all(e.samples_per_second > 0 for e in epochs)


def test_epoch_figures_are_what_they_say(training: TrainingData, validation: TrainingData) -> None:
    settings = TrainingSettings(hidden=(16,), batch_size=32, epochs=2, label_smoothing=0.1)
    trainer = Trainer(settings, training, validation, CLASSES)
    batches: list[BatchDone] = []
    for event in trainer.run():
        if isinstance(event, BatchDone):
            batches.append(event)
        if isinstance(event, EpochDone):
            epoch = batches[-8:]
            sizes = [32] * 7 + [26]
            assert event.training_loss == pytest.approx(
                np.average([b.loss for b in epoch], weights=sizes)
            )
            assert event.training_accuracy == pytest.approx(
                np.average([b.accuracy for b in epoch], weights=sizes)
            )
            logits = trainer.model().network.predict_logits(validation.inputs)
            predictions = logits.argmax(axis=1)
            assert event.validation_predictions is not None
            assert event.confusion is not None
            np.testing.assert_array_equal(event.validation_predictions, predictions)
            loss = SoftmaxCrossEntropy(0.1).value(logits, validation.targets)
            assert event.validation_loss == pytest.approx(loss, rel=1e-5)
            right = predictions == validation.targets
            assert event.validation_accuracy == pytest.approx(right.mean())
            assert event.confusion.sum() == len(validation)
            for true, predicted in ((0, 0), (1, 2), (3, 1)):
                cell = (validation.targets == true) & (predictions == predicted)
                assert event.confusion[true, predicted] == cell.sum()


def test_the_history_holds_what_the_events_said(
    training: TrainingData, validation: TrainingData
) -> None:
    trainer = Trainer(FAST, training, validation, CLASSES)
    events = list(trainer.run())
    batches, epochs = of_kind(BatchDone, events), of_kind(EpochDone, events)
    assert trainer.history.batch_losses.tolist() == [b.loss for b in batches]
    assert trainer.history.batch_accuracies.tolist() == [b.accuracy for b in batches]
    assert [
        (r.epoch, r.training_loss, r.validation_loss, r.validation_accuracy)
        for r in trainer.history.epochs
    ] == [(e.epoch, e.training_loss, e.validation_loss, e.validation_accuracy) for e in epochs]


@pytest.mark.parametrize("validation_data", [None, clusters(0)])
def test_without_validation_data_there_are_no_validation_figures(
    training: TrainingData, validation_data: TrainingData | None
) -> None:
    epochs = of_kind(EpochDone, list(Trainer(FAST, training, validation_data, CLASSES).run()))
    assert len(epochs) == 3
    assert all(
        e.validation_loss is e.validation_accuracy is e.confusion is e.validation_predictions
        for e in epochs
    )


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov", "adam", "adamw"])
def test_every_optimiser_learns_to_tell_clusters_apart(
    optimizer: str, training: TrainingData, validation: TrainingData
) -> None:
    rate = 0.003 if optimizer.startswith("adam") else 0.05
    settings = TrainingSettings(
        hidden=(16,), batch_size=16, epochs=12, optimizer=optimizer, learning_rate=rate
    )
    epochs = of_kind(EpochDone, list(Trainer(settings, training, validation, CLASSES).run()))
    accuracy = epochs[-1].validation_accuracy
    assert accuracy is not None
    assert accuracy > 0.95
    assert epochs[-1].training_loss < epochs[0].training_loss / 2


def test_everything_together_still_learns(training: TrainingData, validation: TrainingData) -> None:
    settings = TrainingSettings(
        hidden=(48, 32),
        activation="gelu",
        initializer="he",
        optimizer="adamw",
        learning_rate=0.01,
        weight_decay=0.05,
        dropout=0.2,
        input_dropout=0.1,
        label_smoothing=0.1,
        batch_size=16,
        epochs=15,
        schedule="cosine",
        warmup_steps=10,
        ema_decay=0.9,
    )
    events = list(Trainer(settings, training, validation, CLASSES).run())
    accuracy = of_kind(EpochDone, events)[-1].validation_accuracy
    assert accuracy is not None
    assert accuracy > 0.95
    rates = [b.learning_rate for b in of_kind(BatchDone, events)]
    assert max(rates) == pytest.approx(0.01)
    assert rates[0] == pytest.approx(0.001)
    assert rates[-1] < 1e-4


def test_equal_seeds_give_equal_weights_and_others_do_not(training: TrainingData) -> None:
    def weights(seed: int) -> bytes:
        settings = TrainingSettings(hidden=(8,), batch_size=32, epochs=1, dropout=0.5, seed=seed)
        trainer = Trainer(settings, training, None, CLASSES)
        for _ in trainer.run():
            pass
        return b"".join(w.tobytes() for w in trainer.model().network.copy_weights())

    assert weights(1) == weights(1)
    assert weights(1) != weights(2)


def test_a_model_taken_during_the_run_does_not_change(
    training: TrainingData, validation: TrainingData
) -> None:
    trainer = Trainer(FAST, training, validation, CLASSES)
    run = trainer.run()
    next(run)
    model = trainer.model("Early", "after one batch")
    weights = model.network.copy_weights()
    for _ in run:
        pass
    for before, parameter in zip(weights, model.network.parameters, strict=True):
        np.testing.assert_array_equal(before, parameter.value)
    assert model.card.name == "Early"
    assert model.card.description == "after one batch"
    assert model.card.figures == {"steps": 1}


def test_the_card_says_how_the_model_was_made(
    training: TrainingData, validation: TrainingData
) -> None:
    trainer = Trainer(FAST, training, validation, CLASSES)
    last = of_kind(EpochDone, list(trainer.run()))[-1]
    model = trainer.model()
    assert model.classes == tuple(CLASSES)
    assert model.input_shape == (8, 8)
    assert model.card.data == ("clusters 0",)
    assert TrainingSettings.from_dict(model.card.settings) == FAST
    assert model.card.figures["validation_accuracy"] == last.validation_accuracy
    assert model.card.figures["epochs"] == 3


def test_training_goes_on_from_a_model_of_the_same_kind(training: TrainingData) -> None:
    settings = TrainingSettings(hidden=(8,), epochs=1, ema_decay=0.9)
    first = Trainer(settings, training, None, CLASSES)
    for _ in first.run():
        pass
    start = first.model("first")
    second = Trainer(settings, training, None, CLASSES, start=start)
    for mine, own in zip(
        second.model().network.copy_weights(), start.network.copy_weights(), strict=True
    ):
        np.testing.assert_array_equal(mine, own)

    with pytest.raises(HandwriteError, match="“first” reads other characters"):
        Trainer(settings, training, None, "ABCE", start=start)
    with pytest.raises(HandwriteError, match=r"“first” is a network of 64-8-4 .* and 64-9-4"):
        Trainer(replace(settings, hidden=(9,)), training, None, CLASSES, start=start)


def test_first_layer_weights_are_those_of_the_model(training: TrainingData) -> None:
    trainer = Trainer(FAST, training, None, CLASSES)
    weights = trainer.first_layer_weights()
    np.testing.assert_array_equal(weights, trainer.model().network.first_layer_weights)
    next(trainer.run())
    assert not np.array_equal(weights, trainer.first_layer_weights())


def test_the_average_is_what_is_evaluated_and_handed_out(
    training: TrainingData, validation: TrainingData
) -> None:
    def last_model(ema_decay: float) -> tuple[np.ndarray, EpochDone]:
        settings = TrainingSettings(
            hidden=(16,), batch_size=32, epochs=2, learning_rate=0.01, ema_decay=ema_decay
        )
        trainer = Trainer(settings, training, validation, CLASSES)
        epochs = of_kind(EpochDone, list(trainer.run()))
        network = trainer.model().network
        np.testing.assert_array_equal(
            epochs[-1].validation_predictions,
            network.predict_logits(validation.inputs).argmax(axis=1),
        )
        return network.first_layer_weights, epochs[-1]

    plain, plain_epoch = last_model(0.0)
    averaged, averaged_epoch = last_model(0.99)
    # The same run, seen through an average that lags behind.
    assert averaged_epoch.training_loss == plain_epoch.training_loss
    assert not np.array_equal(plain, averaged)


def test_augmentation_by_settings_changes_what_is_learned_and_still_learns() -> None:
    rng = np.random.default_rng(0)
    targets = np.arange(120) % 2
    images = np.zeros((120, 32, 32), np.uint8)
    for image, target in zip(images, targets, strict=True):
        position = rng.integers(13, 19)
        if target:
            image[position - 2 : position + 2, 4:28] = 255
        else:
            image[4:28, position - 2 : position + 2] = 255
    data = TrainingData(images.reshape(120, 1024), targets)

    def train(strength: float) -> EpochDone:
        settings = TrainingSettings(
            hidden=(16,), batch_size=20, epochs=8, learning_rate=0.01, augmentation=strength
        )
        return of_kind(EpochDone, list(Trainer(settings, data, data, "|-").run()))[-1]

    plain, augmented = train(0.0), train(0.7)
    assert plain.training_loss != augmented.training_loss
    assert augmented.validation_accuracy is not None
    assert augmented.validation_accuracy > 0.95


class TestDivergence:
    SETTINGS = TrainingSettings(
        hidden=(16,), batch_size=32, epochs=3, optimizer="sgd", learning_rate=0.05
    )

    @staticmethod
    def poisoned(at_call: int):
        """An augmentation that yields infinite inputs from one batch on."""
        calls = 0

        def augmenter(raw: np.ndarray, rng: np.random.Generator) -> np.ndarray:
            nonlocal calls
            calls += 1
            scaled = raw.astype(np.float32) / 255
            return np.full_like(scaled, np.inf) if calls >= at_call else scaled

        return augmenter

    def test_ends_the_run_with_the_reason_and_what_to_do(self, training: TrainingData) -> None:
        # Deep enough for a rate of 100 to blow it up within a few batches.
        settings = TrainingSettings(
            hidden=(64,) * 8, batch_size=32, epochs=50, optimizer="sgd", learning_rate=100
        )
        events = list(Trainer(settings, training, None, CLASSES).run())
        done = events[-1]
        assert isinstance(done, TrainingDone)
        assert done.reason == "diverged"
        assert "learning rate 100 is too high" in done.message
        assert "Lower it, for example to 10" in done.message
        assert all(np.isfinite(b.loss) for b in of_kind(BatchDone, events))

    def test_goes_back_to_the_end_of_the_last_sound_epoch(
        self, training: TrainingData, validation: TrainingData
    ) -> None:
        trainer = Trainer(
            self.SETTINGS, training, validation, CLASSES, augmenter=self.poisoned(8 + 3)
        )
        after_epoch = None
        for event in trainer.run():
            if isinstance(event, EpochDone):
                after_epoch = trainer.model().network.copy_weights()
        assert event == TrainingDone("diverged", 1, 8, event.message)
        assert after_epoch is not None
        assert trainer.steps_done == trainer.history.steps == 8
        assert trainer.epochs_done == len(trainer.history.epochs) == 1
        for expected, actual in zip(
            after_epoch, trainer.model().network.copy_weights(), strict=True
        ):
            np.testing.assert_array_equal(actual, expected)

    def test_in_the_first_epoch_goes_back_to_the_beginning(self, training: TrainingData) -> None:
        trainer = Trainer(self.SETTINGS, training, None, CLASSES, augmenter=self.poisoned(3))
        start = trainer.first_layer_weights()
        *_, done = trainer.run()
        assert done == TrainingDone("diverged", 0, 0, done.message)
        np.testing.assert_array_equal(trainer.first_layer_weights(), start)


@pytest.mark.parametrize(
    ("training_data", "classes"),
    [(clusters(0), CLASSES), (TrainingData(np.zeros((1, 4), np.uint8), np.zeros(1, int)), "")],
)
def test_nothing_to_learn_from_is_said(training_data: TrainingData, classes: str) -> None:
    with pytest.raises(HandwriteError, match="choose other data"):
        Trainer(FAST, training_data, None, classes)


def test_data_that_do_not_fit_are_refused(training: TrainingData, validation: TrainingData) -> None:
    with pytest.raises(ValueError, match="targets"):
        Trainer(FAST, training, None, CLASSES[:3])
    with pytest.raises(ValueError, match="validation inputs"):
        Trainer(FAST, training, clusters(9, width=25), CLASSES)


class TestNormalizationAndMixing:
    SETTINGS = TrainingSettings(
        hidden=(16, 16),
        normalization="batch",
        mixup=0.2,
        ema_decay=0.9,
        batch_size=32,
        epochs=6,
        learning_rate=0.01,
    )

    def test_they_learn(self, training: TrainingData, validation: TrainingData) -> None:
        trainer = Trainer(self.SETTINGS, training, validation, CLASSES)
        epochs = of_kind(EpochDone, list(trainer.run()))
        assert epochs[-1].validation_accuracy is not None
        assert epochs[-1].validation_accuracy > 0.9

    def test_the_model_is_plain_and_reads_as_was_evaluated(
        self, training: TrainingData, validation: TrainingData
    ) -> None:
        trainer = Trainer(self.SETTINGS, training, validation, CLASSES)
        epochs = of_kind(EpochDone, list(trainer.run()))
        network = trainer.model().network
        assert network.normalization == "none"
        predictions = network.predict_logits(validation.inputs).argmax(axis=1)
        np.testing.assert_array_equal(predictions, epochs[-1].validation_predictions)

    def test_a_resumed_run_gives_the_same_weights(
        self, training: TrainingData, tmp_path: Path
    ) -> None:
        straight = Trainer(self.SETTINGS, training, None, CLASSES)
        list(straight.run())
        begun = Trainer(self.SETTINGS, training, None, CLASSES)
        for event in begun.run():
            if isinstance(event, BatchDone) and event.step == 13:
                begun.stop()
        begun.save_checkpoint(tmp_path / "run.npz")
        resumed = Trainer.from_checkpoint(tmp_path / "run.npz", training, None)
        list(resumed.run())
        pairs = zip(
            straight.model().network.copy_weights(),
            resumed.model().network.copy_weights(),
            strict=True,
        )
        assert all(np.array_equal(a, b) for a, b in pairs)
