"""The gallery: six candidates of which something is known, and what a reader of their reports must not miss.

A case that begins to read otherwise is a change of the method: say so where it is made, and change the case with it.
"""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest

from conftest import ROOT, SHARED, SHIPPED
from words import accusations

WEIGHTS, DISTILLATION = 0, 1
# Some fifty; a later reference is told with who else could be meant, and few prompts have a table and warnings more.
MOST_LINES = 70


@dataclass(frozen=True)
class Judged:
    """Of one class of question: what the report must say."""

    subject: str
    verdict: str
    rule: int
    decided: tuple[str, ...]  # ids of the reasons that decided, each once


@dataclass(frozen=True)
class Expected:
    headline: str
    classes: tuple[Judged, Judged]
    sentences: tuple[str, ...]  # of the text


def unknown_error_rate(subject: str, *before: str) -> Judged:
    """Distillation: the panel's documented students have teachers of one organisation, so rule 1 holds for everyone."""
    return Judged(subject, "insufficient_evidence", 1, (*before, "calibration_uninformative"))


SUPPORTS, CONSISTENT = "supports_derivation", "consistent_with_shared_origin"
NO_SUPPORT, INSUFFICIENT = "no_support", "insufficient_evidence"
EXPECTED = {
    "restyle": Expected(
        CONSISTENT,
        (
            Judged(
                "gpt4_1106_preview",
                CONSISTENT,
                3,
                ("base_within_interval", "family_member_within_interval", "sibling_within_interval"),
            ),
            unknown_error_rate("gpt4_1106_preview"),
        ),
        ("gpt-4-0125-preview (sibling), ", "lie within the reference's interval"),
    ),
    "fine-tune": Expected(
        SUPPORTS,
        (Judged("Mistral-7B-Instruct-v0.2", SUPPORTS, 4, ()), unknown_error_rate("Mistral-7B-Instruct-v0.2")),
        ("Mistral-7B-Instruct-v0.2 or a close relative of it", "moderate support (LR 10-100)", "screening"),
    ),
    "student": Expected(
        INSUFFICIENT,
        (
            Judged("nous-hermes-13b", NO_SUPPORT, 2, ("interval_reaches_one", "p_above_alpha")),
            unknown_error_rate("nous-hermes-13b"),
        ),
        ("gpt-3.5-turbo-0301",),
    ),
    "innocent": Expected(
        INSUFFICIENT,
        (
            Judged("mistral-medium", NO_SUPPORT, 2, ("interval_reaches_one",)),
            unknown_error_rate("mistral-medium"),
        ),
        (
            "0 of 40 groups as near",
            "named beforehand",
            "dbrx-instruct",
            "by the lower end",
        ),
    ),
    "too-few-prompts": Expected(
        INSUFFICIENT,
        (
            Judged("Mistral-7B-Instruct-v0.2", NO_SUPPORT, 2, ("interval_reaches_one",)),
            unknown_error_rate("Mistral-7B-Instruct-v0.2", "too_few_prompts"),
        ),
        ("40 prompts are shared with the panel; 50 are needed", "carries no verdict"),
    ),
    "later-reference": Expected(
        INSUFFICIENT,
        (
            Judged("claude-3-opus-20240229", INSUFFICIENT, 1, ("reference_released_later",)),
            unknown_error_rate("claude-3-opus-20240229", "reference_released_later"),
        ),
        (
            "the reference was released after the candidate",
            "a close relative of it is not ruled out",
            "nearest of the references not known to be later: claude-2 (",
        ),
    ),
}
EACH = pytest.mark.parametrize("case", EXPECTED)


@dataclass
class Gallery:
    folder: Path
    printed: str

    def text(self, case: str) -> str:
        """On one line: sentences are wrapped."""
        return " ".join((self.folder / f"{case}.txt").read_text(encoding="utf-8").split())

    def page(self, name: str) -> str:
        return (self.folder / f"{name}.html").read_text(encoding="utf-8")

    def report(self, case: str) -> dict:
        return json.loads((self.folder / f"{case}.json").read_text(encoding="utf-8"))["canonical"]


