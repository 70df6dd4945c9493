"""What came of a batch: what was read, what failed and why, and how sure it was."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from handwrite_gui.engine.export.read_page import program


@dataclass(frozen=True, slots=True)
class Row:
    """What came of a file.

    Attributes:
        source: its path.
        pages: that were read.
        characters: that were read.
        confidence: their mean probability, 0 to 1.
        error: why the file, or some of its pages, failed; None where nothing did.
        outputs: the files that were written, below the output folder.
        seconds: of work on it.
        earlier: an earlier run of the batch did it.
    """

    source: Path
    pages: int = 0
    characters: int = 0
    confidence: float = 0.0
    error: str | None = None
    outputs: tuple[str, ...] = ()
    seconds: float = 0.0
    earlier: bool = False


@dataclass(slots=True)
class Report:
    """The rows of a batch in the order in which its files were done.

    Attributes:
        rows: one a file.
        seconds: that the batch took.
        cancelled: it was ended before all files were done.
    """

    rows: list[Row] = field(default_factory=list)
    seconds: float = 0.0
    cancelled: bool = False

    @property
    def failed(self) -> list[Row]:
        """Files of which something could not be read."""
        return [row for row in self.rows if row.error is not None]

    @property
    def pages(self) -> int:
        """Read in this run."""
        return sum(row.pages for row in self.rows if not row.earlier)

    @property
    def confidence(self) -> float:
        """Mean probability of all characters, 0 to 1."""
        characters = sum(row.characters for row in self.rows)
        certain = sum(row.characters * row.confidence for row in self.rows)
        return certain / characters if characters else 0.0

    def summary(self) -> str:
        """One line for a person."""
        earlier = sum(row.earlier for row in self.rows)
        parts = [f"read {_count(self.pages, 'page')} of {_count(len(self.rows) - earlier, 'file')}"]
        if earlier:
            parts.append(f"{earlier} done before")
        if self.failed:
            parts.append(f"{len(self.failed)} failed")
        if any(row.characters for row in self.rows):
            parts.append(f"mean confidence {self.confidence:.0%}")
        text = ", ".join(parts) + f", in {duration(self.seconds)}"
        return f"cancelled: {text}" if self.cancelled else text

    def to_csv(self) -> str:
        """A table with a row a file."""
        table = io.StringIO()
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(
            ["file", "pages", "characters", "confidence", "seconds", "error", "outputs"]
        )
        for row in self.rows:
            writer.writerow(
                [
                    row.source,
                    row.pages,
                    row.characters,
                    f"{row.confidence:.4f}",
                    f"{row.seconds:.2f}",
                    row.error or "",
                    "; ".join(row.outputs),
                ]
            )
        return table.getvalue()

    def to_html(self) -> str:
        """A page to look at: what failed first, then the least sure."""
        rows = sorted(self.rows, key=lambda row: (row.error is None, row.confidence))
        body = "\n".join(_html_row(row) for row in rows)
        return _PAGE.format(
            title="Batch report",
            summary=html.escape(self.summary()),
            program=html.escape(program()),
            body=body,
        )


def write_report(report: Report, path: Path) -> None:
    """Writes the report as the name of its file says: ``.csv``, else HTML.

    Raises:
        OSError: it cannot be written.
    """
    from handwrite_gui.engine.output_file import write_bytes

    text = report.to_csv() if path.suffix.lower() == ".csv" else report.to_html()
    write_bytes(path, text.encode("utf-8", "replace"))


def _html_row(row: Row) -> str:
    cells: Sequence[str] = (
        html.escape(str(row.source)),
        str(row.pages),
        str(row.characters),
        f"{row.confidence:.0%}" if row.characters else "",
        f"{row.seconds:.1f}",
        html.escape(row.error or ("done before" if row.earlier else "")),
    )
    kind = ' class="failed"' if row.error is not None else ""
    return f"<tr{kind}>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def duration(seconds: float) -> str:
    """Seconds, minutes or hours for a person."""
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s"
    hours, rest = divmod(whole, 3600)
    return (
        f"{hours}:{rest // 60:02}:{rest % 60:02} h" if hours else f"{rest // 60}:{rest % 60:02} min"
    )


_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="generator" content="{program}">
<style>
:root {{ color-scheme: light dark }}
body {{ font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem;
  padding: 0 1rem }}
table {{ border-collapse: collapse; width: 100% }}
th, td {{ text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #8884;
  vertical-align: top }}
td:nth-child(n+2):nth-child(-n+5),
th:nth-child(n+2):nth-child(-n+5) {{ text-align: right }}
td {{ overflow-wrap: anywhere }}
tr.failed td {{ background: #c0182f22 }}
</style></head><body>
<h1>{title}</h1>
<p>{summary}</p>
<table><thead><tr><th>File</th><th>Pages</th><th>Characters</th><th>Confidence</th>
<th>Seconds</th><th>Note</th></tr></thead><tbody>
{body}
</tbody></table>
</body></html>
"""
