"""Files of other programs, damaged files, and files made to do harm."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handwrite_gui.engine.errors import TranscriptError
from handwrite_gui.engine.export.formats import export
from handwrite_gui.engine.page.result import PageResult, box_quad
from handwrite_gui.engine.transcripts.reading import parse_transcript, read_transcript
from handwrite_gui.engine.transcripts.xml_tree import XmlTrouble
from tests.engine.export.pages import PAGE

# As Tesseract writes it: words with places, white space between the elements, HTML entities.
TESSERACT = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/x.dtd">
<html><head><title></title><meta name='ocr-system' content='tesseract 5.3.0' /></head><body>
 <div class='ocr_page' id='page_1'
      title='image "/scans/it&#39;s; here.png"; bbox 0 0 640 480; ppageno 3; scan_res 70 70'>
  <div class='ocr_carea' title="bbox 10 20 200 60"><p class='ocr_par'>
    <span class='ocr_line' title="bbox 10 20 200 60; baseline 0 -5">
      <span class='ocrx_word' title='bbox 10 20 110 60; x_wconf 96'>Hello&nbsp;</span>
      <span class='ocrx_word' title='bbox 120 20 200 60; x_wconf 50'><strong>R&amp;D</strong></span>
    </span></p></div><br>
 </div></body></html>"""

# As Transkribus writes it: lines of text without words, the regions not in their order.
TRANSKRIBUS = """<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2013-07-15">
<Metadata><Creator>Transkribus</Creator></Metadata>
<Page imageFilename="p.jpg" imageWidth="100" imageHeight="80">
<ReadingOrder><OrderedGroup id="o"><RegionRefIndexed index="0" regionRef="b"/>
<RegionRefIndexed index="1" regionRef="a"/></OrderedGroup></ReadingOrder>
<TextRegion id="a"><Coords points="0,40 99,40 99,80 0,80"/><TextLine id="a1">
<Coords points="0,40 50,42 99,40 99,60 50,61 0,60"/>
<TextEquiv><Unicode>last line</Unicode></TextEquiv></TextLine></TextRegion>
<TextRegion id="b"><Coords points="0,0 99,0 99,30 0,30"/><TextLine id="b1">
<Coords points="0,0 99,0 99,30 0,30"/>
<TextEquiv index="1"><Unicode>worse</Unicode></TextEquiv>
<TextEquiv index="0"><Unicode>first</Unicode></TextEquiv></TextLine></TextRegion>
</Page></PcGts>"""

# As newspapers have it: tenths of millimetres, a hyphen of its own, no glyphs.
LIBRARY = """<a:alto xmlns:a="http://www.loc.gov/standards/alto/ns-v2#"><a:Description>
<a:MeasurementUnit>mm10</a:MeasurementUnit><a:sourceImageInformation>
<a:fileName>C:\\scans\\one.tif</a:fileName></a:sourceImageInformation></a:Description><a:Layout>
<a:Page ID="p" WIDTH="2100" HEIGHT="2970" PHYSICAL_IMG_NR="4"><a:PrintSpace><a:TextBlock ID="b">
<a:TextLine HPOS="10" VPOS="10" WIDTH="300" HEIGHT="30">
<a:String CONTENT="news" HPOS="10" VPOS="10" WIDTH="200" HEIGHT="30" WC="0.5"/>
<a:HYP CONTENT="-"/></a:TextLine></a:TextBlock></a:PrintSpace></a:Page></a:Layout></a:alto>"""


def only(text: str) -> PageResult:
    (page,) = parse_transcript(text.encode())
    return page.result


def test_hocr_with_words_alone() -> None:
    (page,) = parse_transcript(TESSERACT.encode())
    assert page.result.text == "Hello R&D"
    assert (page.image_name, page.page_number, page.dpi) == ("it's; here.png", 4, 70)
    first, second = page.result.lines[0].words
    assert first.characters[0].quad == box_quad(10, 20, 30, 60)
    assert first.characters[-1].quad[1] == (110, 20)
    assert {c.probability for c in second.characters} == {0.5}


def test_page_xml_with_lines_alone_in_their_reading_order() -> None:
    result = only(TRANSKRIBUS)
    assert result.text == "first\nlast line"
    last = result.lines[1].words[1].characters[-1]
    assert last.quad[2] == (99, 61)


def test_alto_with_words_alone_in_another_unit() -> None:
    (page,) = parse_transcript(LIBRARY.encode())
    assert page.result.text == "news-"
    assert (page.image_name, page.page_number, page.dpi) == ("one.tif", 4, 254)


def test_a_word_that_was_corrected_is_right_and_its_glyphs_are_not() -> None:
    text = export(PAGE, "alto").decode().replace('CONTENT="HELLO"', 'CONTENT="HULLO"')
    assert only(text).text.startswith("HULLO WORLD")


def test_utf_16() -> None:
    xml = '<?xml version="1.0" encoding="UTF-16"?>' + TRANSKRIBUS
    (page,) = parse_transcript(xml.encode("utf-16"))
    assert page.result.text == "first\nlast line"


LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(12))
ENTITIES = f'<!DOCTYPE alto [<!ENTITY l0 "ha">{LAUGHS}]><alto>&l12;</alto>'
OUTSIDE = '<!DOCTYPE alto [<!ENTITY x SYSTEM "file:///etc/passwd">]><alto>&x;</alto>'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (ENTITIES, "entities"),
        (OUTSIDE, "entities"),
        ("<alto><Layout>", "well-formed"),
        ("<PcGts>" + "<a>" * 1000, "too many"),
        ("<html><div class='ocr_page'>" + "<b>" * 1000, "too many"),
        ("some text", "none of"),
        ("", "none of"),
        ('{"format": "other"}', "not of a page"),
        ('{"format": "handwrite-page", "version": 99}', "version"),
        ('{"format": "handwrite-page", "version": 3}', "missing"),
        ("{" + '"a":[' * 100_000, "JSON"),
        ('<?xml version="1.0" encoding="klingon"?><alto/>', "encod"),
        (TRANSKRIBUS.replace("0,0 99,0", "0,0 nan,0"), "no place"),
        (TRANSKRIBUS.replace('imageWidth="100"', 'imageWidth="1e999"'), "no place"),
        (TRANSKRIBUS.replace("0,0 99,0 99,30 0,30", "0,0 99"), "corners"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, reason: str) -> None:
    with pytest.raises(XmlTrouble, match=reason):
        parse_transcript(text.encode())


@pytest.mark.parametrize(
    "data",
    [b"<" * 300_000, b"<!-" * 100_000, b"<b a='" * 50_000, b"<b a=" * 50_000, b"&#x" * 90_000],
)
def test_html_made_to_take_long_does_not(data: bytes) -> None:
    start = time.perf_counter()
    parse_transcript(b"<html><div class='ocr_page'>" + data)
    assert time.perf_counter() - start < 5


@given(st.text(alphabet="<>/!-=\"' ab&;#?", max_size=60))
def test_any_html_is_read_or_refused(text: str) -> None:
    try:
        (page,) = parse_transcript(
            f"<html><div class='ocr_page' title='bbox 0 0 9 9'>{text}".encode()
        )
    except XmlTrouble:
        return
    assert (page.result.width, page.result.height) == (9, 9)


def test_the_error_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "page.xml"
    with pytest.raises(TranscriptError, match=r"page\.xml: it cannot be opened"):
        read_transcript(path)
    path.write_bytes(b"<alto/>")
    with pytest.raises(TranscriptError, match=r"page\.xml: it holds no page"):
        read_transcript(path)
