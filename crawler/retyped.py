"""A response with other bytes, and the class of response that those bytes call for."""

from typing import Any

from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes


def retyped(response: Response, headers: Headers, body: bytes, status: int) -> Response:
    """The same answer of the same server with this body in place of its own.

    `Response.replace` cannot do it: it hands a text's `encoding` on, which a response that is no
    text refuses (seen 2026-11 with a spreadsheet behind a 304), and which was guessed from the
    bytes that are being replaced.
    """
    kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
    fields: dict[str, Any] = {name: getattr(response, name) for name in Response.attributes}
    return kind(**fields | {"headers": headers, "body": body, "status": status})
