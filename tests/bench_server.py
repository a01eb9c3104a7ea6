"""A plain fast server for the bench: fixed answers over loopback, in a process of its own."""

import asyncio
import json
import sys
from datetime import datetime

from tests.chaos.register_forms import api_page
from tests.chaos.registers import REG

HEAD = "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{more}\r\n"
ETAG = '"bench-1"'


def pages(rows: int, size: int) -> list[bytes]:
    """A register of invented rows as answers of `/values`, `size` rows each."""
    register = REG(rows).at(datetime.now())  # an old state would be read as stale
    return [api_page(register, start, size) for start in range(0, rows, size)]


async def _answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, bodies: list[bytes], size: int
) -> None:
    while head := await reader.readuntil(b"\r\n\r\n"):
        lines = head.decode().split("\r\n")
        length = next((int(x[15:]) for x in lines if x.lower().startswith("content-length:")), 0)
        body = await reader.readexactly(length) if length else b""
        writer.write(_reply(lines, body, bodies, size))
        await writer.drain()


def _reply(lines: list[str], body: bytes, bodies: list[bytes], size: int) -> bytes:
    target = lines[0].split(" ")[1]
    if target.endswith("/values"):
        return _whole(bodies[json.loads(body)["offset"] // size], "application/json")
    if target.startswith("/page/"):
        return _whole(bodies[int(target[6:])], "application/json")
    if target.endswith(".csv"):
        if any(ETAG in line for line in lines if line.lower().startswith("if-none-match")):
            return b"HTTP/1.1 304 Not Modified\r\nETag: " + ETAG.encode() + b"\r\n\r\n"
        return _whole(_list(target), "text/csv", f"ETag: {ETAG}\r\n")
    return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def _list(target: str) -> bytes:
    """A test list of 3,000 invented sites."""
    name = target.rpartition("/")[2].removesuffix(".csv")
    lines = ["url,category_code,category_description,date_added,source,notes"]
    lines += [
        f"https://site-{n}.{name}.example/,NEWS,News Media,2020-01-01,bench," for n in range(3000)
    ]
    return "\n".join(lines).encode()


def _whole(body: bytes, kind: str, more: str = "") -> bytes:
    head = HEAD.format(status="200 OK", kind=kind, length=len(body), more=more)
    return head.encode() + body


async def _serve(rows: int, size: int) -> None:
    bodies = pages(rows, size)

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _answer(reader, writer, bodies, size)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, limit=2**20)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2])))
