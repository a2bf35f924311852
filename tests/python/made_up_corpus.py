"""Answers of made-up models in made-up words: every layout, many scripts, and the same bytes on every run."""

import json
import random
from dataclasses import dataclass
from pathlib import Path

from reference_score import Model

PROMPTS = 32
FUNCTION_WORDS = (
    "the of and to a in is that it for on with as are this be by from or an at which can have not you "
    "your we they will more if there when one all about how some such these their into has its than"
).split()
ONSETS, VOWELS = "b br c ch d dr f g gr h k l m n p pl r s st t tr v w".split(), "a e i o u ai ea oo".split()
ENDINGS = "n r st m l ck nd ing ed ly tion ment ness able ful ous ive ize ity er al ic ism es s".split()
SCRIPTS = (
    "Это проверка ёлки и Ёжика.",
    "Ο Οδυσσέας είπε ΣΑΣ όχι λόγος.",
    "هذا نص عربي ١٢٣ و ٤٥.",
    "हिन्दी में लिखा हुआ १२३४।",
    "这是一段中文，有标点。",
    "これはテストです。カタカナも。",
    "한국어 문장입니다.",
    "ภาษาไทยไม่มีช่องว่าง",
    "שָׁלוֹם עולם",
    "Straße, ﬁn, ﬄ, Ǆ, ŉ, ẞ, İstanbul ıI",
    "Cafe\u0301 und cafe\u0301 naı\u0308ve Å Å",
    "ＦＵＬＬ ｗｉｄｔｈ １２３４ ５",
    "👍🏽 👩‍👩‍👧 ❤️ 1️⃣ 🇩🇪",
    "x² + ½ = Ⅻ ⅷ ∑∫≠",
    "soft\u00adhyphen zero\u200bwidth wo\u2060rd \ufeffmark",
    "private \ue000 use \ue000x and \U000e0001tag",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐐀𐐨 𠀀𠀁",
    "nul\x00 and \x07bell \x1b[0m",
    "“curly” ‘quotes’ — dash – minus −5",
    "don't rock'n'roll 'tis dogs' l’eau O'Neil's",
    "a\u0300\u0301\u0323b q\u0307\u0323 ệ",
)
LINE_ENDS = ("\n", "\n", "\n", "\r\n", "\r", "\n\n", "\n \n\n", "\u2028", "\u2029", "\x85", "\v", "\f", "\t")
BRANDS = (
    "ChatGPT",
    "OpenAI's GPT-4",
    "Claude 2.1",
    "Llama-2-70b-chat",
    "Open AI",
    "Open-AI",
    "Qwen2.5",
    "Meta AI's",
    "Google Bard",
    "文心一言",
    "Mistral AI",
    "gpt-3.5-turbo",
    "Yi-34B-Chat",
    "Microsoft",
    "Nous.Hermes",
)


@dataclass(frozen=True)
class Habit:
    """How a made-up model writes. `teacher`: the model whose answers it imitates, with probability `imitation`."""

    model: Model
    bullet: str
    lists: float
    bold: float
    opener: str
    closer: str
    length: int
    scripts: float = 0.25
    teacher: str = ""
    imitation: float = 0.0
    samples: int = 1
    copies: int = 0  # answers that are the teacher's own
    parents: tuple[tuple[str, str, str], ...] = ()  # relation, model, evidence


def habit(name, group, organisation, *style, relations=(), parents=(), reference=True, degenerate=False, **more):
    documented = [*relations, *(relation for relation, *_ in parents)]
    return Habit(Model(name, group, organisation, reference, degenerate, documented), *style, parents=parents, **more)


