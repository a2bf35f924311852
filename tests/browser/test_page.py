"""The page loads nothing, complains of nothing, can be read by all, and shows hostile text as text."""

import base64
import hashlib
import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from browser import SCHEMES, TREE, WIDTHS
from conftest import DEMO, write_page
from naughty import naughty

MAX_BYTES = 400_000
NAME = "hostile"


def test_style_is_the_one_that_the_policy_allows(page_file):
    text = page_file.read_text(encoding="utf-8")
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL).group(1)
    allowed = re.search(r"style-src 'sha256-([^']+)'", text).group(1)
    assert base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() == allowed


def test_loads_nothing_and_complains_of_nothing(browser, page_file):
    with browser.open(page_file) as opened:
        assert opened.complaints == []
        assert opened.requests == [page_file.resolve().as_uri()]


def test_policy_stands_behind_the_charset_and_before_all_else(browser, page_file):
    with browser.open(page_file) as opened:
        head = opened.page.evaluate("() => [...document.head.children].slice(0, 2).map(e => e.outerHTML)")
        assert "charset" in head[0] and "Content-Security-Policy" in head[1]
        assert opened.page.locator("script, link, iframe, img, object, embed").count() == 0


def test_is_small(page_file):
    assert page_file.stat().st_size < MAX_BYTES


def test_structure(browser, page_file):
    with browser.open(page_file) as opened:
        ask = opened.page.evaluate
        ids = ask("() => [...document.querySelectorAll('[id]')].map(e => e.id)")
        assert len(ids) == len(set(ids))
        levels = ask("() => [...document.querySelectorAll('h1,h2,h3,h4')].map(e => Number(e.localName[1]))")
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(after <= before + 1 for before, after in zip(levels, levels[1:]))
        assert ask("() => [...document.querySelectorAll('svg')].every("
                   "e => e.getAttribute('role') === 'img' && e.querySelector(':scope > title')?.textContent)")
        assert ask("() => [...document.querySelectorAll('figure')].every(e => e.querySelector('table'))")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_serious_for_accessibility_and_no_sideways_scrolling(browser, page_file, width, scheme):
    with browser.open(page_file, width, scheme) as opened:
        assert opened.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        violations = Axe().run(opened.page).response["violations"]
        print([(v["id"], v["impact"]) for v in violations])
        serious = [(v["id"], v["nodes"][0]["html"]) for v in violations if v["impact"] in ("serious", "critical")]
        assert serious == []


def rows(insert):
    """The example's responses with something put in front of each prompt and response, one after the other."""
    records = [json.loads(line) for line in (DEMO / "example.jsonl").read_text(encoding="utf-8").splitlines() if line]
    return [
        json.dumps({**record, "prompt": f"{insert(k)} {record['prompt']}", "response": f"{insert(k)} {record['response']}"})
        for k, record in enumerate(records)
        if "prompt" in record
    ]


def without_text(tree):
    """Labels are text, and drawings are as wide as theirs: of these only the names of attributes count."""
    free = {"aria-label", "x", "x1", "x2", "y", "y1", "y2", "d", "width", "height", "viewBox"}
    return [[tag, [[name, None if name in free else value] for name, value in own]] for tag, own in tree]


def test_hostile_names_leave_the_elements_as_they_are(browser, tmp_path):
    source = DEMO / "claude2-alpaca-13b.stemma"
    harmless = write_page(source, tmp_path / "harmless.html", "--name", NAME)
    with browser.open(harmless) as opened:
        expected = without_text(opened.page.evaluate(TREE))
    strings = [text for text in naughty() if text.strip()]
    assert len(strings) > 200
    hostile = write_page(source, tmp_path / "hostile.html", "--name", " ".join(strings))
    with browser.open(hostile, 400) as opened:
        assert without_text(opened.page.evaluate(TREE)) == expected
        assert opened.complaints == [] and len(opened.requests) == 1
        assert opened.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_hostile_prompts_and_responses_bring_no_element_of_their_own(browser, tmp_path):
    """Other texts have other scores, so that more or fewer prompts are shown: kinds of elements are compared."""
    strings, kinds = naughty(), []
    for name, insert in (("harmless", lambda k: f"word{k}"), ("hostile", lambda k: " ".join(strings[k::7]))):
        source = tmp_path / f"{name}.jsonl"
        source.write_text("\n".join(rows(insert)) + "\n", encoding="utf-8")
        with browser.open(write_page(source, tmp_path / f"{name}.html")) as opened:
            kinds.append({json.dumps(element) for element in without_text(opened.page.evaluate(TREE))})
            assert opened.complaints == [] and len(opened.requests) == 1
    assert kinds[1] <= kinds[0], kinds[1] - kinds[0]
