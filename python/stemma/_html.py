"""HTML for notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any


def framed_page(page: str, title: str) -> str:
    """A whole page inside a notebook's: neither's styles reach the other, and it may run nothing."""
    return (
        f'<iframe sandbox="" title="{escape(title)}" srcdoc="{escape(page)}" '
        'style="width:100%;height:40rem;border:1px solid #8888"></iframe>'
    )


def table(caption: str, rows: Iterable[Mapping[str, Any]]) -> str:
    rows = list(rows)
    names = list(rows[0]) if rows else []
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    body = "".join("<tr>" + "".join(f"<td>{escape(shown(row[name]))}</td>" for name in names) + "</tr>" for row in rows)
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def shown(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
