"""Many files: none stops the others, nothing is done twice, and what happened is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from handwrite_gui.engine.batch import performing
from handwrite_gui.engine.batch.batch import Batch
from handwrite_gui.engine.batch.events import Begun, Event, FileDone, PageDone, Progressed
from handwrite_gui.engine.batch.executors import InThisProcess
from handwrite_gui.engine.batch.journal import FOLDER
from handwrite_gui.engine.batch.plan import plan
from handwrite_gui.engine.batch.report import Report, write_report
from handwrite_gui.engine.batch.task import BatchItem, BatchSettings, Outcome, PageRecord, Task
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.export.formats import documents
from handwrite_gui.engine.export.read_page import ReadPage
from handwrite_gui.engine.page.result import PageResult
from tests.engine.batch.conftest import writing
from tests.engine.export.pages import line, picture


class Scripted:
    """An executor that reads without looking, and fails where it is told to."""

    def __init__(self, failures: dict[str, str] | None = None, pages: int = 1) -> None:
        self.done: list[tuple[str, str, int]] = []
        self.closed = False
        self.capacity = 2
        self._failures = failures or {}
        self._pages = pages
        self._tasks: list[Task] = []
        self.on_task: Callable[[Task], None] = lambda task: None

    def submit(self, task: Task) -> None:
        self._tasks.append(task)

    def wait(self, seconds: float) -> list[tuple[Task, Outcome]]:
        if not self._tasks:
            return []
        task = self._tasks.pop(0)
        self.on_task(task)
        self.done.append((task.kind, task.item.source.name, task.page))
        return [(task, self._outcome(task))]

    def _outcome(self, task: Task) -> Outcome:
        error = self._failures.get(f"{task.item.source.name} {task.page}")
        if task.kind == "count":
            return Outcome(pages=self._pages)
        if error is not None:
            return Outcome(error=error)
        result = PageResult(400, 200, (line(f"P{task.page}", 50),))
        if task.kind == "read" and not task.whole:
            return Outcome(record=PageRecord(task.page, result, None))
        records = task.records or (PageRecord(1, result, None),)
        pages = [ReadPage(r.result, "x", r.page, "m", pixels=picture(r.result)) for r in records]
        files = tuple(documents(pages, "text", task.item.stem))
        return Outcome(documents=files, characters=2, confidence=0.9)

    def cancel(self) -> None:
        self._tasks.clear()

    def close(self) -> None:
        self.closed = True


def files(folder: Path, *names: str) -> list[BatchItem]:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_bytes(name.encode())
    return [BatchItem(folder / name, Path(name).stem) for name in names]


def run(batch: Batch, executor: Scripted) -> list[Event]:
    return list(batch.run(executor))


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.glob("*.txt"))}


class TestWhatIsWritten:
    def test_pages_of_one_file_become_one_document_in_their_order(self, tmp_path: Path) -> None:
        batch = Batch(files(tmp_path / "in", "scan.tif"), BatchSettings(), tmp_path / "out")
        run(batch, Scripted(pages=3))
        assert texts(tmp_path / "out") == {"scan.txt": "P1\n\nP2\n\nP3\n"}
        (row,) = batch.report.rows
        assert (row.pages, row.characters, row.outputs) == (3, 6, ("scan.txt",))

    def test_one_bad_file_stops_none_of_the_others(self, tmp_path: Path) -> None:
        items = files(tmp_path / "in", "a.png", "b.png", "c.png")
        batch = Batch(items, BatchSettings(), tmp_path / "out")
        run(batch, Scripted({"b.png 1": "it is damaged."}))
        assert list(texts(tmp_path / "out")) == ["a.txt", "c.txt"]
        assert [(row.source.name, row.error) for row in batch.report.failed] == [
            ("b.png", "it is damaged.")
        ]

    def test_a_bad_page_leaves_the_others_of_its_file(self, tmp_path: Path) -> None:
        batch = Batch(files(tmp_path / "in", "scan.tif"), BatchSettings(), tmp_path / "out")
        run(batch, Scripted({"scan.tif 2": "it is damaged."}, pages=3))
        assert texts(tmp_path / "out") == {"scan.txt": "P1\n\nP3\n"}
        assert batch.report.rows[0].error == "page 2: it is damaged."

    def test_a_file_is_never_replaced_by_its_own_output(self, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_text("mine")
        batch = Batch([BatchItem(tmp_path / "notes.txt", "notes")], BatchSettings(), tmp_path)
        run(batch, Scripted())
        assert (tmp_path / "notes.txt").read_text() == "mine"
        assert "replace" in (batch.report.rows[0].error or "")


class TestWhatIsTold:
    def test_every_step(self, tmp_path: Path) -> None:
        items = files(tmp_path / "in", "a.png", "scan.tif")
        events = run(Batch(items, BatchSettings(), tmp_path / "out"), Scripted(pages=2))
        kinds = [type(e).__name__ for e in events if not isinstance(e, Progressed)]
        assert kinds.count("Begun") == kinds.count("FileDone") == 2
        pages = [(e.item.stem, e.page, e.pages) for e in events if isinstance(e, PageDone)]
        assert sorted(pages) == [("a", 1, 1), ("scan", 1, 2), ("scan", 2, 2)]
        begun = next(i for i, e in enumerate(events) if isinstance(e, Begun))
        done = next(i for i, e in enumerate(events) if isinstance(e, FileDone))
        assert begun < done

    def test_how_far_it_is(self, tmp_path: Path) -> None:
        items = files(tmp_path / "in", *(f"{n}.png" for n in range(5)))
        events = run(Batch(items, BatchSettings(), tmp_path / "out"), Scripted())
        shares = [event.share for event in events if isinstance(event, Progressed)]
        assert shares == sorted(shares)
        last = [event for event in events if isinstance(event, Progressed)][-1]
        assert (last.files, last.all_files, last.pages, last.pages_left) == (5, 5, 5, 0)
        assert last.seconds_left == 0

    def test_the_report(self, tmp_path: Path) -> None:
        items = files(tmp_path / "in", "a.png", "<b>.png")
        batch = Batch(items, BatchSettings(), tmp_path / "out")
        run(batch, Scripted({"<b>.png 1": "it is damaged."}))
        report = batch.report
        assert "1 page of 2 files" in report.summary()
        assert "1 failed" in report.summary()
        assert "90%" in report.summary()
        write_report(report, tmp_path / "report.html")
        html = (tmp_path / "report.html").read_text()
        assert "&lt;b&gt;.png" in html
        assert "it is damaged." in html
        write_report(report, tmp_path / "report.csv")
        assert (tmp_path / "report.csv").read_text().count("\n") == 3
        assert Report().summary() == "read 0 pages of 0 files, in 0.0 s"


class TestPausingAndCancelling:
    def test_nothing_is_begun_while_it_is_paused(self, tmp_path: Path) -> None:
        items = files(tmp_path / "in", *(f"{n}.png" for n in range(6)))
        batch = Batch(items, BatchSettings(), tmp_path / "out")
        executor = Scripted()
        executor.on_task = lambda task: batch.pause()
        for _ in batch.run(executor):
            if len(executor.done) == executor.capacity and not executor._tasks:
                before = list(executor.done)
                executor.on_task = lambda task: None
                batch.resume()
                assert executor.done == before
        assert len(batch.report.rows) == 6

    def test_cancelled_and_resumed_does_no_page_twice(self, tmp_path: Path) -> None:
        items = files(tmp_path / "in", "a.png", "b.tif", "c.png")
        first = Batch(items, BatchSettings(), tmp_path / "out", resume=True)
        executor = Scripted(pages=3)
        executor.on_task = lambda task: (
            first.cancel() if (task.item.stem, task.page) == ("b", 2) else None
        )
        run(first, executor)
        assert first.report.cancelled
        assert executor.closed
        second = Batch(items, BatchSettings(), tmp_path / "out", resume=True)
        again = Scripted(pages=3)
        run(second, again)
        reads = [one for one in executor.done + again.done if one[0] == "read"]
        assert len(reads) == len(set(reads)) == 5
        assert list(texts(tmp_path / "out")) == ["a.txt", "b.txt", "c.txt"]
        assert texts(tmp_path / "out")["b.txt"] == "P1\n\nP2\n\nP3\n"
        assert sum(row.earlier for row in second.report.rows) >= 1

    def test_a_crash_is_no_worse(self, tmp_path: Path) -> None:
        items = files(tmp_path / "in", "a.png", "b.tif", "c.png")

        def crash(task: Task) -> None:
            if (task.item.stem, task.page) == ("b", 3):
                raise KeyboardInterrupt

        executor = Scripted(pages=3)
        executor.on_task = crash
        with pytest.raises(KeyboardInterrupt):
            run(Batch(items, BatchSettings(), tmp_path / "out"), executor)
        journal = tmp_path / "out" / FOLDER / "journal.jsonl"
        journal.write_text(journal.read_text() + '{"source": "/cut sho')
        again = Scripted(pages=3)
        run(Batch(items, BatchSettings(), tmp_path / "out", resume=True), again)
        reads = [one for one in again.done if one[0] == "read"]
        assert ("read", "b.tif", 3) in reads
        assert ("read", "b.tif", 1) not in reads
        assert ("read", "a.png", 1) not in reads
        assert len(texts(tmp_path / "out")) == 3


class TestResuming:
    def test_what_failed_changed_or_lost_its_output_is_read_again(self, tmp_path: Path) -> None:
        items = files(tmp_path / "in", "a.png", "b.png", "c.png", "d.png")
        out = tmp_path / "out"
        run(Batch(items, BatchSettings(), out, resume=True), Scripted({"b.png 1": "damaged."}))
        (tmp_path / "in" / "c.png").write_bytes(b"another picture")
        (out / "d.txt").unlink()
        again = Scripted()
        run(Batch(items, BatchSettings(), out, resume=True), again)
        assert sorted(name for _, name, _ in again.done) == ["b.png", "c.png", "d.png"]

    def test_other_settings_are_refused(self, tmp_path: Path) -> None:
        items = files(tmp_path / "in", "a.png")
        run(Batch(items, BatchSettings(), tmp_path / "out", resume=True), Scripted())
        with pytest.raises(HandwriteError, match="other"):
            Batch(items, BatchSettings(format="json"), tmp_path / "out", resume=True)

    def test_without_it_everything_is_read_anew_and_no_journal_is_left(
        self, tmp_path: Path
    ) -> None:
        items = files(tmp_path / "in", "a.png")
        for _ in range(2):
            executor = Scripted()
            run(Batch(items, BatchSettings(), tmp_path / "out"), executor)
            assert len(executor.done) == 1
        assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.txt"]


class TestThePlan:
    def test_folders_stay_folders_and_suffixes_tell_files_apart(self, tmp_path: Path) -> None:
        for name in ("in/a.png", "in/a.jpg", "in/b/a.png", "in/out/x.png", "in/n.annotated.png"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).touch()
        items = plan([tmp_path / "in"], tmp_path / "in" / "out", "text")
        assert [item.stem for item in items] == ["a.jpg", "a.png", "b/a"]

    def test_two_of_one_name(self, tmp_path: Path) -> None:
        with pytest.raises(HandwriteError, match=r"called PAGE\.png"):
            plan([Path("a/page.png"), Path("b/PAGE.png")], tmp_path, "text")
        assert len(plan([Path("page.png"), Path("page.png")], tmp_path, "text")) == 1

    def test_an_output_that_would_replace_an_input(self, tmp_path: Path) -> None:
        (tmp_path / "a.pdf").touch()
        with pytest.raises(HandwriteError, match="replace"):
            plan([tmp_path / "a.pdf"], tmp_path, "pdf")


class TestReading:
    """With the shipped model, on small pages."""

    def test_a_folder_of_everything(self, scans: Path, tmp_path: Path) -> None:
        settings = BatchSettings(format="json")
        batch = Batch(plan([scans], tmp_path / "out", "json"), settings, tmp_path / "out")
        list(batch.run(InThisProcess(settings)))
        assert [row.source.name for row in batch.report.failed] == ["page 3.png"]
        fax = (tmp_path / "out" / "inner" / "fax.json").read_text().splitlines()
        pages = [json.loads(one) for one in fax]
        assert [page["image"]["page"] for page in pages] == [1, 2, 3]
        assert pages[1]["text"] == ""
        assert [len(page["text"].replace(" ", "")) > 0 for page in pages] == [True, False, True]

    @pytest.mark.parametrize("name", ["pdf", "folder"])
    def test_formats_with_the_picture(self, name: str, tmp_path: Path) -> None:
        folder = tmp_path / "in"
        folder.mkdir()
        writing(3).save(folder / "one.png")
        settings = BatchSettings(format=name)
        batch = Batch(plan([folder], tmp_path / "out", name), settings, tmp_path / "out")
        list(batch.run(InThisProcess(settings)))
        (row,) = batch.report.rows
        assert row.error is None
        assert all((tmp_path / "out" / output).stat().st_size for output in row.outputs)

    def test_a_page_that_lies_on_its_side_is_turned(self, tmp_path: Path) -> None:
        task = Task("read", BatchItem(tmp_path / "a.png", "a", turns=1), whole=True)
        writing(3).rotate(90, expand=True).save(tmp_path / "a.png")
        outcome = performing.perform(task, BatchSettings(format="json"))
        ((_, data),) = outcome.documents
        image = json.loads(data)["image"]
        assert (image["width"], image["height"]) == (180, 80)

    def test_whatever_goes_wrong_is_an_outcome(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*arguments: object, **options: object) -> None:
            raise ZeroDivisionError("odd")

        monkeypatch.setattr(performing, "read_page_picture", fail)
        task = Task("read", BatchItem(tmp_path / "a.png", "a"), whole=True)
        assert "unexpectedly (ZeroDivisionError: odd)" in (
            performing.perform(task, BatchSettings()).error or ""
        )
