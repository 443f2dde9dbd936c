"""What a file is: told by its content, never by its name."""

import codecs
from typing import IO

from repcrm.imports.reading.limits import Refused

LOOKED_AT = 8192
ZIP, OLE = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    (b"%PDF", "pdf"), (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"), (b"GIF8", "a picture"),
    (b"II*\0", "a picture"), (b"MM\0*", "a picture"), (b"Rar!", "packed"), (b"7z\xbc\xaf", "packed"),
    (b"\x1f\x8b", "packed"), (b"BZh", "packed"), (b"\xfd7zXZ", "packed"), (b"{\\rtf", "a document"),
)  # fmt: skip
_OLD_EXCEL = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00", b"\x09\x08\x10\x00")
_PAGE = ("<html", "<!doctype html", "<table", "<head", "<meta", "<body", "<div", "<style", "<!--", "<tr", "<center")
_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"


def find_form(file: IO[bytes]) -> str:
    """Return "zip", "ole", "xml2003", "html" or "csv".

    raises  Refused for an empty file and for what is no table
    """
    file.seek(0)
    start = file.read(LOOKED_AT)
    if _is_blank(file, start):
        raise Refused("empty")
    if start.startswith(OLE):
        return "ole"
    if start[:4] in (ZIP + b"\3\4", ZIP + b"\5\6", ZIP + b"\7\10"):
        return "zip"
    word = next((word for mark, word in _FOREIGN if start.startswith(mark)), None)
    if word is None and (start[4:8] == b"ftyp" or (start[:4] == b"RIFF" and start[8:12] == b"WEBP")):
        word = "a picture"
    if word is None and start[:2] == b"BM" and start[6:10] == bytes(4):
        word = "a picture"
    if word is None and start.startswith(_OLD_EXCEL):
        word = "a very old workbook"
    if word is not None:
        raise Refused(word)
    return _of_text(_words(start))


def _is_blank(file: IO[bytes], start: bytes) -> bool:
    chunk = start
    while chunk:
        if chunk.strip(b" \t\r\n\xef\xbb\xbf\xff\xfe\0"):
            return False
        chunk = file.read(1 << 20)
    return True


def _words(start: bytes) -> str:
    encoding = "utf-16" if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "latin-1"
    return start.removeprefix(codecs.BOM_UTF8).decode(encoding, "replace").lstrip().casefold()


def _of_text(words: str) -> str:
    if words.startswith("mime-version:") or "content-type: multipart/related" in words:
        raise Refused("a web archive")
    if words.startswith(("<?xml", "<workbook", "<ss:workbook")):
        if _SPREADSHEET in words:
            return "xml2003"
        if "<html" not in words and "<table" not in words:
            raise Refused("other xml")
        return "html"
    return "html" if words.startswith(_PAGE) else "csv"
