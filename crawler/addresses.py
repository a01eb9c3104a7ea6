"""Which numeric addresses may be dialled: global unicast and nothing else."""

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Python's `is_global` says True of multicast, of NAT64 and of 6to4 (measured with 3.11.7), and its
# answers changed between releases: what must never be dialled is written out.
# Source: IANA special-purpose address registries.
_NEVER_V4 = tuple(
    ipaddress.IPv4Network(net)
    for net in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_UNICAST_V6 = ipaddress.IPv6Network("2000::/3")  # NAT64, ULA, link-local, v4-mapped lie outside
_NEVER_V6 = tuple(
    ipaddress.IPv6Network(net)
    for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")  # Teredo is in 2001::/23
)


def is_global_unicast(address: Address) -> bool:
    """True when the address belongs to the public internet and to one machine."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not any(address in net for net in _NEVER_V4)
    if address not in _UNICAST_V6 or address.scope_id is not None:
        return False
    return address.is_global and not any(address in net for net in _NEVER_V6)


def read_address(text: str) -> Address | None:
    """The numeric address that `text` spells in its usual form; None for a name or an odd form."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def read_endpoint(text: str) -> tuple[Address, int]:
    """`127.0.0.1:8801` or `[::1]:8801` as address and port; ValueError for all else."""
    host, _, port = text.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(f"{text!r} is not an address with a port, such as 127.0.0.1:8801")
    return ipaddress.ip_address(host), int(port)
