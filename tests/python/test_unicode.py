"""Every code point that Python knows, and the cases that trip tokenizers, token for token through the program.

The hash of an answer's tokens before masking stands in signatures for answers of at least 50 tokens; each text here is
made that long by a border of plain words.
"""

import json
import random
import unicodedata

import pytest

import reference
from reference_score import Kept, analyse
from stemma_files import (
    MIN_COPY_TOKENS,
    Row,
    prompt_id_key,
    read_signature,
    vocabulary_brands,
    vocabulary_words,
    write_vocabulary,
)

BORDER = "a b " * (MIN_COPY_TOKENS // 2)
BLOCK = 64
CONTEXTS = (
    "{0}",
    "a{0}b",
    "{0}{0} 1{0}2",
    "x\u0301{0}\u0301",
    "{0}- a",
    "Y{0}'{0}z",
    "{0}.",
    "-{0}c",
    "1.{0}",
    "#{0}",
    "**{0}**",
)


def signed(stemma, folder, vocabulary, texts: dict[str, str]) -> dict[str, Row]:
    """The signature's row of each text, by its id."""
    lines = [json.dumps({"model": "m", "prompt_id": key, "response": text}) for key, text in texts.items()]
    (folder / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    stemma("sign", folder / "in.jsonl", "--vocabulary", vocabulary, "-o", f"{folder}/")
    rows = read_signature(folder / "m.stemma")
    return {key: rows[prompt_id_key(key)] for key in texts}


class Comparison:
    """Texts through the program and through the reference, under one vocabulary."""

    def __init__(self, stemma, folder, vocabulary):
        self.stemma, self.folder, self.vocabulary = stemma, folder, vocabulary
        self.brands = reference.brand_phrases(vocabulary_brands(vocabulary))
        self.kept = Kept(vocabulary_words(vocabulary))

    def disagreements(self, texts: dict[str, str]) -> list[str]:
        """The ids of texts whose tokens, before or after masking, are not the same."""
        texts = {key: f"{BORDER}{text} {BORDER}" for key, text in texts.items()}
        rows = signed(self.stemma, self.folder, self.vocabulary, texts)
        return [key for key, text in texts.items() if not self.agrees(rows[key], text)]

    def agrees(self, row: Row, text: str) -> bool:
        wanted = analyse(text, self.brands, self.kept)
        return row.token_hashes == [wanted.copy_hash] and row.grams.keys() == wanted.grams


@pytest.fixture
def compare(stemma, tmp_path, corpus) -> Comparison:
    return Comparison(stemma, tmp_path, corpus.vocabulary)


def in_contexts(code_points: range | list[int]) -> str:
    return "\n".join(context.format(chr(c)) for c in code_points for context in CONTEXTS)


def known(code: int) -> bool:
    """Assigned in Python's Unicode version, or one of a few private, unassigned and noncharacter ones.

    Not U+FFFF: the program has it stand for ill-formed bytes.
    """
    category = unicodedata.category(chr(code))
    return category not in ("Cs", "Cn", "Co") or code in (0xE000, 0xF8FF, 0x0378, 0x1FFFE, 0xFFFE, 0x10FFFE, 0xF0000)


# Han and Hangul syllables fill whole planes; of each some hundreds are enough, at the borders and between.
BULK = (
    range(0x3500, 0x4D00),
    range(0x4F00, 0x9F00),
    range(0xAD00, 0xD700),
    range(0x20100, 0x32000),
    range(0x17100, 0x18C00),
)
CODE_POINTS = [c for c in range(0x110000) if known(c) and (c % 37 == 0 or not any(c in bulk for bulk in BULK))]


# Among the ideographs' blocks, and no letters: masks should keep them, as all punctuation.
PUNCTUATION = [c for c in range(0x3040, 0x3100) if unicodedata.category(chr(c))[0] not in "LC"]


@pytest.mark.parametrize("part", range(4))
def test_code_points(compare, part):
    mine = [c for c in CODE_POINTS if c not in PUNCTUATION][part::4]
    blocks = {f"{k}": mine[k : k + BLOCK] for k in range(0, len(mine), BLOCK)}
    bad = compare.disagreements({k: in_contexts(b) for k, b in blocks.items()})
    # Once more one by one, to say which they are.
    bad = bad and compare.disagreements({f"U+{c:04X}": in_contexts([c]) for k in bad for c in blocks[k]})
    assert not bad, f"{len(bad)} differ: {bad[:40]}"


def test_punctuation_among_ideographs(compare):
    assert not compare.disagreements({f"U+{c:04X}": in_contexts([c]) for c in PUNCTUATION})


CASES = {
    "line ends": "a\r\nb\rc\n\rd\r\n\r\ne\x85f\u2028g\u2029h\vi\fj\n \t\n k\u00a0\nl\u3000\n\u2003m",
    "control": "a\x00b \x01c d\x1fe \x7ff\x80g \x9f \x1b[31mred\x1b[0m \ufeffbom",
    "joiners": (
        "wo\u200brd wo\u200crd wo\u200drd wo\u2060rd so\u00adft \u200e\u200fx \u061c y\u034fz \u115f \u3164 "
        "\ufff9"
    ),
    "private": "a\ue000b \ue000 \uf8ff \U000f0000 \U0010fffd a\u0378b \ufdd0 \ufffe \U0001ffff 3\ue0004",
    "replacement": "a\ufffdb \ufffd",
    "turkish": "I ı İ i i\u0307 İSTANBUL Istanbul ıI",
    "sigma": "ΟΔΥΣΣΕΥΣ οδυσσευς Σ σ ς ΣΑΣ Σ\u0301",
    "sharp s": "STRASSE Straße ẞ ß MASSE",
    "ligatures": "ﬁ ﬂ ﬃ ﬆ ﬗ ŉ ǰ ΐ և ẚ ß",
    "iota": "ᾳ ᾼ ᾲ ᾷ ῼ ͅ α\u0345 α\u0345\u0301 Α\u0301\u0345 ᾈ ᾀ ι",
    "fullwidth": "ＡＢＣ ａｂｃ １２ １２３ １２３４ １２３４５ ．，！ １．　x\n１． y\nｶﾀｶﾅ ｶﾞ",
    "digits": "٣ ٣٤ ٣٤٥ ٣٤٥٦ ٣٤٥٦٧ १२३४ 𝟏𝟐𝟑 1٣४ 12a 123a 1234a a1234",
    "other numbers": "x² x²y 2² ½ 1½ Ⅻ ⅻ ⅷa ① ⑳ 〇 〡 ೧ ㊿ 𐄇 1st 3Ⅳ",
    "keycaps": "1️⃣ 12️⃣ #️⃣ *️⃣ 1\ufe0f 1\u20e3 123\ufe0f 1234\u20e3\n1️⃣ first\n#️⃣ x\n*️⃣ y",
    "emoji": "❤️ ❤ 👍🏽 👩‍👩‍👧 🇩🇪 🏴\U000e0067\U000e0062\U000e007f x❤️y ☺︎ ©️ ™",
    "marks": (
        "\u0301 \u0301a a\u0301\u0301 q\u0323\u0307 q\u0307\u0323 '\u0301 a'\u0301b a\u0301'b 5\u0301 "
        "12\u0301 1234\u0301 -\u0301 x \u093e"
    ),
    "composition": (
        "e\u0301 é E\u0301 É Å \u212b A\u030a ẛ̣ ṩ s\u0323\u0307 s\u0307\u0323 각 \u1100\u1161\u11a8 \u0958 "
        "\u0915\u093c \u0344 \u1fef `` \u037e"
    ),
    "quotes": "‘a’ ‚b‛ “c” „d‟ e′ f″ gʼh don’t l‘l it‛s ‐‑‒–—―− x’s ’tis dogs’ rock’n’roll a''b a'-b 'a' \u2018\u2018",
    "apostrophes": "a'b a'1 1'a 1'2 12'34 123'456 a'漢 漢'a é'é 'é o'\u200bneil",
    "ideographs": "漢字 かな カナ ー ヽ 々 〆 〤 〇 ㍿ 豈 𠀀𪜀 a漢b 1漢2 漢1 ァ ㇰ ｱ 한글 ㄱ \u3005",
    "thai and indic": "ภาษาไทย ก็ हिन्दी में க்ஷ ক্ষ မြန်မာ ខ្មែរ ༡༢༣ བོད",
    "right to left": "שָׁלוֹם عَرَبِيّ ـ ۱۲۳ ﷺ ﻻ ﬡ",
    "capitals": "ǅ Ǆ ǆ 𐐀 𐐨 Ꭰ ꭰ Ა ა ᲀ Ⓐ ⓐ Ⅷ K ϴ Ω µ Μ ſ ẖ Ɐ",
    "bullets": (
        "- a\n-b\n -  c\n* d\n*e\n+ f\n+g\n-\n*\n- \n-\u00a0h\n•i\n• j\n– k\n— l\n** m\n*** n\n--- \n- - "
        "o\n-\tp\n-\u2003q\n-\u200b r"
    ),
    "numbering": (
        "1. a\n1) b\n12. c\n123. d\n1234. e\n1.\n1)\n1.f\n1 . g\n1.\u00a0h\n01. i\n1.2. j\n1.2 k\n٣. l\n1: "
        "m\n(1) n\n1.) o\na. p"
    ),
    "headings": (
        "# a\n## b\n### c\n#### d\n##### e\n###### f\n####### g\n#h\n#\n##\n #\u3000i\n# # j\n\\# "
        "k\n######\n#######"
    ),
    "code": "```\ncode\n```\n````\n`x`\n``` ```python\na```b\n``c``\n```",
    "bold": "**a** ***b*** ****c**** * *d* **e\n**f**\n** g\n*h* a**b a*b __i__",
    "numbers": "7 42 100 1999 12345 3.14 1,000 1,000,000 0x1F 5th 1e5 007 2024-01-31 12:30 99% $5 1/2 v2 a1b2 1a",
    "newlines": "a\nb\n\nc\n\n\nd\n \ne\n\u00a0\nf\n\u200b\ng\n\ue000\nh\n\u0301\ni",
    "brands": (
        "ChatGPT chatgpt's ChatGPT’s Open AI open-ai Open.AI OPENAI OpenAI-s GPT-4 gpt4 gpt 4 GPT-3.5-turbo "
        "gpt-4-0613 GPT-4o Claude 2.1, claude-instant claude3 Claude-3-opus-20240229 llama-2-70b-chat Llama 2 (7B) "
        "Qwen2.5-72B's qwen 文心一言 通义千问2.5 Google-Bard Google Bard's Meta AI metaai Yi-34B-Chat yi. x.ai xAI "
        "phi-3-mini-4k Command R+ text-davinci-003 openai, google and microsoft openai google Open  AI open\nai "
        "ai21 labs ai21"
    ),
    "suffixes": (
        "running red bed ly fly nation mansion moment kindness table bible awful famous active realize promise city "
        "ter actor best real music prism artist boxes is bus seing xing xxing abcd abcde ABCDE's it's éing ..ing"
    ),
    "markup": (
        '<N> <P> <BRAND> <ANSWER> </ANSWER> <NUM> <b>bold</b> &amp; {"a": [1, 2]} \\n $x^2$ | a | b |\n|---|---|\n'
        "~~x~~ [a](http://b.c/d?e=f)"
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_case(compare, name):
    """Each line of the case is a text of its own, and all of it one."""
    texts = {f"{k}": text for k, text in enumerate([CASES[name], *CASES[name].split("\n"), *CASES[name].split(" ")])}
    bad = compare.disagreements(texts)
    assert not bad, [ascii(texts[k]) for k in bad]


PIECES = [
    *"aZé9٣漢Σ-*+#.)'`\"!:",
    " ",
    " ",
    " ",
    "\n",
    "\n",
    "\r\n",
    "\n\n",
    "\t",
    "\u00a0",
    "\u200b",
    "\u0301",
    "\ufe0f",
    "\ue000",
    "the",
    "word",
    "12",
    "123",
    "2024",
    "12345",
    "1.",
    "10)",
    "- ",
    "* ",
    "# ",
    "### ",
    "**",
    "```",
    "’",
    "“",
    "—",
    "İ",
    "ß",
    "ﬁ",
    "👍🏽",
    "²",
    "Ⅻ",
    "ｶ",
    "gpt",
    "GPT-4",
    "claude",
    "open",
    "ai",
    "AI",
    "llama",
    "qwen2.5",
    "meta",
    "chat",
    "turbo",
    "mini",
    "7b",
    "'s",
    "google",
    "bard",
    "文心一言",
]


def test_random_texts(compare):
    rng = random.Random(1)
    texts = {f"{k}": "".join(rng.choices(PIECES, k=rng.randrange(1, 40))) for k in range(2000)}
    bad = compare.disagreements(texts)
    assert not bad, f"{len(bad)} differ: {[ascii(texts[k]) for k in bad[:5]]}"


# Names within names, with digits, with possessives.
NAMES = [
    "gpt",
    "gpt neo x",
    "neo",
    "ai21",
    "ai21 labs",
    "open ai",
    "open",
    "o1",
    "r'n'd",
    "bob",
    "4chan",
    "x.ai",
    "stable-diffusion",
    "É",
    "Ärzte",
    "漢",
    "漢字",
    "７７",
    "llama chat",
    "llama",
]
# Names that another name begins.
NESTED = ["gpt4all", "ai", "o", "bob's"]
NAME_PIECES = [
    "gpt",
    "gpt4",
    "gpt4all",
    "neo",
    "x",
    "ai",
    "ai21",
    "21",
    "labs",
    "open",
    "o1",
    "o",
    "1",
    "r'n'd",
    "bob",
    "bob's",
    "'s",
    "4chan",
    "4",
    "stable",
    "diffusion",
    "é",
    "É",
    "e\u0301",
    "ärzte",
    "漢",
    "字",
    "７７",
    "77",
    "llama",
    "chat",
    "chat's",
    "7b",
    "123",
    "2024",
    "3.5",
    "xl",
    *"    --.\n_",
    "’s",
]


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(NAMES, id="apart"),
        pytest.param(NAMES + NESTED, id="nested"),
    ],
)
def test_random_brands(stemma, tmp_path, corpus, names):
    write_vocabulary(tmp_path / "vocabulary", names, vocabulary_words(corpus.vocabulary))
    compare = Comparison(stemma, tmp_path, tmp_path / "vocabulary")
    rng = random.Random(2)
    texts = {f"{k}": "".join(rng.choices(NAME_PIECES, k=rng.randrange(1, 12))) for k in range(2000)}
    bad = compare.disagreements(texts)
    assert not bad, f"{len(bad)} differ: {[ascii(texts[k]) for k in sorted(bad, key=lambda k: len(texts[k]))[:8]]}"
