"""check_site.py FOLDER: fails where a link of a built site leads to no file or no place in it, or a page asks others for anything.

LinkChecker does the first, too, but gives up root's rights and then cannot read a folder that is root's alone. Links to other
sites are not followed: the check must give the same answer without a network.
"""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADED = {"script": "src", "img": "src", "iframe": "src", "link": "href"}
NOT_LOADED = {"search", "index", "next", "prev", "canonical"}  # relations of <link> that only tell


class Page(HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.links, self.loads, self.places = [], [], {"", "top"}
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.places |= {attributes.get("id"), attributes.get("name") if tag == "a" else None}
        if tag == "a" and attributes.get("href"):
            self.links.append(attributes["href"])
        if attributes.get(LOADED.get(tag)) and attributes.get("rel") not in NOT_LOADED:
            self.loads.append(attributes[LOADED[tag]])

    handle_startendtag = handle_starttag


def complaints(folder):
    pages = {path: Page(path) for path in sorted(folder.rglob("*.html")) if "_static" not in path.parts}
    for path, page in pages.items():
        for link in page.links + page.loads:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                if link in page.loads and parts.scheme != "data":
                    yield f"{path}: loads {link} from elsewhere"
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.is_file():
                yield f"{path}: no file for {link}"
            elif target in pages and unquote(parts.fragment) not in pages[target].places:
                yield f"{path}: no place for {link}"


if __name__ == "__main__":
    found = list(complaints(Path(sys.argv[1]).resolve()))
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(bool(found))
