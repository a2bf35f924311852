"""Finds words that accuse, in what people read: pages, help, templates, and string literals that the program prints.

A likeness between two models accuses nobody, and no wording may. What is read is the text as a reader meets it: across
line ends, in any case, without the marks of Markdown and HTML, literals joined and unescaped as a compiler would.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

# Between two words: white space, with what begins a line of a comment, a quotation or a list; no empty line.
_GAP = r"(?:[^\S\n]|\n(?!\s*\n)[ \t]*(?:(?://+|\#+|>|--|\|)[ \t]*)?)+"
# In a sentence: a full stop within a name or a number ends none, an empty line does.
_ON = r"(?:[^.!?\n]|[.!?](?=\w)|\n(?!\s*\n)){0,200}?"


def plain(word: str) -> str:
    """Without the ~ that parts words here and in tests, so that the lint does not find itself."""
    return word.replace("~", "")


def _whole(word: str) -> str:
    return rf"(?<![a-z]){word}(?![a-z])"


# What each is called, and how it is found.
_WORDS = {
    "pro~ves": _whole("pro~ves"),
    "pro~of of": _whole("pro~of" + _GAP + "of"),
    "sto~len": _whole("sto~len"),
    "the~ft": _whole("the~fts?"),
    "guil~ty": "guil~ty",
    "plag~iar": "plag~iar",
    "% dist~illed": rf"(?:%|per(?:{_GAP})?cent)(?:{_GAP})?dist~illed",
    "probability that … cop~ied": rf"{_whole('probability')}{_GAP}that(?![a-z]){_ON}{_whole('cop~ied')}",
    # Said of a candidate. Of a design, "matched" is none of them.
    "mat~ch": _whole("mat~ch(?:es)?"),
}
FORBIDDEN = {plain(name): re.compile(plain(pattern), re.IGNORECASE) for name, pattern in _WORDS.items()}


@dataclass(frozen=True)
class Allowed:
    """A use that is no accusation: `phrase`, as it stands in the file, white space apart, holds the word."""

    file: str  # from the root of the project
    phrase: str
    reason: str


@dataclass(frozen=True)
class Finding:
    file: str
    line: int
    word: str  # of FORBIDDEN
    text: str  # as found

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text!r} ({self.word})"


@dataclass
class Passage:
    """Text that is read in one go, with the line that each of its characters stands on."""

    text: str = ""
    lines: list[int] = field(default_factory=list)

    def add(self, text: str, line: int, moves: bool = True):
        """`moves`: whether line ends in the text are line ends of the file."""
        for character in text:
            self.text += character
            self.lines.append(line)
            line += moves and character == "\n"

    def without(self, pattern: re.Pattern) -> "Passage":
        """What the pattern finds is left out, line ends apart."""
        out, end = Passage(), 0
        for found in pattern.finditer(self.text):
            out._take(self, end, found.start())
            for k in range(found.start(), found.end()):
                if self.text[k] == "\n":
                    out._take(self, k, k + 1)
            end = found.end()
        out._take(self, end, len(self.text))
        return out

    def _take(self, other: "Passage", begin: int, end: int):
        self.text += other.text[begin:end]
        self.lines += other.lines[begin:end]


# Marks that a reader does not see.
_MARKS = re.compile(r"[*`]+|</?[a-z][^<>\n]*>|\u00ad", re.IGNORECASE)


def prose(text: str) -> list[Passage]:
    passage = Passage()
    passage.add(text, 1)
    return [passage]


# What a source consists of: literals, comments, and what stands between two literals without parting them.
_CPP = re.compile(
    r"""(?P<skipped>//[^\n]*|/\*.*?\*/|\s+)
      | (?P<include>\#[ \t]*include[^\n]*)
      | R"(?P<fence>[^()\\\s]{0,16})\((?P<raw>.*?)\)(?P=fence)"
      | "(?P<string>(?:[^"\\\n]|\\.)*)"
      | (?<![0-9a-z_])'(?:[^'\\\n]|\\.)+'
      | .""",
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
_PYTHON = re.compile(
    r"""(?P<skipped>\s+)
      | (?P<comment>\#[^\n]*\n?)
      | r[bf]?(?P<raw_quote>\"\"\"|\'\'\'|"|\')(?P<raw>(?:\\.|(?!(?P=raw_quote)).)*)(?P=raw_quote)
      | (?P<quote>\"\"\"|\'\'\'|"|\')(?P<string>(?:\\.|(?!(?P=quote)).)*)(?P=quote)
      | [fbu](?=["'])
      | \w+ | .""",
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:x[0-9a-f]+|u[0-9a-f]{4}|[0-7]{1,3}|.)", re.DOTALL | re.IGNORECASE)
_ESCAPED = {"n": "\n", "t": "\t", "r": " ", "\n": ""}


def _unescaped(escape: str) -> str:
    kind, digits = escape[1], escape[2:]
    if kind in "xu" and digits:
        return chr(int(digits, 16))
    if kind in "01234567":
        return chr(int(escape[1:], 8))
    return _ESCAPED.get(kind, kind)


def _add_literal(passage: Passage, literal: str, line: int):
    end = 0
    for escape in _ESCAPE.finditer(literal):
        passage.add(literal[end : escape.start()], line)
        line += literal.count("\n", end, escape.start())
        passage.add(_unescaped(escape.group()), line, moves=False)
        line += escape.group().count("\n")
        end = escape.end()
    passage.add(literal[end:], line)


def _literals(source: re.Pattern, text: str) -> list[Passage]:
    """Each literal with those that stand behind it and are one with it; likewise comments."""
    passages, before, line = [], None, 1
    for found in source.finditer(text):
        said = found.groupdict()
        kind = next((k for k in ("raw", "string", "comment") if said.get(k) is not None), None)
        if kind:
            joins = "comment" if kind == "comment" else "literal"
            if before != joins:
                passages.append(Passage())
            begin = line + text.count("\n", found.start(), found.start(kind))
            if kind == "string":
                _add_literal(passages[-1], said[kind], begin)
            else:
                passages[-1].add(said[kind], begin)
            before = joins
        elif said["skipped"] is None:
            before = None
        line += found.group().count("\n")
    return passages


def cpp_literals(text: str) -> list[Passage]:
    return _literals(_CPP, text)


def python_text(text: str) -> list[Passage]:
    """Comments, docstrings and other literals; names in code are not for readers."""
    return _literals(_PYTHON, text)


# What people read, from the root. Public headers are the library's reference, so their comments are read, too.
_PAGES = (
    "*.md",
    "docs/**/*",
    "data/*.*",
    "bench/*.md",
    "include/**/*",
    "lib/**/*",
    "tools/**/*",
    "python/**/*",
    "scripts/*",
    "tests/python/words.py",
    "tests/python/test_words.py",
)
_READERS = {".cc": cpp_literals, ".cpp": cpp_literals, ".h": cpp_literals, ".py": python_text}
# Told to no reader.
_NOT_READ = {"CMakeLists.txt"}


def files(root: Path) -> list[tuple[str, str]]:
    """The files that are read, from the root, with their text; those that are no text are left out."""
    found = []
    for path in sorted({path for pattern in _PAGES for path in root.glob(pattern)}):
        if not path.is_file() or path.name in _NOT_READ:
            continue
        content = path.read_bytes()
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            found.append((path.relative_to(root).as_posix(), text))
    return found


def _passages(file: str, text: str) -> list[Passage]:
    path = PurePosixPath(file)
    return prose(text) if path.parts[0] == "include" else _READERS.get(path.suffix, prose)(text)


def _spread(phrase: str) -> re.Pattern:
    return re.compile(r"\s+".join(map(re.escape, phrase.split())))


def find(file: str, text: str, allowed: tuple[Allowed, ...] = (), used: set[Allowed] | None = None) -> list[Finding]:
    """All uses in a text but those that are allowed, which are put into `used`. The file's name says how it is read."""
    findings = {}
    for raw in _passages(file, text):
        for passage, marks in ((raw, False), (raw.without(_MARKS), True)):
            spans = [
                (use, *at.span())
                for use in allowed
                if use.file == file
                for at in _spread(_MARKS.sub("", use.phrase) if marks else use.phrase).finditer(passage.text)
            ]
            for word, pattern in FORBIDDEN.items():
                for hit in pattern.finditer(passage.text):
                    covering = {use for use, begin, end in spans if begin <= hit.start() and hit.end() <= end}
                    if used is not None:
                        used |= covering
                    if not covering:
                        line = passage.lines[hit.start()]
                        findings.setdefault((line, word), Finding(file, line, word, hit.group()))
    return sorted(findings.values(), key=lambda finding: (finding.line, finding.word))


def accusations(text: str) -> list[str]:
    """In what the program prints."""
    return list(map(str, find("output", text)))


def lint(root: Path, allowed: tuple[Allowed, ...] = ()) -> list[str]:
    """What is wrong in a tree: words that accuse, and allowed uses that are not there."""
    used: set[Allowed] = set()
    wrong = [str(finding) for file, text in files(root) for finding in find(file, text, allowed, used)]
    return wrong + [f"{use.file}: {use.phrase!r} is allowed, and not there" for use in allowed if use not in used]
