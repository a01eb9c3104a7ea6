"""What a source may do on the network: its spec under the operator's configuration."""

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from crawler.network import IntermediatePin, Network, Origin
from pipelines.spec import Endpoint, Spec
from storage.config import Config
from storage.errors import Refused
from storage.source_facts import ARCHIVE
from storage.version import SOFTWARE

IDENTIFIED = f"Mozilla/5.0 (compatible; unsilenced/{SOFTWARE}; media-freedom monitor)"
# Says what a common browser says and names no person: the operator chose not to identify.
UNIDENTIFIED = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36"
)


def network_of(name: str, spec: Spec, config: Config, hosts: Iterable[str] = ()) -> Network:
    """Rights and limits of one source. Raises Refused where the operator must decide first.

    hosts: further hosts of a source that has thousands, asked by http or https."""
    own = config.of(name)
    proxy = _proxy(name, spec, config)
    try:
        return Network(
            origins=_origins(spec, own.base_url, hosts),
            user_agent=_user_agent(name, config),
            allow=frozenset(own.allow),
            ca_bundle=Path(own.ca_bundle) if own.ca_bundle else None,
            intermediate=_pin(spec, own.base_url),
            cache_dir=config.home / "tls",
            proxy=proxy,
            delay_s=spec.delay_s if own.delay_s is None else own.delay_s,
            platform_gap_s=spec.platform_gap_s if own.delay_s is None else own.delay_s,
            cool_down_s=spec.cool_down_s if own.delay_s is None else own.delay_s,
            timeout_s=spec.timeout_s,
            max_size=spec.max_size,
            max_pages=spec.max_pages,
            slow_hosts=_archives(spec) if own.delay_s is None else frozenset(),
            time_limit_s=own.time_limit_s or spec.time_limit_s,
        )
    except ValueError as error:
        raise Refused(f"[source.{name}] in the configuration: {error}.") from error


def _origins(spec: Spec, base_url: str | None, hosts: Iterable[str]) -> frozenset[Origin]:
    if base_url:
        parts = urlsplit(base_url)
        return frozenset({Origin.of(f"{parts.scheme}://{parts.netloc}/")})
    listed = [asked_at(endpoint) for endpoint in spec.endpoint]
    listed += [f"https://{host}/" for host in spec.hosts]
    listed += [f"{scheme}://{host}/" for host in hosts for scheme in ("http", "https")]
    return frozenset(Origin.of(url) for url in listed)


def asked_at(endpoint: Endpoint) -> str:
    """The address at which an endpoint is asked: the page's own, or its archive's."""
    return endpoint.archive if endpoint.role == ARCHIVE else endpoint.url


def _archives(spec: Spec) -> frozenset[str]:
    """The hosts of the archives of a source; an operator who sets `delay_s` decides for all."""
    asked = (one.archive for one in spec.endpoint if one.role == ARCHIVE)
    return frozenset(urlsplit(url).netloc for url in asked)


def _pin(spec: Spec, base_url: str | None) -> IntermediatePin | None:
    if spec.tls is None or base_url:
        return None
    return IntermediatePin(spec.tls.intermediate_url, spec.tls.intermediate_sha256)


def _proxy(name: str, spec: Spec, config: Config) -> str | None:
    if spec.exit is None or spec.exit not in config.exit or config.of(name).base_url:
        return None
    if config.identity.identify is None:
        raise Refused(
            f"{name} is read through the exit '{spec.exit}'. Decide first how you identify "
            "yourself there: set `identify = true` or `identify = false` under [identity]."
        )
    return config.exit[spec.exit].proxy


def _user_agent(name: str, config: Config) -> str:
    chosen = config.of(name).user_agent or config.identity.user_agent
    if chosen:
        return chosen
    return UNIDENTIFIED if config.identity.identify is False else IDENTIFIED
