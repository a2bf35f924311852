"""The golden figures are well-formed, self-contained and drawn within their own borders: what an SVG reader sees of them."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from conftest import ROOT

GOLDEN = sorted((ROOT / "tests" / "report" / "golden").glob("*.svg"))
SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "title", "desc", "line", "path", "rect", "circle", "text", "tspan"}
ATTRIBUTES = set(
    "class viewBox width role aria-labelledby font-family font-size id x y x1 y1 x2 y2 cx cy r d height fill stroke "
    "stroke-width stroke-dasharray stroke-linejoin text-anchor font-weight transform".split()
)
# Half a line's width, a dot's radius: what may stand over the border without being seen to.
MARGIN = 8


def numbers(text):
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text)]


def places(element):
    """The points that an element names."""
    get = element.attrib.get
    if element.tag == SVG + "path":
        values = numbers(get("d"))
        return list(zip(values[::2], values[1::2], strict=True))
    if element.tag == SVG + "rect":
        x, y = float(get("x")), float(get("y"))
        return [(x, y), (x + float(get("width")), y + float(get("height")))]
    pairs = (("x", "y"), ("x1", "y1"), ("x2", "y2"), ("cx", "cy"))
    return [(float(get(x)), float(get(y))) for x, y in pairs if get(x) is not None]


@pytest.fixture(params=GOLDEN, ids=lambda path: path.stem)
def figure(request):
    return ElementTree.parse(request.param).getroot()


def test_there_is_one_of_each_kind():
    stems = {path.stem for path in GOLDEN}
    assert {"tippett", "ece", "innocents", "intervals", "tree", "contributions"} <= stems


class TestFigure:
    def test_holds_known_elements_and_attributes_only(self, figure):
        for element in figure.iter():
            assert element.tag.removeprefix(SVG) in ELEMENTS
            assert set(element.attrib) <= ATTRIBUTES

    def test_is_named_and_described(self, figure):
        assert figure.attrib["role"] == "img"
        by_id = {element.attrib["id"]: element for element in figure.iter() if "id" in element.attrib}
        labels = [by_id[name] for name in figure.attrib["aria-labelledby"].split()]
        assert [label.tag.removeprefix(SVG) for label in labels] == ["title", "desc"]
        assert all(label.text.strip() for label in labels)

    def test_takes_the_width_it_is_given(self, figure):
        left, top, width, height = numbers(figure.attrib["viewBox"])
        assert (left, top, width) == (0, 0, 480)
        assert height > 0
        assert figure.attrib["width"] == "100%"
        assert "height" not in figure.attrib

    def test_stays_within_its_borders(self, figure):
        _, _, width, height = numbers(figure.attrib["viewBox"])
        for element in figure.iter():
            for x, y in places(element):
                assert -MARGIN <= x <= width + MARGIN, element.attrib
                assert -MARGIN <= y <= height + MARGIN, element.attrib

    def test_has_text_that_can_be_read(self, figure):
        """13 units of 480 are 10.8 pixels on a screen of 400."""
        assert float(figure.attrib["font-size"]) >= 13
        sizes = [float(text.attrib.get("font-size", 14)) for text in figure.iter(SVG + "text")]
        assert sizes
        assert min(sizes) >= 13

    def test_shows_what_would_hide_or_reorder(self, figure):
        text = "".join(figure.itertext()).replace("\n", "")
        joiners = re.findall(r"(.)[\u200c\u200d\ufe00-\ufe0f]", text)
        assert all(ord(before) >= 0x80 for before in joiners)
        hidden = r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]"
        assert re.findall(hidden, text) == []