@pytest.fixture(scope="module")
def gallery(stemma, tmp_path_factory) -> Gallery:
    folder = tmp_path_factory.mktemp("gallery")
    environment = {**os.environ, "STEMMA_CLI": stemma.path, "STEMMA_DATA": str(SHIPPED.resolve())}
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "gallery", folder], env=environment, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0 and done.stderr == "", done.stderr
    return Gallery(folder, done.stdout)


class Page(HTMLParser):
    def __init__(self, source: str):
        super().__init__()
        self.tags, self.links, self.ids, self.policy, self.style, self.words = set(), [], set(), "", "", []
        self.attributes, self.within = set(), ""
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.add(tag)
        self.attributes |= set(given)
        self.ids.add(given.get("id"))
        self.links += [given[name] for name in ("href", "src") if name in given]
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]
        self.within = tag

    def handle_endtag(self, tag):
        self.within = ""

    def handle_data(self, data):
        if self.within == "style":
            self.style += data
        else:
            self.words.append(data)


def only(found: list) -> dict:
    assert len(found) == 1
    return found[0]


def reference(report: dict, evidence_class: int, name: str) -> dict:
    families = report["classes"][evidence_class]["families"]
    return only([r for family in families for r in family["references"] if r["reference"] == name])


@EACH
def test_each_reads_right(gallery, case):
    report, expected = gallery.report(case), EXPECTED[case]
    assert report["headline"]["verdict"] == expected.headline
    for found, judged in zip(report["classes"], expected.classes, strict=True):
        decided = {reason["id"] for reason in found["reasons"] if reason["effect"] == "decided"}
        assert Judged(found["subject"], found["verdict"], found["rule"], tuple(sorted(decided))) == Judged(
            judged.subject, judged.verdict, judged.rule, tuple(sorted(judged.decided))
        )


@EACH
def test_text_says_what_a_reader_must_not_miss(gallery, case):
    text, expected = gallery.text(case), EXPECTED[case]
    wanted = ("A likeness is not descent", "Direction: not determined", expected.headline, *expected.sentences)
    assert [sentence for sentence in wanted if sentence not in text] == []
    for judged in expected.classes:
        assert judged.verdict in text and judged.subject in text


@EACH
def test_page_says_it_too(gallery, case):
    words = " ".join(" ".join(Page(gallery.page(case)).words).split())
    wanted = (EXPECTED[case].headline, *(judged.verdict for judged in EXPECTED[case].classes), "Direction")
    assert [word for word in wanted if word not in words] == []


def test_no_verdict_but_the_fine_tunes_supports_derivation(gallery):
    found = {case: [c["verdict"] for c in gallery.report(case)["classes"]] for case in EXPECTED}
    assert [case for case, verdicts in found.items() if SUPPORTS in verdicts] == ["fine-tune"]
    for case in EXPECTED:
        assert (SUPPORTS in gallery.text(case)) == (case == "fine-tune")


def test_support_is_bounded_however_large_the_ratio(gallery):
    ratio = reference(gallery.report("fine-tune"), WEIGHTS, "Mistral-7B-Instruct-v0.2")["likelihood_ratio"]
    assert ratio["unbounded"]["value"] > 1e6 and ratio["bounded"]["value"] < 100


def test_sibling_is_nearer_than_the_teachers(gallery):
    for found in gallery.report("student")["classes"]:
        nearest = found["families"][0]["references"][0]
        assert nearest["reference"] == "nous-hermes-13b" == found["subject"]
        assert nearest["p_value"]["groups_at_least_as_near"] > 1


def test_the_innocents_temptation_is_there(gallery):
    """p as small as it can be and a likelihood ratio at its bound: it is the interval that holds the verdict back."""
    report = gallery.report("innocent")
    found = reference(report, WEIGHTS, "mistral-medium")
    ratio = found["likelihood_ratio"]
    assert found["p_value"]["value"] == found["p_value"]["floor"] <= 0.05
    assert found["p_value"]["groups_at_least_as_near"] == 0
    assert ratio["bounded"]["value"] == ratio["bounds"]["upper"] < ratio["unbounded"]["value"]
    assert ratio["bounded"]["lower"] < 0.5
    # Known to the panel, so its own row there is left out, and the report says so.
    assert [w["id"] for w in report["warnings"] if w["id"].startswith("candidate_")]


