"""Synonyms of English words, from WordNet as Debian packages it (wordnet-base; licence WordNet 3.0, free for any use).

A word's reading is its most frequent one in WordNet's tagged corpus; its synonyms are the single words of that reading's
synset, or of the next reading's where the first has none, brought into the form of the word that they stand for.
"""
import pathlib
import re
import sys

WORDNET = pathlib.Path("/usr/share/wordnet")
PARTS = {"noun": "1", "verb": "2", "adj": "3", "adv": "4"}
# By part: endings that an inflected form may have, what stands for them in the base form, and the name of the form.
FORMS = {
    "noun": (("ies", "y", "s"), ("es", "", "s"), ("s", "", "s")),
    "verb": (("ies", "y", "s"), ("es", "", "s"), ("es", "e", "s"), ("s", "", "s"), ("ied", "y", "ed"), ("ed", "e", "ed"),
             ("ed", "", "ed"), ("ing", "e", "ing"), ("ing", "", "ing")),
    "adj": (),
    "adv": (),
}
# Words of three letters and more that carry grammar, not content. Shorter ones are never replaced.
GRAMMAR = frozenset("""
about above after again against all also although among and another any are around because been before being below
between both but can cannot could did does doing done down during each either else enough even ever every few for from
further had has have having here hers her him his how however however if into its itself just least less like many may
might more most much must neither never nor not now off often once one only onto other others our out over own per
perhaps quite rather same several shall she should since some such than that the their them then there these they this
those though through thus too toward towards under until upon use used very via was well were what when where whether
which while who whom whose why will with within without would yet you your
""".split())


def inflected(word, form):
    if form == "s":
        if re.search(r"[^aeiou]y$", word):
            return word[:-1] + "ies"
        return word + ("es" if re.search(r"(?:s|x|z|ch|sh)$", word) else "s")
    if form in ("ed", "ing"):
        if word.endswith("e") and not (form == "ing" and re.search(r"(?:ee|oe|ye)$", word)):
            return word[:-1] + form
        if form == "ed" and re.search(r"[^aeiou]y$", word):
            return word[:-1] + "ied"
        return word + form
    return word


class Synonyms:
    def __init__(self, folder=WORDNET):
        if not (folder / "cntlist.rev").exists():
            sys.exit(f"{folder} is missing; install Debian's package wordnet-base")
        self.readings = {part: self._readings(folder / f"index.{part}") for part in PARTS}
        self.members = {part: self._members(folder / f"data.{part}") for part in PARTS}
        self.counts = self._counts(folder / "cntlist.rev")
        self.cache = {}

    @staticmethod
    def _lines(path):
        with open(path, encoding="latin-1") as lines:
            for line in lines:
                if not line.startswith("  "):
                    yield line.split()

    def _readings(self, path):
        """Lemma -> its first two synsets, most frequent first."""
        out = {}
        for fields in self._lines(path):
            synsets = int(fields[2])
            out[fields[0]] = fields[len(fields) - synsets:][:2]
        return out

    def _members(self, path):
        """Synset -> its single words in small letters."""
        out = {}
        for fields in self._lines(path):
            words = [re.sub(r"\(.*\)$", "", fields[4 + 2 * k]) for k in range(int(fields[3], 16))]
            out[fields[0]] = [word for word in words if re.fullmatch(r"[a-z]{3,}", word)]
        return out

    @staticmethod
    def _counts(path):
        """(lemma, part) -> how often the tagged corpus has it."""
        out = {}
        number = {"1": "noun", "2": "verb", "3": "adj", "4": "adv", "5": "adj"}
        with open(path, encoding="latin-1") as lines:
            for line in lines:
                key, _, count = line.split()
                lemma, _, rest = key.partition("%")
                at = lemma, number[rest[0]]
                out[at] = out.get(at, 0) + int(count)
        return out

    def _analyses(self, word):
        """(part, base form, form) of what the word may be."""
        for part in PARTS:
            if word in self.readings[part]:
                yield part, word, ""
            for ending, base, form in FORMS[part]:
                stem = word[:len(word) - len(ending)] + base
                if word.endswith(ending) and len(stem) > 2 and stem in self.readings[part]:
                    yield part, stem, form

    def of(self, word):
        """Of a word in small letters, in a fixed order; empty where there is none, or the word is one of grammar."""
        if word not in self.cache:
            self.cache[word] = self._of(word)
        return self.cache[word]

    def _of(self, word):
        if not is_content(word):
            return []
        analyses = list(self._analyses(word))
        if not analyses:
            return []
        part, base, form = max(analyses, key=lambda a: self.counts.get((a[1], a[0]), 0))
        for synset in self.readings[part][base]:
            others = sorted({inflected(other, form) for other in self.members[part][synset] if other != base} - {word})
            if others:
                return others
        return []


def is_content(word):
    return len(word) > 2 and word not in GRAMMAR
