"""A few hundred strings that a careless page would take for markup, or that break its lines. All are generated."""

EVENTS = "click load error focus mouseover toggle animationstart begin".split()
ELEMENTS = "script style title textarea svg math iframe object table template noscript select xmp plaintext".split()
SCHEMES = "javascript: JavaScript: data:text/html, vbscript: file:/// //made-up.invalid/ blob:".split()
ENTITIES = "&lt; &#60; &#x3c; &amp;lt; &quot; &#39; &bsol; &NotAnEntity; &#0; &#xD800; &".split()
QUOTES = ("\"", "'", "`", "\">", "'>", "-->", "--!>", "]]>", "?>", "%>", "}}", "*/")
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u034f\U000e0041"
SCRIPTS = ("שלום", "سلام", "你好", "こんにちは", "안녕", "สวัสดี", "👩‍👩‍👧", "🏳️‍🌈", "👍🏽", "ﷺ", "ﬃ", "İı")


def naughty() -> list[str]:
    return [
        *(f"</{name}><b>" for name in ELEMENTS),
        *(f"<{name}>" for name in ELEMENTS),
        *(f"<{name} " for name in ELEMENTS),
        *(f"<{name}/x=1>" for name in ELEMENTS),
        *(f"<img src=x on{event}=alert(1)>" for event in EVENTS),
        *(f"{quote} on{event}=alert(1) x={quote}" for event in EVENTS for quote in QUOTES[:5]),
        *(f"<a href={scheme}alert(1)>a</a>" for scheme in SCHEMES),
        *(f"<b style=background:url({scheme}x)>" for scheme in SCHEMES),
        *(f"<meta http-equiv=refresh content=0;url={scheme}x>" for scheme in SCHEMES),
        *(f"a{quote}<b>" for quote in QUOTES),
        *(f"{entity}b{entity}" for entity in ENTITIES),
        *(f"a{chr(code)}b" for code in [*range(1, 32), *range(127, 160)]),
        *(f"a{mark}b<i>" for mark in BIDI + INVISIBLE),
        *(f"a{mark * 40}b" for mark in BIDI),
        *("o" + chr(0x300 + k) * 30 for k in range(20)),
        *("w" * length for length in (100, 500, 2000)),
        *(f"{text} </script> {text}" for text in SCRIPTS),
        "\ufffd", "\uffff", "\U0010ffff", "\ue000", "<!--", "<![CDATA[", "<!DOCTYPE x>", "<?xml?>",
    ]
