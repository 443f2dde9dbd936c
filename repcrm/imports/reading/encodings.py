"""Which encoding a text is in: UTF-8 and UTF-16 show it; GB18030 and Big5 are told by common characters."""

import codecs
from collections import Counter
from typing import IO

from repcrm.imports.reading.limits import Refused

CHUNK = 1 << 20
SAMPLE = 1 << 18
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHINESE = ("gb18030", "big5")
LEAST_COMMON = 0.4
"""The share of common characters that a Chinese text has; wrongly decoded ones have far less."""


def find_encoding(file: IO[bytes]) -> tuple[str, str]:
    """Return the encoding of a text and what to say of the choice; the file stands at its beginning afterwards.

    raises  Refused if it is no text, or UTF-8 with broken places in it
    """
    file.seek(0)
    start = file.read(4096)
    encoding = next((name for mark, name in MARKS if start.startswith(mark)), None) or _without_mark(start)
    if encoding is not None:
        _check(file, encoding, "not a table")
        return encoding, encoding.removesuffix("-sig")
    broken = first_fault(file, "utf-8")
    if broken is None:
        return "utf-8", "utf-8"
    _refuse_broken_utf_8(file, broken)
    return _guessed(file)


def _without_mark(start: bytes) -> str | None:
    """UTF-16 without a mark: Latin letters, commas and line ends leave every other byte empty."""
    if 0 not in start:
        return None
    pairs = list(zip(start[0::2], start[1::2], strict=False))
    little = sum(second == 0 and 9 <= first < 127 for first, second in pairs)
    big = sum(first == 0 and 9 <= second < 127 for first, second in pairs)
    if max(little, big) * 20 < len(pairs):
        raise Refused("not a table")
    return "utf-16-le" if little > big else "utf-16-be"


def first_fault(file: IO[bytes], encoding: str) -> int | None:
    """The place of the first byte that an encoding cannot explain."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    place = 0
    try:
        while True:
            chunk = file.read(CHUNK)
            place -= len(decoder.getstate()[0])
            decoder.decode(chunk, final=not chunk)
            place += len(chunk) + len(decoder.getstate()[0])
            if not chunk:
                return None
    except UnicodeDecodeError as error:
        return place + error.start
    finally:
        file.seek(0)


def _check(file: IO[bytes], encoding: str, word: str) -> None:
    if first_fault(file, encoding) is not None:
        raise Refused(word)


def _refuse_broken_utf_8(file: IO[bytes], place: int) -> None:
    """Refuse UTF-8 with a few broken places: another encoding would make other characters of all the rest."""
    file.seek(max(place - SAMPLE // 2, 0))
    sample = file.read(SAMPLE)
    sound = sum(not character.isascii() for character in sample.decode("utf-8", "ignore"))
    faults = sample.decode("utf-8", "replace").count("\ufffd")
    if sound > 2 * faults:
        file.seek(0)
        line = 1
        while place > 0 and (chunk := file.read(min(place, CHUNK))):
            line += chunk.count(b"\n")
            place -= len(chunk)
        raise Refused("broken text", row=line)


def _guessed(file: IO[bytes]) -> tuple[str, str]:
    sample = _sample(file)
    shares = {name: _share_of_common(sample, name) for name in _CHINESE}
    for name in sorted(shares, key=lambda name: -shares[name]):  # GB18030 first where both fit alike
        if shares[name] >= LEAST_COMMON and first_fault(file, name) is None:
            return name, name
    if max(shares.values()) < LEAST_COMMON and first_fault(file, "cp1252") is None:
        return "cp1252", "cp1252 guessed"
    raise Refused("unknown encoding")


def _sample(file: IO[bytes]) -> bytes:
    """The beginning of the text, cut where a line ends."""
    file.seek(0)
    sample = file.read(SAMPLE)
    end = max(sample.rfind(b"\n"), sample.rfind(b"\r"))
    return sample[: end + 1] if len(sample) == SAMPLE and end > 0 else sample


def _share_of_common(sample: bytes, encoding: str) -> float:
    try:
        counts = Counter(character for character in sample.decode(encoding) if not character.isascii())
    except UnicodeDecodeError:
        return 0.0
    weight = _simplified if encoding == "gb18030" else _traditional
    return sum(weight(character) * count for character, count in counts.items()) / max(counts.total(), 1)


def _simplified(character: str) -> float:
    """How common a character is where people write GB18030: the 3,755 of GB 2312's first level, and punctuation."""
    lead = character.encode("gb2312", "ignore")[:1]
    if lead and (lead <= b"\xa3" or b"\xb0" <= lead <= b"\xd7"):
        return 1.0
    return 0.7 * _traditional(character)


def _traditional(character: str) -> float:
    """How common a character is where people write Big5: the 5,401 of its first level, and punctuation."""
    lead = character.encode("big5", "ignore")[:1]
    return float(bool(lead) and lead <= b"\xc6")