def test_few_prompts_are_those_of_the_fine_tune(gallery):
    few, all_of_them = gallery.report("too-few-prompts"), gallery.report("fine-tune")
    assert few["candidate"]["model"] == all_of_them["candidate"]["model"]
    assert (few["candidate"]["shared_prompts"], all_of_them["candidate"]["shared_prompts"]) == (40, 805)
    assert "few_shared_prompts" in [warning["id"] for warning in few["warnings"]]


def test_without_the_date_the_later_reference_is_judged_by_its_figures(stemma):
    """The date decides, and nothing else in the case's file: it is stated beside the signature."""
    signature = SHIPPED / "demo" / "claude2-alpaca-13b.stemma"
    shown = stemma("audit", signature, "--reference", "claude-3-opus-20240229", "--json", "-").out
    weights = json.loads(shown)["canonical"]["classes"][WEIGHTS]
    assert "reference_released_later" not in [reason["id"] for reason in weights["reasons"]]


@pytest.mark.skipif(not (SHARED / "data/alpaca_eval").is_dir(), reason="the public responses (../shared) are not here")
def test_candidates_are_made_by_the_committed_script(stemma, tmp_path):
    """`--demo` alone, beside a vocabulary that is there: the same bytes and checksums."""
    for name in ("vocabulary.stemma", "panel.stemma", "embeddings.stemma", "self_identification.json"):
        (tmp_path / name).symlink_to((SHIPPED / name).resolve())
    script = ROOT / "scripts" / "build-data"
    environment = {**os.environ, "STEMMA_CLI": stemma.path}
    subprocess.run([script, "--demo", SHARED / "data", tmp_path], check=True, env=environment, capture_output=True)
    assert (tmp_path / "SHA256SUMS").read_text() == (SHIPPED / "SHA256SUMS").read_text()


@EACH
def test_report_comes_out_again(gallery, stemma, case):
    stemma("reproduce", gallery.folder / f"{case}.json")


@EACH
def test_text_is_for_one_screen_and_page_says_not_where_files_lay(gallery, case):
    lines = (gallery.folder / f"{case}.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= MOST_LINES and max(map(len, lines)) <= 110
    for folder in (SHIPPED.resolve(), gallery.folder.resolve()):
        assert str(folder) not in gallery.page(case)


def test_index_names_each_case_and_its_verdicts(gallery):
    page = gallery.page("index")
    sections = dict(re.findall(r'<section id="([^"]+)">(.*?)</section>', page, re.DOTALL))
    assert list(sections) == list(EXPECTED)
    for case, section in sections.items():
        rows = "Verdict|Shared weights|Distillation"
        shown = re.findall(rf"<dt>({rows})</dt><dd>(?:<strong>)?<code>(\w+)</code>", section)
        expected = EXPECTED[case]
        assert [verdict for _, verdict in shown] == [expected.headline, *(c.verdict for c in expected.classes)]
        assert Page(section).links == [f"{case}.{form}" for form in ("html", "txt", "json")]
        assert re.search(rf"^{case} +{expected.headline}$", gallery.printed, re.MULTILINE)


@pytest.mark.parametrize("name", ("index", *EXPECTED))
def test_pages_run_nothing_and_fetch_nothing(gallery, name):
    page = Page(gallery.page(name))
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    assert page.policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not page.tags & {"script", "iframe", "object", "embed", "link", "img", "base", "form"}
    assert not [name for name in page.attributes if name.startswith("on") or name == "style"]
    for link in page.links:
        assert link[1:] in page.ids if link.startswith("#") else (gallery.folder / link).is_file(), link


@pytest.mark.parametrize("name", ("index", *EXPECTED))
def test_nothing_accuses(gallery, name):
    assert accusations(gallery.page(name)) == []
    if name != "index":
        assert accusations(gallery.text(name)) == []


def test_refuses_what_it_does_not_know():
    script = ROOT / "scripts" / "gallery"
    done = subprocess.run([sys.executable, script, "--all"], capture_output=True, encoding="utf-8")
    assert done.returncode == 2 and "Usage: scripts/gallery [FOLDER]" in done.stderr and done.stdout == ""
