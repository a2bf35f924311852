"""Opens a page in the system's Chromium, without a window, and notes what it complains of and asks for."""

import contextlib
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

WIDTHS, SCHEMES = (400, 1280), ("light", "dark")

# Every element, in order, with its attributes: all of what hostile text could change if it were taken for markup.
TREE = """() => [...document.querySelectorAll('*')].map(element => [
    element.localName, [...element.attributes].map(a => [a.name, a.value])])"""


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


@dataclass
class Opened:
    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


class Browser:
    def __init__(self, playwright):
        # No sandbox: containers lack what it needs, and the pages are our own.
        self.chromium = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])

    @contextlib.contextmanager
    def open(self, path: Path, width: int = 1280, scheme: str = "light"):
        context = self.chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        opened = Opened(context.new_page())
        opened.page.on("console", lambda message: opened.complaints.append(message.text))
        opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        opened.page.on("dialog", lambda dialog: (opened.complaints.append(dialog.message), dialog.dismiss()))
        opened.page.on("request", lambda request: opened.requests.append(request.url))
        opened.page.goto(path.resolve().as_uri(), wait_until="load")
        yield opened
        context.close()


@contextlib.contextmanager
def started():
    with sync_playwright() as playwright:
        browser = Browser(playwright)
        yield browser
        browser.chromium.close()
