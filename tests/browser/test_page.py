"""The page loads nothing, complains of nothing, can be read by all, and shows hostile text as text."""

import base64
import hashlib
import json
import random
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from browser import SCHEMES, TREE, WIDTHS
from conftest import DEMO, stemma, write_page
from naughty import naughty

MAX_BYTES = 400_000
MAX_PRINTED_PAGES = 12
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


MODELS, PROMPTS = 24, 24


def made_up_panel(folder, names):
    """Of made-up answers, the same whatever the names are: of models, makers, families, groups and of the panel itself."""
    folder.mkdir()
    draw = random.Random(1)
    words = [f"{a}{b}{c}" for a in ("br", "k", "st", "m") for b in ("a", "o", "ei") for c in ("n", "ck", "ding", "tion")]
    rows, signatures = ["model\torganisation\tfamily\tgroup"], []
    for name in names:
        spoken = draw.sample(words, 20)
        records = [
            {"model": name, "prompt": f"prompt {prompt}", "response": " ".join(["The", *draw.choices(spoken, k=60), "of", "it."])}
            for prompt in range(PROMPTS)
        ]
        source = folder / f"{len(signatures)}.jsonl"
        source.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
        signatures.append(source.with_suffix(".stemma"))
        stemma("sign", source, "-o", signatures[-1])
        rows.append("\t".join([name] * 4))
    (folder / "models.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    panel = folder / "panel.stemma"
    stemma("panel", "build", *signatures[1:], "--metadata", folder / "models.tsv", "--title", names[0], "--source", names[1],
           "--licence", names[2], "-o", panel)
    return ("--panel", panel), signatures[0]


def test_a_hostile_panel_leaves_the_elements_as_they_are(browser, tmp_path):
    """All strings, shared out among the names of a panel; but for what would end a cell of the table of models."""
    strings = [re.sub(r"[\t\n\r]", " ", text) for text in naughty()]
    hostile = [f"{k:02} " + " ".join(strings[k::MODELS]) + " end" for k in range(MODELS)]
    # As long, so that labels are shortened where the others are.
    harmless = [f"{k:02} " + ("word " * len(name))[:max(80, len(name) - 3)] + "end" for k, name in enumerate(hostile)]
    trees = []
    for kind, names in (("harmless", harmless), ("hostile", hostile)):
        options, candidate = made_up_panel(tmp_path / kind, names)
        with browser.open(write_page(candidate, tmp_path / f"{kind}.html", *options), 400) as opened:
            trees.append(without_text(opened.page.evaluate(TREE)))
            assert opened.complaints == [] and len(opened.requests) == 1
            assert opened.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
            shown = opened.page.evaluate("() => document.body.textContent")
            assert names[2][:12] in shown
    assert trees[0] == trees[1]


def test_print_shows_what_is_folded_on_a_screen(browser, page_file, tmp_path):
    """A court reads paper: the numbers behind each figure must be on it, and nothing there must need a click."""
    with browser.open(page_file) as opened:
        opened.page.emulate_media(media="print")
        folded = opened.page.evaluate("""() => [...document.querySelectorAll('details table')].map(
            e => [e.getBoundingClientRect().height, e.checkVisibility({contentVisibilityAuto: true})])""")
        assert folded and all(height > 20 and visible for height, visible in folded), folded
        assert opened.page.evaluate("() => [...document.querySelectorAll('summary')].every(e => e.offsetHeight === 0)")
        pdf = opened.page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf))
    assert 0 < pages <= MAX_PRINTED_PAGES
