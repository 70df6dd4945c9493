"""Reading XML and HTML that anybody may have written.

Nothing is fetched, no entity is expanded that the file defines itself, and a file is taken apart
page by page, so that what it costs grows with what it holds.
"""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element
from xml.parsers import expat

from handwrite_gui.engine.transcripts.html_tokens import tokens

MOST_BYTES = 50_000_000
_DEEPEST = 200
_MOST_ELEMENTS = 300_000  # of one page
# Elements that HTML does not close.
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"})

OnElement = Callable[[Element], None]


class XmlTrouble(Exception):  # noqa: N818 - it becomes a TranscriptError with the file's name
    """What is wrong with a file, as a sentence without its name."""


class _Tree:
    """Builds elements without their namespaces, and gives up those that were dealt with."""

    def __init__(self, wanted: Callable[[Element], bool], on_element: OnElement) -> None:
        self._wanted = wanted
        self._on_element = on_element
        self._open: list[Element] = []
        self._last_closed: Element | None = None
        self._count = 0
        self._pieces: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._flush()
        self._count += 1
        if len(self._open) >= _DEEPEST or self._count > _MOST_ELEMENTS:
            raise XmlTrouble("it holds too many elements for one page; divide it.")
        element = Element(_local(tag), {_local(name): v for name, v in attributes.items()})
        if self._open:
            self._open[-1].append(element)
        self._open.append(element)
        self._last_closed = None

    def end(self) -> None:
        self._flush()
        element = self._open.pop()
        self._last_closed = element
        if self._wanted(element):
            self._on_element(element)
            element.clear()
            self._count = 0

    def end_tag(self, tag: str) -> None:
        """Closes the innermost element of a name, and what was left open in it."""
        name = _local(tag)
        for depth in range(len(self._open) - 1, -1, -1):
            if self._open[depth].tag == name:
                while len(self._open) > depth:
                    self.end()
                return

    def end_all(self) -> None:
        while self._open:
            self.end()

    def text(self, text: str) -> None:
        # Joined at the next tag: text that comes letter by letter would be copied as often.
        self._pieces.append(text)

    def _flush(self) -> None:
        if not self._pieces:
            return
        text = "".join(self._pieces)
        self._pieces.clear()
        if self._last_closed is not None:
            self._last_closed.tail = (self._last_closed.tail or "") + text
        elif self._open:
            self._open[-1].text = (self._open[-1].text or "") + text


def parse_xml(data: bytes, wanted: Callable[[Element], bool], on_element: OnElement) -> None:
    """Gives every wanted element to a function as soon as it is complete, and forgets it then.

    Names have no namespaces.

    Raises:
        XmlTrouble: this is no XML, it defines entities, or there is too much of it.
    """
    tree = _Tree(wanted, on_element)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = tree.start
    parser.EndElementHandler = lambda tag: tree.end()
    parser.CharacterDataHandler = tree.text
    parser.EntityDeclHandler = _refuse_entities
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise XmlTrouble(
            f"it is no well-formed XML (line {error.lineno}); it may be cut short."
        ) from error
    except (ValueError, LookupError) as error:  # an encoding that there is not
        raise XmlTrouble("its text is in an encoding that cannot be read; save it as UTF-8.") from (
            error
        )


def parse_html(text: str, wanted: Callable[[Element], bool], on_element: OnElement) -> None:
    """The same for HTML, which need not be well formed.

    Raises:
        XmlTrouble: there is too much of it.
    """
    tree = _Tree(wanted, on_element)
    for token in tokens(text):
        if isinstance(token, str):
            tree.text(token)
        elif token.closes:
            tree.end_tag(token.name)
        else:
            tree.start(token.name, token.attributes)
            if token.is_empty or token.name in _VOID:
                tree.end()
    tree.end_all()


def _refuse_entities(*_: object) -> None:
    raise XmlTrouble("it defines entities, which can hide an attack; save it without them.")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def text_of(element: Element) -> str:
    """All text in an element."""
    return "".join(element.itertext())
