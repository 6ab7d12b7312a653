"""What stands in a document: the words of a page in HTML, and of a printed PDF."""

import re
from html.parser import HTMLParser
from io import BytesIO

import pytest
from pypdf import PdfReader

from chassis.documents import pdf

needs_printing = pytest.mark.skipif(
    pdf.missing() is not None, reason=f"{pdf.missing()}; install {' '.join(pdf.PACKAGES)}"
)
"""Only tests/chassis/test_documents.py fails where a machine cannot print; the others say so and wait."""


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._in_style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if not self._in_style:
            self.words.append(data)


def words_of(html: str) -> str:
    """The text that a reader sees, white space drawn together."""
    parser = _Words()
    parser.feed(html)
    return " ".join(" ".join(parser.words).split())


def text_of(content: bytes) -> str:
    """The text of a PDF's pages, white space drawn together."""
    pages = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    return " ".join(" ".join(pages).split())


def ticked(html: str) -> int:
    """How many boxes have a cross in them."""
    return len(re.findall(r'<span class="box">X</span>', html))