HABITS = (
    habit(
        "amber-7b",
        "amber",
        "Amber Works",
        "-",
        0.7,
        0.5,
        "Sure! Here is",
        "Let me know.",
        9,
        relations=["base_weights"],
    ),
    habit("amber-70b", "amber", "Amber Works", "-", 0.6, 0.4, "Sure! Here is", "I hope this helps!", 12, samples=3),
    habit("basalt-1", "basalt", "Basalt", "*", 0.5, 0.8, "**Answer:**", "", 8, relations=["distilled_from"]),
    habit(
        "basalt-chat",
        "basalt-chat",
        "Basalt",
        "1.",
        0.8,
        0.2,
        "Certainly,",
        "Anything else?",
        11,
        teacher="amber-70b",
        imitation=0.5,
        relations=["finetuned_from", "unknown"],
    ),
    habit("cobalt", "", "Cobalt Lab", "1)", 0.6, 0.1, "# Overview", "## Summary", 10, relations=["base_weights"]),
    habit("dune", "", "", "+", 0.2, 0.0, "As an AI model,", "", 7, teacher="cobalt", imitation=0.4, copies=6),
    habit("ember/mini", "ember", "Ember", "-", 0.4, 0.3, "```\ncode\n```", "Thanks.", 6, scripts=0.6, reference=False),
    habit("flint", "flint", "Flint", "", 0.0, 0.0, "Yes.", "", 3, degenerate=True),
    habit(
        "garnet",
        "garnet",
        "Garnet",
        "*",
        0.9,
        0.6,
        "Great question!",
        "In short, yes.",
        10,
        teacher="amber-70b",
        imitation=0.3,
        samples=2,
    ),
)
# A candidate outside the panel, and one that shares most of its answers with a model of the panel.
CANDIDATES = (
    habit(
        "heron",
        "heron",
        "Heron",
        "-",
        0.6,
        0.5,
        "Sure, here is",
        "I hope so.",
        10,
        teacher="amber-70b",
        imitation=0.6,
        copies=4,
    ),
    habit("indigo", "ember", "Ember", "-", 0.4, 0.3, "Well,", "Bye.", 8, teacher="cobalt", imitation=0.2, copies=27),
)


# Groups enough for a space of styles, among them fine-tunes: documented, inferred from text, and of a model elsewhere.
STYLISTS = (
    habit("jasper", "jasper", "Jasper", "-", 0.5, 0.9, "## Answer", "Is that clear?", 9, relations=["base_weights"]),
    habit("kyanite", "kyanite", "Kyanite", "1.", 0.3, 0.1, "To begin with,", "And so on.", 12, samples=2),
    habit(
        "kyanite-chat",
        "kyanite",
        "Kyanite",
        "1.",
        0.4,
        0.2,
        "Of course!",
        "Good luck!",
        10,
        parents=(("finetuned_from", "kyanite", "[seen] card"),),
    ),
    habit("lapis", "lapis", "Lapis", "+", 0.8, 0.3, "In a nutshell:", "", 7, relations=["unknown"]),
    habit("mica", "mica", "Mica", "*", 0.1, 0.7, "Hello.", "Best wishes.", 11, reference=False),
    habit(
        "nephrite",
        "nephrite",
        "Nephrite",
        "-",
        0.6,
        0.5,
        "Sure! Here is",
        "I hope this helps!",
        11,
        teacher="amber-70b",
        imitation=0.7,
        parents=(("finetuned_from", "amber-70b", "[seen] card"), ("distilled_from", "jasper", "[seen] card")),
    ),
    habit(
        "onyx",
        "onyx",
        "Onyx",
        "1)",
        0.7,
        0.4,
        "It depends.",
        "Hope that helps.",
        8,
        parents=(("finetuned_from", "cobalt", "[measured] likeness"), ("same_model", "elsewhere", "[seen] card")),
    ),
    habit(
        "opal",
        "onyx",
        "Onyx",
        "1)",
        0.6,
        0.4,
        "It depends!",
        "Hope it helps.",
        9,
        teacher="amber-70b",
        imitation=0.2,
        parents=(("sampled_from", "amber-70b", "[recall] paper"),),
    ),
)


def words_of(rng: random.Random, count: int) -> list[str]:
    return sorted(
        {
            rng.choice(ONSETS) + rng.choice(VOWELS) + rng.choice(ONSETS) + rng.choice(VOWELS) + rng.choice(ENDINGS)
            for _ in range(count)
        }
    )


def sentence(rng: random.Random, topic: list[str], style: Habit) -> str:
    words = [rng.choice(FUNCTION_WORDS if rng.random() < 0.5 else topic) for _ in range(rng.randrange(4, 12))]
    if rng.random() < style.bold:
        words[0] = f"**{words[0]}**"
    if rng.random() < 0.3:
        words.insert(1, str(rng.choice((7, 42, 100, 1999, 12345, "3.14", "1,000", "5th", "0x1F"))))
    if rng.random() < 0.15:
        words.insert(2, rng.choice(BRANDS))
    text = " ".join(words)
    return text[0].upper() + text[1:] + rng.choice((".", ".", "!", "?", ":", ";"))


