"""Sphinx: the pages of the repository as one site. Run by scripts/docs, with the repository's root as the source folder."""

import importlib
import importlib.util
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILT = ROOT / "build" / "docs"
EXECUTED = ROOT / "build" / "notebooks"

from sphinx.errors import ConfigError
from sphinx.ext.autodoc.mock import mock

sys.path[:0] = [str(HERE), str(ROOT / "python")]

import json_schema  # noqa: E402

project = "stemma"
copyright = "the authors of stemma, Apache-2.0"
version = release = (ROOT / "pyproject.toml").read_text().split('version = "')[1].split('"')[0]

extensions = ["sphinx.ext.autodoc", "breathe", "myst_nb"]
root_doc = "docs/index"
include_patterns = [
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "bench/README.md",
    "data/README.md",
    "docs/**.md",
    "examples/README.md",
    "python/notebooks/*.ipynb",
]
exclude_patterns = ["build", ".*"]
highlight_language = "none"
nitpicky = True
nitpick_ignore_regex = [
    # Types of others, for whose pages no inventory is fetched.
    ("cpp:identifier", r"(std|absl|H|T)(::.*)?"),
    ("cpp:identifier", r"LlrCalibration|Content"),  # a concept and a type that is declared only: Breathe shows neither
    ("c:identifier", r"u?int\d+_t|size_t"),
    ("py:.*", r"stemma\._core\..*|ScoreName|Progress|Path|Reduction"),  # private aliases
    ("py:.*", r"(os|pathlib|collections|typing|numpy|pandas|polars|matplotlib|sklearn)\..*|NDArray|ArrayLike|Axes"),
]

html_theme = "furo"
html_title = "stemma"
html_static_path = ["style.css"]
html_css_files = ["style.css"]
html_extra_path = ["index.html"]
html_copy_source = False
html_theme_options = {"navigation_with_keys": True}

myst_heading_anchors = 4
nb_execution_mode = "off"  # scripts/notebooks has run them
nb_ipywidgets_js = {}  # would come from elsewhere

# The reference needs neither the compiled extension nor what estimators are built on.
autodoc_mock_imports = ["stemma._core", "numpy", "sklearn"]
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_class_signature = "separated"
python_display_short_literal_types = True
python_maximum_signature_line_length = 88

breathe_projects = {"stemma": str(BUILT / "doxygen" / "xml")}
breathe_default_project = "stemma"
breathe_default_members = ("members",)
breathe_domain_by_file_pattern = {"*/c.h": "c"}
breathe_show_include = False
cpp_maximum_signature_line_length = c_maximum_signature_line_length = 100


def _load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _headers_by_folder():
    """The public headers of each floor, as tests/layering places them."""
    layering = _load(ROOT / "tests" / "layering" / "layering.py")
    folders = {}
    for path in sorted((ROOT / "include" / "stemma").glob("*.h")):
        folders.setdefault(layering.folder_of_header(ROOT, path.stem), []).append(path.name)
    return folders




def _python_reference():
    """A section for each module of the package, of its public names."""
    with mock(autodoc_mock_imports):
        stemma = importlib.import_module("stemma")
        modules = {}
        for name in (*stemma.__all__, "Result", "ProgramResult", "KeptResult", "Record"):
            found = getattr(stemma, name, None) or getattr(importlib.import_module("stemma._result"), name)
            modules.setdefault(found.__module__, []).append((name, "class" if isinstance(found, type) else "function"))
    for module, names in modules.items():
        yield f"\n## {', '.join(f'`{name}`' for name, _ in names)}\n\n```{{eval-rst}}\n"
        for name, kind in names:
            public = name if name in stemma.__all__ else f"_result.{name}"
            yield f".. auto{kind}:: stemma.{public}\n" + ("   :members:\n   :undoc-members:\n   :show-inheritance:\n" if kind == "class" else "")
        yield "```\n"


SCHEMAS = {"docs/reference/report-json": "docs/report.schema.json", "docs/reference/same-json": "docs/same.schema.json"}
HEADERS = _headers_by_folder()


def require_pages_of_headers(app, env, docnames):
    for folder in HEADERS:
        if f"docs/reference/{folder}" not in env.found_docs:
            raise ConfigError(f"public headers of lib/{folder} have no page: write docs/reference/{folder}.md")


def complete_source(app, docname, source):
    """Headers go onto the page of their folder, schemas onto theirs, and a notebook's place is taken by what running it gave."""
    if docname.startswith("docs/reference/"):
        for header in HEADERS.get(docname.rpartition("/")[2], []):
            source[0] += f"\n## `stemma/{header}`\n\n```{{doxygenfile}} {header}\n```\n"
    if docname == "docs/reference/python":
        source[0] += "".join(_python_reference())
    if docname in SCHEMAS:
        source[0] += json_schema.as_markdown(ROOT / SCHEMAS[docname])
    if docname.startswith("python/notebooks/"):
        source[0] = (EXECUTED / f"{docname.rpartition('/')[2]}.ipynb").read_text(encoding="utf-8")


def list_parameters(app, what, name, obj, options, lines):
    """Docstrings say `name: what it is`, a line each: in reStructuredText that is a list only with bullets."""
    if what not in ("class", "function", "method"):
        return
    for k, line in enumerate(lines):
        names, colon, rest = line.partition(": ")
        if colon and all(part.isidentifier() and part.islower() or part in ("X", "y") for part in names.split(", ")):
            lines[k] = f"- **{names}**: {rest}"
        elif line.startswith("    ") and k and lines[k - 1].startswith(("- **", "  ")):
            lines[k] = "  " + line.strip()
    for k in range(len(lines) - 1, 0, -1):
        if lines[k].startswith("- **") and lines[k - 1] and not lines[k - 1].startswith(("- **", "  ")):
            lines.insert(k, "")


def leave_out_constructors_of_results(app, what, name, obj, skip, options):
    return skip or name == "__init__" and obj.__module__ != "stemma.estimators"


def setup(app):
    app.connect("autodoc-skip-member", leave_out_constructors_of_results)
    app.connect("env-before-read-docs", require_pages_of_headers)
    app.connect("source-read", complete_source)
    app.connect("autodoc-process-docstring", list_parameters)
