"""Content codings are read to their proven end, within caps, and lies by rule."""

import gzip
import random
import subprocess
import sys
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.decode import MEMBER_LIMIT, decode
from crawler.errors import BodyTooLarge, CorruptBody, SourceError, TruncatedBody
from tests.chaos.codings import CODINGS, MIB, bomb, encode, with_wrong_crc
from tests.chaos.register_forms import html_page
from tests.chaos.registers import REG

CAP = 32 * MIB
HTML = "text/html; charset=utf-8"
PAGE = html_page(REG(900)).encode()


@pytest.mark.parametrize("coding", [*CODINGS, "raw-deflate", "identity"])
def test_a_whole_body_of_each_coding_is_read(coding: str) -> None:
    declared = coding.removeprefix("raw-")
    assert decode(encode(PAGE, coding), declared, max_size=CAP) == PAGE


@pytest.mark.fault(5, 7)
@pytest.mark.parametrize("coding", CODINGS)
def test_a_body_cut_at_any_percent_is_truncated(coding: str) -> None:
    coded = encode(PAGE, coding)
    for percent in range(1, 100):
        with pytest.raises(TruncatedBody):
            decode(coded[: len(coded) * percent // 100], coding, max_size=CAP, content_type=HTML)


@pytest.mark.fault(5)
@pytest.mark.parametrize("coding", CODINGS)
def test_a_body_without_its_last_byte_is_truncated(coding: str) -> None:
    with pytest.raises(TruncatedBody):
        decode(encode(PAGE, coding)[:-1], coding, max_size=CAP)


@pytest.mark.fault(6)
def test_a_whole_gzip_body_with_a_wrong_crc_is_corrupt() -> None:
    with pytest.raises(CorruptBody, match="incorrect data check"):
        decode(with_wrong_crc(PAGE), "gzip", max_size=CAP)


@pytest.mark.fault(6)
@pytest.mark.parametrize("coding", ["deflate", "zstd"])
def test_a_wrong_checksum_of_other_codings_is_corrupt(coding: str) -> None:
    coded = bytearray(encode(PAGE, coding))
    coded[-1] ^= 1
    with pytest.raises(CorruptBody):
        decode(bytes(coded), coding, max_size=CAP)


@pytest.mark.fault(6)
@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd"])
def test_no_flipped_bit_ever_gives_another_text(coding: str) -> None:
    coded, chance = encode(PAGE[:20_000], coding), random.Random(6)
    for _ in range(300):
        lie = bytearray(coded)
        lie[chance.randrange(len(lie))] ^= 1 << chance.randrange(8)
        try:
            assert decode(bytes(lie), coding, max_size=CAP) == PAGE[:20_000]
        except SourceError:
            continue


@pytest.mark.parametrize("coding", CODINGS)
def test_garbage_after_the_stream_is_corrupt(coding: str) -> None:
    for garbage in (b"\x00", b"garbage", bytes(200_000)):
        with pytest.raises(CorruptBody):
            decode(encode(PAGE, coding) + garbage, coding, max_size=CAP)


def test_several_members_and_frames_are_one_body() -> None:
    half = len(PAGE) // 2
    for coding in ("gzip", "zstd"):
        coded = encode(PAGE[:half], coding) + encode(PAGE[half:], coding)
        assert decode(coded, coding, max_size=CAP) == PAGE


@pytest.mark.fault(5)
def test_a_second_member_that_is_cut_is_truncated() -> None:
    for cut in (1, 9, 30):
        coded = encode(PAGE, "gzip") + encode(PAGE, "gzip")[:cut]
        with pytest.raises(TruncatedBody):
            decode(coded, "gzip", max_size=CAP)


def test_a_body_of_endless_empty_members_is_refused() -> None:
    with pytest.raises(CorruptBody, match="members"):
        decode(gzip.compress(b"") * (MEMBER_LIMIT + 1), "gzip", max_size=CAP)
    with pytest.raises(CorruptBody, match="frames"):
        decode(zstandard.compress(b"") * (MEMBER_LIMIT + 1), "zstd", max_size=CAP)


@pytest.mark.parametrize("outer", CODINGS)
@pytest.mark.parametrize("inner", CODINGS)
def test_two_codings_are_taken_off_in_reverse_order(inner: str, outer: str) -> None:
    coded = encode(encode(PAGE, inner), outer)
    assert decode(coded, f"{inner}, {outer.upper()}", max_size=CAP) == PAGE


@pytest.mark.parametrize("header", ["compress", "gzip2", "utf-8", "gzip, gzip, gzip", "br;q=1"])
def test_an_unknown_or_endless_coding_is_corrupt(header: str) -> None:
    with pytest.raises(CorruptBody, match="coding"):
        decode(PAGE, header, max_size=CAP)


@pytest.mark.parametrize("header", [None, "", "identity", " , Identity"])
def test_no_coding_leaves_the_body_as_it_is(header: str | None) -> None:
    assert decode(PAGE, header, max_size=CAP, content_type=HTML) == PAGE


@pytest.mark.fault(8)
@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "zstd"])
def test_a_plain_text_page_under_a_coding_header_is_read_as_plain(coding: str) -> None:
    assert decode(PAGE, coding, max_size=CAP, content_type=HTML) == PAGE
    answer = b'\xef\xbb\xbf {"size": 0}'
    assert decode(answer, coding, max_size=CAP, content_type="application/json") == answer


