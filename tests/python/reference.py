"""The recipe's tokenizer, masks and component B once more, in plain Python and NumPy.

Written from the description alone and sharing nothing with lib/: where both agree on every token, gram and score,
neither has a slip of the pen. Speed does not matter here; sentences of the description do.
"""
import functools
import re
import sys
import unicodedata

import numpy as np

SUFFIXES = "ing ed ly tion sion ment ness able ible ful ous ive ize ise ity er or est al ic ism ist es s".split()
FOLDED = {c: "'" for c in "\u2018\u2019\u201a\u201b\u2032\u02bc"} | {c: '"' for c in "\u201c\u201d\u201e\u201f\u2033"} | {
    c: "-" for c in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"}
LINE_ENDS = "\r\n|[\r\x85\u2028\u2029]"
CJK = "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"


@functools.lru_cache(None)
def category(char):
    return unicodedata.category(char)


def ranges(wanted):
    """A regular expression's character class of all code points whose general category begins with one of `wanted`."""
    out, start = [], None
    for code in range(sys.maxunicode + 2):
        inside = code <= sys.maxunicode and not 0xD800 <= code < 0xE000 and category(chr(code)).startswith(wanted)
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            out.append(f"{re.escape(chr(start))}-{re.escape(chr(code - 1))}")
            start = None
    return "".join(out)


LETTER, SYMBOL = ranges(("L",)), ranges(("P", "S", "Nl", "No"))
MARK, DIGIT = ranges(("M",)), ranges(("Nd",))
WORD = f"(?:(?![{CJK}])[{LETTER}{DIGIT}])(?:(?![{CJK}])[{LETTER}{DIGIT}]|[{MARK}])*"
TOKEN = re.compile(f"(?P<code>```)|(?P<bold>\\*\\*)|(?P<cjk>(?=[{LETTER}])[{CJK}])|(?P<word>{WORD}(?:'{WORD})*)|(?P<symbol>[{SYMBOL}])")
MARKER = re.compile(r"([-*+])(?=\s)|([0-9]{1,3})([.)])(?=\s|$)|(#{1,6})(?=\s|$)")
INVISIBLE = re.compile(f"(?![\\t\\n\\v\\f])[{ranges(('Cf', 'Cc'))}]")


def fold(text):
    """Curly quotes and dashes to ASCII, case folded, NFC, one kind of line end, invisible and control characters dropped."""
    text = INVISIBLE.sub("", re.sub(LINE_ENDS, "\n", text))
    text = re.sub("[\v\f]", " ", text)
    text = "".join(FOLDED.get(c, c) for c in text)
    return text if text.isascii() and text.islower() else unicodedata.normalize("NFC", text.casefold())


def number(word):
    if not all(category(c) == "Nd" for c in word) or len(word) <= 2:
        return word
    return "<Y4>" if len(word) == 4 else "<NUM>"


def raw_tokens(text):
    out, newlines = [], 0
    for line in fold(text).split("\n"):
        line = line.strip()
        if line:
            if out:
                out.append("<N>" if newlines == 1 else "<P>")
            newlines = 0
            marker = MARKER.match(line)
            if marker:
                bullet, digits, closing, head = marker.groups()
                out.append(f"<L{bullet}>" if bullet else f"<L1{closing}>" if digits else f"<H{len(head)}>")
                line = line[marker.end():]
            for found in TOKEN.finditer(line):
                kind, value = found.lastgroup, found.group()
                out.append({"code": "<CODE>", "bold": "<B>"}.get(kind) or (number(value) if kind == "word" else value))
        newlines += 1
    return out


VERSION_WORDS = set("chat flash haiku instruct large lite medium mini nano next opus plus preview pro small sonnet turbo ultra".split())


def read_brands(path):
    with open(path, encoding="utf-8") as lines:
        return brand_phrases(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def brand_phrases(names):
    """Phrases as tuples of tokens, by their first token, the longest first."""
    by_head = {}
    for phrase in sorted({tuple(raw_tokens(name)) for name in names}, key=lambda p: (-len(p), p)):
        by_head.setdefault(phrase[0], []).append(phrase)
    return by_head


def stem(word, brands):
    """The brand that `word` is made of: claude's -> claude, qwen2.5 -> qwen; else the word itself."""
    word = word.removesuffix("'s")
    letters = re.match(r"[^\d]*", word).group()
    return letters if len(letters) < len(word) and (letters,) in brands.get(letters, ()) else word


def phrase_end(tokens, start, phrase, brands):
    """One past the last token of `phrase` found at `start`, or None; a hyphen or a dot may stand between its words."""
    at = start
    for k, word in enumerate(phrase):
        if k and at < len(tokens) and tokens[at] in "-.":
            at += 1
        last = k + 1 == len(phrase)
        if at >= len(tokens) or (tokens[at] != word and not (last and stem(tokens[at], brands) == word)):
            return None
        at += 1
    return at


def version_end(tokens, at):
    """Past the version and size behind a brand that ends at `at`: -4, 3.5, -70b-chat, turbo; .5 behind a glued qwen2."""
    def numeric(k):
        return k < len(tokens) and tokens[k][0].isdecimal() and len(tokens[k]) <= 4

    def named(k):
        return k < len(tokens) and tokens[k].removesuffix("'s") in VERSION_WORDS

    glued = any(c.isdecimal() for c in tokens[at - 1])
    while glued and at < len(tokens) and tokens[at] == "." and numeric(at + 1):
        at += 2
    while True:
        hyphen = at < len(tokens) and tokens[at] == "-"
        k = at + hyphen
        if numeric(k):
            at = k + 1
            while at < len(tokens) and tokens[at] == "." and numeric(at + 1):
                at += 2
        elif named(k) or (hyphen and k < len(tokens) and tokens[k] in ("<NUM>", "<Y4>")):
            at = k + 1
        else:
            return at


def mask_brands(tokens, brands):
    out, at = [], 0
    while at < len(tokens):
        heads = {tokens[at], stem(tokens[at], brands)}
        phrases = sorted((p for head in heads for p in brands.get(head, ())), key=len, reverse=True)
        ends = (phrase_end(tokens, at, phrase, brands) for phrase in phrases)
        end = next((e for e in ends if e), None)
        if end is None:
            out.append(tokens[at])
            at += 1
        else:
            at = version_end(tokens, end)
            if out[-1:] != ["<BRAND>"]:
                out.append("<BRAND>")
    return out


def tokens(text, brands):
    return mask_brands(raw_tokens(text), brands)


@functools.lru_cache(1 << 20)
def mask_class(token):
    """What a token outside the kept words becomes."""
    if token[0] == "<" and len(token) > 1 or not (category(token[0])[0] in "LN" and category(token[0]) not in ("Nl", "No")):
        return token
    if category(token[0]) == "Nd":
        return "D"
    for suffix in SUFFIXES:
        if token.endswith(suffix) and len(token) > len(suffix) + 2:
            return "S" + suffix
    return "W" if len(token) > 4 else "w"


def is_alphabetic(token):
    return category(token[0])[0] == "L" and not any(category(c) == "Nd" for c in token)


def mask(tokens, kept):
    return [t if t in kept else mask_class(t) for t in tokens]


def grams(symbols, orders=(2, 3, 4)):
    """The set of n-grams of an answer whose borders count as symbols."""
    symbols = ["<ANSWER>", *symbols, "</ANSWER>"]
    return {tuple(symbols[i:i + n]) for n in orders for i in range(len(symbols) - n + 1)}
