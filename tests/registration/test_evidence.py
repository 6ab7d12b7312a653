import hashlib
import io
import zipfile

import pytest
from werkzeug.datastructures import FileStorage

from services.registration.evidence import (
    EvidenceFolder,
    EvidenceGone,
    EvidenceTooLarge,
    EvidenceTypeRefused,
    receive,
)

TYPES = ("pdf", "jpg", "png", "docx", "xlsx")
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def folder(tmp_path):
    return EvidenceFolder(tmp_path / "evidence")


def an_upload(content: bytes, name: str = "paper.pdf") -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name, content_type="application/pdf")


def an_office_document(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return made.getvalue()


def take(folder: EvidenceFolder, content: bytes, name: str = "paper.pdf", limit: int = 1000):
    return receive(an_upload(content, name), folder, limit=limit, types=TYPES)


def files(path):
    return sorted(each.name for each in path.rglob("*") if each.is_file())


def test_a_file_is_kept_under_the_hash_of_its_content(folder, tmp_path):
    received = take(folder, PDF)

    digest = hashlib.sha256(PDF).hexdigest()
    assert (received.sha256, received.media_type, received.size) == (
        digest,
        "application/pdf",
        len(PDF),
    )
    assert (tmp_path / "evidence" / digest[:2] / digest).read_bytes() == PDF
    assert folder.read(digest) == PDF


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"\xff\xd8\xff\xe0 a photograph", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n a drawing", "image/png"),
        (
            an_office_document("[Content_Types].xml", "_rels/.rels", "word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            an_office_document("_rels/.rels", "xl/workbook.xml", "[Content_Types].xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    ],
)
def test_the_type_is_told_by_the_content(folder, content, media_type):
    assert take(folder, content, "anything.bin").media_type == media_type


@pytest.mark.parametrize(
    "content",
    [b"", b"just text", b"<html><script>alert(1)</script>", b"MZ\x90\x00", b"PK\x03\x04 archive",
     b" %PDF-1.4", b"GIF89a"],
)  # fmt: skip
def test_a_name_makes_no_type(folder, tmp_path, content):
    with pytest.raises(EvidenceTypeRefused, match=r"file: .* accepted are pdf, jpg"):
        take(folder, content, "paper.pdf")

    assert files(tmp_path) == []


def test_a_file_may_be_as_large_as_the_limit_and_no_larger(folder, tmp_path):
    full = PDF.ljust(100, b"x")

    with pytest.raises(EvidenceTooLarge, match="file: more than 100 bytes"):
        take(folder, full + b"x", limit=100)
    empty = files(tmp_path)

    assert empty == []
    assert take(folder, full, limit=100).size == 100


def test_the_same_content_is_one_file_and_leaves_nothing_behind(folder, tmp_path):
    first, second = take(folder, PDF, "one.pdf"), take(folder, PDF, "two.pdf")

    assert first == second
    assert files(tmp_path) == [first.sha256]


@pytest.mark.parametrize("name", ["../../escape.pdf", "/etc/passwd", "C:\\x.pdf", "a\x00.pdf", ""])
def test_a_name_leads_nowhere(folder, tmp_path, name):
    received = take(folder, PDF, name)

    assert files(tmp_path) == [received.sha256]


def test_a_file_that_is_not_in_the_store_is_gone(folder):
    with pytest.raises(EvidenceGone):
        folder.read("a" * 64)


def test_a_full_disk_leaves_no_half_a_file(folder, tmp_path, monkeypatch):
    def no_space(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", no_space)

    with pytest.raises(OSError, match="No space"):
        take(folder, PDF)

    assert files(tmp_path) == []