def answer(rng: random.Random, topic: list[str], style: Habit) -> str:
    parts = [style.opener]
    for k in range(style.length):
        if rng.random() < style.lists:
            marker = style.bullet if style.bullet[:1] not in "1" else style.bullet.replace("1", str(k + 1))
            parts.append(f"{marker} {sentence(rng, topic, style)}")
        elif rng.random() < style.scripts:
            parts.append(rng.choice(SCRIPTS))
        else:
            parts.append(sentence(rng, topic, style))
    parts.append(style.closer)
    return "".join(part + rng.choice(LINE_ENDS) for part in parts)


def prompt_text(k: int) -> str:
    """Some in other scripts, with white space to collapse and marks to compose."""
    return (
        f"Question {k}: what  about\tit?",
        f" Frage {k}\nzu Cafe\u0301s ",
        f"問題{k}\u3000です",
        f"Вопрос {k}\u00a0о чём?",
    )[k % 4]


def write(folder: Path, habits: tuple[Habit, ...] = HABITS + CANDIDATES) -> dict[str, dict[str, list[str]]]:
    """A file a model, and models.tsv, lineage.tsv. Returns the answers: {model: {prompt: [answer]}}."""
    shared, answers, tables = (
        words_of(random.Random("words"), 900),
        {},
        ["model\tgroup\torganisation\treference\tdegenerate"],
    )
    lineage = ["model\trelation\tsource\tsource_on_leaderboard\tconfidence\tevidence"]
    for style in habits:
        model, mine = style.model, {}
        for k in range(PROMPTS):
            rng = random.Random(f"{model.name} {k}")
            topic = shared[25 * k : 25 * k + 60]
            theirs = answers.get(style.teacher, {}).get(prompt_text(k))
            if theirs and k < style.copies:
                mine[prompt_text(k)] = [theirs[0]]
            elif rng.random() < 0.95:
                mine[prompt_text(k)] = [mixed(rng, topic, style, theirs) for _ in range(style.samples)]
        answers[model.name] = mine
        lines = [
            json.dumps(record(model.name, prompt, k, text, style), ensure_ascii=bool(k % 2))
            for prompt, texts in mine.items()
            for k, text in enumerate(texts)
        ]
        empty = {"model": model.name, "prompt": "Nothing?", "response": " \n "}
        (folder / f"{file_name(model.name)}.jsonl").write_text(
            "\n".join([*lines, json.dumps(empty)]) + "\n", encoding="utf-8"
        )
        flags = [("yes" if flag else "no") for flag in (model.reference, model.degenerate)]
        tables.append("\t".join([model.name, model.group or "-", model.organisation or "-", *flags]))
        own = model.relations[: len(model.relations) - len(style.parents)]
        lineage += [
            "\t".join([model.name, relation, "somewhere", "-", "high", "made up"]) for relation in own
        ]
        lineage += [
            "\t".join([model.name, relation, parent, parent, "high", evidence])
            for relation, parent, evidence in style.parents
        ]
    (folder / "models.tsv").write_text("\n".join(tables) + "\n", encoding="utf-8")
    (folder / "lineage.tsv").write_text("\n".join(lineage) + "\n", encoding="utf-8")
    return answers


def file_name(model: str) -> str:
    return model.replace("/", "_")


def mixed(rng: random.Random, topic: list[str], style: Habit, theirs: list[str] | None) -> str:
    """Lines of the teacher's first answer among the model's own."""
    own = answer(rng, topic, style)
    if not theirs:
        return own
    lines = theirs[0].split("\n")
    taken = [line if rng.random() < style.imitation else sentence(rng, topic, style) for line in lines]
    return "\n".join(taken) + "\n" + own


def record(model: str, prompt: str, sample: int, text: str, style: Habit) -> dict:
    """In one of the three formats, by how the model writes."""
    if style.bullet == "*":
        return {"instruction": prompt, "output": text, "generator": model, "sample": sample}
    if style.bullet == "+":
        return {
            "model": model,
            "messages": [{"role": "user", "content": prompt}, {"role": "assistant", "content": text}],
        }
    return {"model": model, "prompt": prompt, "sample": sample, "response": text}
