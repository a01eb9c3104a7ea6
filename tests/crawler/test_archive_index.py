"""The index of a web archive, and what a source may say of its archive."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.archive_index import Capture, asked_since, fresh, question, read_index
from crawler.archive_walk import sha1_of
from crawler.catalogue import places, spec_of
from crawler.errors import SourceError
from crawler.network import scrapy_settings
from crawler.network_of import network_of
from storage.config import Config, SourceConfig
from storage.mirrors import MIRROR

SERVICE, PAGE = "https://web.archive.org", "https://registry.example/list?part=1&form=csv"
HEAD = '["timestamp","digest","statuscode","mimetype","length"]'
A, B = "A" * 32, "B" * 32


def row(stamp: str, digest: str) -> str:
    return f'["{stamp}","{digest}","200","text/csv","12"]'


def test_a_question_names_the_page_whole_and_only_whole_copies() -> None:
    address = question(SERVICE, PAGE, datetime(2026, 11, 1, 5, tzinfo=UTC), "key 2")
    asked = parse_qs(urlsplit(address).query)
    assert (asked["url"], asked["filter"], asked["collapse"]) == (
        [PAGE], ["statuscode:200"], ["digest"]
    )  # fmt: skip
    assert (asked_since(address), asked["resumeKey"]) == ("20261101050000", ["key 2"])


def test_the_resume_key_behind_an_empty_row_is_no_capture() -> None:
    text = f'[{HEAD},{row("20261101050000", A)},[],["com,example)/ 20261101"]]'
    assert read_index(text) == ([Capture("20261101050000", A)], "com,example)/ 20261101")
    assert read_index("[]") == ([], None)
    assert read_index(f"[{HEAD}]") == ([], None)


@pytest.mark.parametrize(
    "text",
    [
        f"[{row('20261101050000', A)}]", f"[{HEAD},{row('2026', A)}]",
        f"[{HEAD},{row('20261301050000', A)}]", f"[{HEAD},{row('20261101050000', 'x')}]",
        f"[{HEAD},[]]", f"[{HEAD},7]", "<html>Blocked</html>", "", f"[{HEAD},",
    ],
    ids=["no-head", "short", "month-13", "digest", "empty", "number", "html", "nothing", "cut"],
)  # fmt: skip
def test_what_is_no_index_is_refused(text: str) -> None:
    with pytest.raises(SourceError):
        read_index(text)


def test_of_copies_with_the_same_bytes_the_first_is_read() -> None:
    captures = [Capture(f"2026110{n}000000", digest) for n, digest in ((3, A), (1, A), (2, B))]
    assert [one.stamp[:8] for one in fresh(captures, ())] == ["20261101", "20261102"]
    assert [one.stamp[:8] for one in fresh(captures, {B})] == ["20261101"]
    address = captures[0].address(SERVICE, PAGE)
    assert address == f"{SERVICE}/web/20261103000000id_/{PAGE}"


def test_the_digest_is_that_of_archives() -> None:
    assert sha1_of(b"") == "3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"  # of every empty page there


def test_the_archive_is_asked_slowly_and_is_the_only_host_of_its_endpoint() -> None:
    name = "extremist_materials_minjust"
    network = network_of(name, spec_of(name), Config())
    slot = scrapy_settings(network)["DOWNLOAD_SLOTS"]["web.archive.org"]
    assert (slot["concurrency"], slot["delay"]) == (1, 3.0)
    assert "web.archive.org" in {origin.host for origin in network.origins}
    own = Config(source={name: SourceConfig(delay_s=0.0)})
    assert scrapy_settings(network_of(name, spec_of(name), own))["DOWNLOAD_SLOTS"] == {}


def test_endpoints_of_less_weight_stand_where_they_cannot_be_mixed_up() -> None:
    for name in places():
        spec = spec_of(name)
        roles = [one.role for one in spec.endpoint if one.part == "register" and one.crawled]
        assert "official" not in roles[roles.index("archive") :] if "archive" in roles else True
        for endpoint in spec.endpoint:
            if endpoint.instead_of is not None:
                assert endpoint.part.startswith(MIRROR) and spec.only_mirrors(endpoint.part)
                assert endpoint.instead_of in {one.part for one in spec.endpoint}