@pytest.mark.fault(8)
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (PAGE, None),
        (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (b"Updated: 2024", "text/csv"),
        (encode(PAGE, "zstd"), HTML),
    ],
)
def test_anything_else_under_a_gzip_header_is_corrupt(body: bytes, content_type: str) -> None:
    with pytest.raises(CorruptBody):
        decode(body, "gzip", max_size=CAP, content_type=content_type)


@pytest.mark.fault(8)
@pytest.mark.parametrize("coding", ["br", "deflate"])
def test_plain_text_under_a_coding_without_magic_is_never_text(coding: str) -> None:
    with pytest.raises(SourceError):
        decode(PAGE, coding, max_size=CAP, content_type=HTML)


@pytest.mark.fault(8)
def test_gzip_declared_as_plain_is_decoded_where_text_is_expected() -> None:
    coded = encode(PAGE, "gzip")
    assert decode(coded, None, max_size=CAP, content_type=HTML) == PAGE
    assert decode(coded, None, max_size=CAP, content_type="application/gzip") == coded
    with pytest.raises(TruncatedBody):
        decode(coded[:-9], None, max_size=CAP, content_type=HTML)


@pytest.mark.fault(8)
def test_gzip_in_gzip_is_decoded_twice_and_no_more() -> None:
    twice = encode(encode(PAGE, "gzip"), "gzip")
    assert decode(twice, "gzip", max_size=CAP, content_type=HTML) == PAGE
    with pytest.raises(CorruptBody, match="still gzip"):
        decode(encode(twice, "gzip"), "gzip", max_size=CAP, content_type=HTML)


@pytest.mark.parametrize("coding", CODINGS)
def test_an_empty_body_stays_empty_and_is_judged_elsewhere(coding: str) -> None:
    assert decode(b"", coding, max_size=CAP) == b""


@pytest.mark.fault(9, 10)
@pytest.mark.parametrize("coding", CODINGS)
def test_the_ratio_stops_a_bomb_that_the_size_would_let_pass(coding: str) -> None:
    with pytest.raises(BodyTooLarge):
        decode(bomb(coding, 8), coding, max_size=CAP)


def test_a_small_page_may_pass_any_ratio() -> None:
    blanks = b" " * 65_536
    assert decode(encode(blanks, "br"), "br", max_size=CAP) == blanks
    with pytest.raises(BodyTooLarge):
        decode(encode(blanks + b" ", "br"), "br", max_size=CAP)


@pytest.mark.parametrize("coding", [*CODINGS, "identity"])
def test_the_size_cap_is_exact(coding: str) -> None:
    coded = encode(PAGE, coding)
    assert decode(coded, coding, max_size=len(PAGE)) == PAGE
    with pytest.raises(BodyTooLarge):
        decode(coded, coding, max_size=len(PAGE) - 1)


PEAK = """
import resource, sys
from crawler.decode import decode
from crawler.errors import BodyTooLarge
body = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    decode(body, sys.argv[1], max_size=32 << 20, max_ratio=10**9)
except BodyTooLarge:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.chaos
@pytest.mark.fault(9, 10)
@pytest.mark.parametrize("coding", CODINGS)
def test_a_bomb_of_300_mib_costs_the_cap_and_little_more(coding: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PEAK, coding], input=bomb(coding), capture_output=True, check=True
    )
    grown_mib = int(done.stdout) / 1024  # Linux counts it in KiB
    assert grown_mib < 32 + 60


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([*CODINGS, "gzip, br"]))
def test_any_bytes_under_any_header_give_bytes_or_a_typed_error(body: bytes, header: str) -> None:
    try:
        assert isinstance(decode(body, header, max_size=CAP), bytes)
    except SourceError as error:
        assert str(error)


def test_other_encoders_and_levels_are_read() -> None:
    assert decode(gzip.compress(PAGE, 1), "gzip", max_size=CAP) == PAGE
    assert decode(zlib.compress(PAGE, 0), "deflate", max_size=CAP) == PAGE
    assert decode(brotli.compress(PAGE, quality=11, lgwin=24), "br", max_size=CAP) == PAGE
    assert decode(zstandard.compress(PAGE, 19), "zstd", max_size=CAP) == PAGE
