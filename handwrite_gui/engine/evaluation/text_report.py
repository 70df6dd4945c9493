"""The differences between what is written and what was read, to be looked at."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple

from handwrite_gui.engine.evaluation.text_errors import Edit, TextErrors, total
from handwrite_gui.engine.export.read_page import program

_MOST_CONFUSIONS = 40


class PageErrors(NamedTuple):
    """The errors of a page, by its name."""

    name: str
    errors: TextErrors


def to_text(pages: Sequence[PageErrors]) -> str:
    """A table for a terminal: a line a page, and all of them together."""
    width = max([len("all pages"), *(len(page.name) for page in pages)])
    lines = [f"{'page':<{width}}  characters     CER   words     WER"]
    for name, errors in [*pages, PageErrors("all pages", total(p.errors for p in pages))]:
        lines.append(
            f"{name:<{width}}  {errors.characters:>10}  {percent(errors.character_error_rate):>6}"
            f"  {errors.words:>6}  {percent(errors.word_error_rate):>6}"
        )
    worst = total(page.errors for page in pages).confusions.most_common(10)
    if worst:
        pairs = ", ".join(f"{_shown(a)} as {_shown(b)} {count}×" for (a, b), count in worst)
        lines.append(f"most frequent: {pairs}")
    return "\n".join(lines)


def to_dict(pages: Sequence[PageErrors]) -> dict[str, Any]:
    """Plain values, fit for JSON; null for a rate of nothing."""
    everything = total(page.errors for page in pages)
    return {
        **_figures(everything),
        "confusions": [
            {"written": a, "read": b, "count": count}
            for (a, b), count in everything.confusions.most_common()
        ],
        "pages": [{"name": name, **_figures(errors)} for name, errors in pages],
    }


def to_html(pages: Sequence[PageErrors], *, model: str = "") -> str:
    """One page with everything: rates, confusions, and each text with its differences marked."""
    everything = total(page.errors for page in pages)
    rows = "\n".join(
        _row(f'<a href="#p{index}">{html.escape(page.name)}</a>', page.errors)
        for index, page in enumerate(pages)
    )
    confusions = "\n".join(
        f"<tr><td>{_mark(a)}</td><td>{_mark(b)}</td><td>{count}</td></tr>"
        for (a, b), count in everything.confusions.most_common(_MOST_CONFUSIONS)
    )
    texts = "\n".join(
        f'<h3 id="p{index}">{html.escape(page.name)}</h3>\n'
        f"<p class=text>{differences(page.errors.edits)}</p>"
        for index, page in enumerate(pages)
    )
    return _PAGE.format(
        generator=html.escape(program() + (f", model {model}" if model else "")),
        cer=percent(everything.character_error_rate),
        wer=percent(everything.word_error_rate),
        rows=rows,
        all=_row("<b>all pages</b>", everything),
        confusions=confusions,
        texts=texts,
    )


def differences(edits: Sequence[Edit]) -> str:
    """A text as HTML: what is missing struck out, what was added or read instead underlined.

    They differ in colour too, but not in colour alone.
    """
    parts = []
    for kind, run in groupby(edits, key=lambda edit: edit.kind):
        pairs = list(run)
        written = html.escape("".join(pair.written for pair in pairs))
        read = html.escape("".join(pair.read for pair in pairs))
        if kind == "same":
            parts.append(written)
        else:
            parts.append(
                (f"<del>{written}</del>" if written else "")
                + (f"<ins>{read}</ins>" if read else "")
            )
    return "".join(parts)


def percent(rate: float) -> str:
    """A rate for a person, a dash where there is none."""
    return "–" if math.isnan(rate) else f"{rate:.1%}"


def _row(name: str, errors: TextErrors) -> str:
    cells = (
        errors.characters,
        percent(errors.character_error_rate),
        errors.replaced,
        errors.missing,
        errors.added,
        errors.words,
        percent(errors.word_error_rate),
    )
    return f"<tr><td>{name}</td>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _figures(errors: TextErrors) -> dict[str, Any]:
    def known(rate: float) -> float | None:
        return None if math.isnan(rate) else rate

    return {
        "characters": errors.characters,
        "character_error_rate": known(errors.character_error_rate),
        "replaced": errors.replaced,
        "missing": errors.missing,
        "added": errors.added,
        "words": errors.words,
        "word_errors": errors.word_errors,
        "word_error_rate": known(errors.word_error_rate),
    }


def _shown(sign: str) -> str:
    return {"": "nothing", " ": "space"}.get(sign, sign)


def _mark(sign: str) -> str:
    named = {"": "<i>nothing</i>", " ": "<i>space</i>"}
    return named.get(sign, html.escape(sign))


_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Reading errors</title>
<meta name="generator" content="{generator}">
<style>
:root {{ color-scheme: light dark }}
body {{ font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem;
  padding: 0 1rem }}
table {{ border-collapse: collapse; margin: 1rem 0 }}
th, td {{ padding: .25rem .7rem; border-bottom: 1px solid #8884; text-align: right }}
th:first-child, td:first-child {{ text-align: left }}
.text {{ font: 16px/1.8 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere }}
del {{ background: #c0182f40; text-decoration: line-through }}
ins {{ background: #1f6feb40; text-decoration: underline }}
</style></head><body>
<h1>Reading errors</h1>
<p>Character error rate <b>{cer}</b>, word error rate <b>{wer}</b>. {generator}</p>
<table><thead><tr><th>Page</th><th>Characters</th><th>CER</th><th>Replaced</th><th>Missing</th>
<th>Added</th><th>Words</th><th>WER</th></tr></thead><tbody>
{rows}
{all}
</tbody></table>
<h2>What was read as what</h2>
<table><thead><tr><th>Written</th><th>Read</th><th>Times</th></tr></thead><tbody>
{confusions}
</tbody></table>
<h2>Differences</h2>
<p><del>written, but read otherwise or not at all</del> <ins>read instead, or where there is
nothing</ins></p>
{texts}
</body></html>
"""
