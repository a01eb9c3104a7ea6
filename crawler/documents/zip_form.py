"""A zip archive in memory, checked whole before anything in it is parsed.

Names of members are compared, never used as paths; archives inside are never opened.
"""

import io
import zipfile
import zlib
from collections import Counter

from crawler.errors import BodyTooLarge, CorruptBody, PageChanged, TruncatedBody

MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 256 * 2**20  # the sum; the export of 2025-08-08 has 1.8 MB
MAX_RATIO = 200  # unpacked to packed, of members over RATIO_FROM_BYTES; that export has 9
RATIO_FROM_BYTES = 2**20
READ_BYTES = 2**20
ZIP_START = b"PK\x03\x04"
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls of Excel 97, and encrypted .xlsx
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ENCRYPTED_FLAG = 0x1


def open_zip(body: bytes) -> zipfile.ZipFile:
    """The archive in `body`, with sizes, ratio and every checksum checked.

    PageChanged: not a zip, an old .xls, encrypted. TruncatedBody: its directory, which stands at
    the end, is missing. CorruptBody: a checksum or the directory is wrong, a name stands twice.
    BodyTooLarge: too many members, too much unpacked, or packed too well.
    """
    _check_start(body)
    try:
        archive = zipfile.ZipFile(io.BytesIO(body))
    except zipfile.BadZipFile as error:
        if b"PK\x05\x06" in body[-(2**16 + 22) :]:
            raise CorruptBody(f"the zip directory is wrong: {error}") from error
        raise TruncatedBody("the zip archive ends before its directory") from error
    except (ValueError, NotImplementedError, OverflowError) as error:
        raise CorruptBody(f"the zip directory is wrong: {error}") from error
    _check_sizes(archive.infolist())
    _check_sums(archive)
    return archive


def _check_start(body: bytes) -> None:
    if body.startswith(ZIP_START):
        return
    if ZIP_START.startswith(body[:4]):
        raise TruncatedBody(f"the body ends after {len(body)} bytes, before a zip archive starts")
    if body.startswith(OLE_START):
        kind = "an encrypted workbook" if ENCRYPTED in body else "an old .xls workbook"
        raise PageChanged(f"{kind} stands where an .xlsx workbook was expected")
    if body.lstrip()[:1] == b"<":
        raise PageChanged("an HTML or XML page stands where an .xlsx workbook was expected")
    raise PageChanged("the body is no .xlsx workbook: it does not start as a zip archive")


def _check_sizes(members: list[zipfile.ZipInfo]) -> None:
    """What the directory declares; `zipfile` reads no member past its declared size."""
    if len(members) > MAX_ENTRIES:
        raise BodyTooLarge(f"the zip archive has {len(members)} members, over {MAX_ENTRIES}")
    total = sum(member.file_size for member in members)
    if total > MAX_UNPACKED_BYTES:
        raise BodyTooLarge(f"the zip archive unpacks to {total} bytes, over {MAX_UNPACKED_BYTES}")
    name, count = Counter(member.filename for member in members).most_common(1)[0]
    if count > 1:
        raise CorruptBody(f"the zip archive has {count} members of the name {name!r}")
    for member in members:
        _check_member(member)


def _check_member(member: zipfile.ZipInfo) -> None:
    if member.flag_bits & ENCRYPTED_FLAG:
        raise PageChanged(f"the zip member {member.filename!r} is encrypted")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise PageChanged(f"the zip member {member.filename!r} has an unknown compression")
    packed_well = member.file_size > MAX_RATIO * max(member.compress_size, 1)
    if member.file_size > RATIO_FROM_BYTES and packed_well:
        raise BodyTooLarge(f"the zip member {member.filename!r} is packed over {MAX_RATIO} : 1")


def _check_sums(archive: zipfile.ZipFile) -> None:
    """Read every member once: a wrong checksum must not show after half the rows."""
    for member in archive.infolist():
        try:
            with archive.open(member) as stream:
                while stream.read(READ_BYTES):
                    pass
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
            raise CorruptBody(f"the zip member {member.filename!r}: {error}") from error
