"""The tables, in the analyst's vocabulary. Column comments are the data dictionary.

Moments are UTC text of whole seconds, dates ISO text, lists and objects canonical JSON text: the
same on SQLite and PostgreSQL, and sorted by the plain order of text.
"""

from typing import Annotated

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

Id = Annotated[int, mapped_column(Integer, primary_key=True)]
Moment = Annotated[str, mapped_column(String(20))]
Day = Annotated[str, mapped_column(String(10))]
Digest = Annotated[str, mapped_column(String(64))]
Json = Annotated[str, mapped_column(Text)]


class Base(DeclarativeBase):
    """All tables of the collector."""

    metadata = MetaData(naming_convention=NAMES)


class Source(Base):
    """A source as its TOML declares it."""

    __tablename__ = "source"

    name: Mapped[str] = mapped_column(primary_key=True, comment="name, fixed by the contract")
    family: Mapped[str] = mapped_column(comment="designation, blocking, ruling, reference, ...")
    country: Mapped[str] = mapped_column(String(2), comment="country whose state acts, ISO 3166")
    title: Mapped[str] = mapped_column(comment="title as the publisher writes it")
    publisher: Mapped[str] = mapped_column(comment="who publishes it")
    covers: Mapped[str] = mapped_column(comment="everything, window or single")
    every: Mapped[str] = mapped_column(comment="how often it is read")
    fresh_for_s: Mapped[int] = mapped_column(comment="limit of the age of our last read, seconds")
    licence: Mapped[str] = mapped_column(comment="terms under which it may be used")
    status_in_country: Mapped[str] = mapped_column(comment="what linking to it risks there")
    spec_sha256: Mapped[Digest] = mapped_column(comment="digest of the TOML")


class Part(Base):
    """A unit of completeness of a source: a register, a file, a window, a court."""

    __tablename__ = "part"
    __table_args__ = (Index("uq_part_source_key", "source", "key", unique=True),)

    id: Mapped[Id]
    source: Mapped[str] = mapped_column(ForeignKey("source.name"), comment="its source")
    key: Mapped[str] = mapped_column(comment="name within the source")
    baseline_run_id: Mapped[int | None] = mapped_column(comment="its first complete run")
    complete_run_id: Mapped[int | None] = mapped_column(comment="its newest complete run")
    complete_at: Mapped[Moment | None] = mapped_column(comment="time of that run")
    looked_at: Mapped[Moment | None] = mapped_column(
        comment="newest complete read that may count as a look at an absence"
    )
    state_at: Mapped[Moment | None] = mapped_column(comment="own date of the newest state held")
    official: Mapped[bool] = mapped_column(default=False, comment="an official state is held")
    parsed_run_id: Mapped[int | None] = mapped_column(
        comment="run whose bytes were parsed for the state held"
    )
    bytes_sha256: Mapped[Digest | None] = mapped_column(comment="digest over the pages of that run")
    parser: Mapped[str | None] = mapped_column(comment="parser of the newest complete run")
    rows: Mapped[int | None] = mapped_column(comment="rows observed by that run")


class Run(Base):
    """One attempt to read a source."""

    __tablename__ = "run"

    id: Mapped[Id]
    source: Mapped[str] = mapped_column(ForeignKey("source.name"), index=True)
    trigger: Mapped[str] = mapped_column(comment="crawl, import, replay, git, curated")
    started_at: Mapped[Moment] = mapped_column(comment="start")
    ended_at: Mapped[Moment | None] = mapped_column(comment="end; null while it runs")
    verdict: Mapped[str | None] = mapped_column(comment="roll-up of its parts")
    reasons: Mapped[Json] = mapped_column(default="[]", comment="machine words")
    baseline: Mapped[bool] = mapped_column(default=False, comment="its changes are baseline")
    observed: Mapped[int] = mapped_column(default=0, comment="rows observed")
    appeared: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    gone: Mapped[int] = mapped_column(default=0)
    returned: Mapped[int] = mapped_column(default=0)
    reparsed: Mapped[int] = mapped_column(default=0)
    absent: Mapped[int] = mapped_column(default=0, comment="listed before, not seen, not yet gone")
    issues: Mapped[int] = mapped_column(default=0, comment="issues opened or seen again")
    fetches: Mapped[int] = mapped_column(default=0, comment="requests recorded")
    parser: Mapped[str] = mapped_column(comment="version of spider, spec and pipelines")
    software: Mapped[str] = mapped_column(comment="version of unsilenced")


class PartRun(Base):
    """What one run found of one part, and what was decided about it."""

    __tablename__ = "part_run"
    __table_args__ = (Index("uq_part_run_run_part", "run_id", "part_id", unique=True),)

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), index=True)
    endpoint: Mapped[int] = mapped_column(comment="index of the endpoint that was used")
    role: Mapped[str] = mapped_column(comment="official, mirror or archive")
    verdict: Mapped[str] = mapped_column(
        comment="complete, partial, held, failed, interrupted, unchanged"
    )
    reasons: Mapped[Json] = mapped_column(comment="machine words")
    details: Mapped[Json] = mapped_column(default="[]", comment="each reason in plain words")
    declared: Mapped[int | None] = mapped_column(comment="rows that the source says it has")
    observed: Mapped[int] = mapped_column(comment="rows observed, hashed ones included")
    hashed: Mapped[int] = mapped_column(default=0, comment="rows kept only as a keyed hash")
    state_at: Mapped[Moment | None] = mapped_column(comment="the source's own date of the state")
    seen_at: Mapped[Moment] = mapped_column(comment="time of our look, or of the imported state")
    bytes_sha256: Mapped[Digest] = mapped_column(comment="digest over its pages")
    rows_sha256: Mapped[Digest | None] = mapped_column(comment="digest over its staged rows")
    approved_at: Mapped[Moment | None] = mapped_column(comment="when a person approved it")


class Fetch(Base):
    """One request, or one imported file, with what came back or why nothing did."""

    __tablename__ = "fetch"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, comment="run-number")
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), index=True)
    part: Mapped[str] = mapped_column(comment="part that it was made for")
    endpoint: Mapped[int] = mapped_column(comment="index of the endpoint")
    form: Mapped[str] = mapped_column(comment="form that the reader takes it for")
    context: Mapped[Json] = mapped_column(comment="what the reader must know beside the bytes")
    origin: Mapped[str] = mapped_column(comment="http or file")
    url: Mapped[str] = mapped_column(Text, comment="address asked")
    final_url: Mapped[str] = mapped_column(Text, comment="address after redirects")
    chain: Mapped[Json] = mapped_column(comment="redirect hops")
    method: Mapped[str] = mapped_column(comment="HTTP method, or FILE")
    request_headers: Mapped[Json] = mapped_column(comment="secrets masked")
    request_sha256: Mapped[Digest | None] = mapped_column(comment="digest of the request's body")
    status: Mapped[int | None] = mapped_column(comment="HTTP status")
    response_headers: Mapped[Json] = mapped_column(comment="as received, escaped")
    peer: Mapped[str | None] = mapped_column(comment="address that answered")
    tls_sha256: Mapped[Digest | None] = mapped_column(comment="digest of the peer's certificate")
    tls_root: Mapped[str | None] = mapped_column(comment="which roots vouched: webpki or extra")
    fetched_at: Mapped[Moment] = mapped_column(comment="our clock")
    elapsed_ms: Mapped[int | None] = mapped_column()
    server_date: Mapped[str | None] = mapped_column(comment="the server's Date header")
    clock_skew_s: Mapped[int | None] = mapped_column(comment="server's clock minus ours")
    wire_sha256: Mapped[Digest | None] = mapped_column(comment="digest of the body as received")
    body_sha256: Mapped[Digest | None] = mapped_column(comment="digest of the decoded body kept")
    whole_sha256: Mapped[Digest | None] = mapped_column(
        comment="digest of the decoded body where only its kept lines are stored"
    )
    length: Mapped[int | None] = mapped_column(comment="bytes of the decoded body")
    content_type: Mapped[str | None] = mapped_column()
    charset: Mapped[str | None] = mapped_column(comment="charset that was used")
    flags: Mapped[Json] = mapped_column(comment="partial, not-modified, ...")
    failure: Mapped[str | None] = mapped_column(comment="machine word")
    failure_text: Mapped[str | None] = mapped_column(Text, comment="plain words")


class Blob(Base):
    """Bytes under `home/evidence`, named by the SHA-256 of what they are uncompressed."""

    __tablename__ = "blob"

    sha256: Mapped[Digest] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(comment="bytes uncompressed")
    run_id: Mapped[int] = mapped_column(comment="run that stored it first")


class Record(Base):
    """A thing that a source lists."""

    __tablename__ = "record"
    __table_args__ = (Index("uq_record_part_key", "part_id", "key", unique=True),)

    id: Mapped[Id]
    source: Mapped[str] = mapped_column(ForeignKey("source.name"), index=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"))
    key: Mapped[Json] = mapped_column(comment="JSON list, as the contract fixes it")
    status: Mapped[str] = mapped_column(comment="listed, absent or gone: does the row stand there")
    first_seen_at: Mapped[Moment] = mapped_column()
    first_run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    absent_at: Mapped[Moment | None] = mapped_column(comment="first look that missed it")
    absent_run_id: Mapped[int | None] = mapped_column(comment="run of that look")
    last_seen_at: Mapped[Moment | None] = mapped_column(
        comment="only where it is not listed: a listed row was last seen by its part"
    )
    ended_on: Mapped[Day | None] = mapped_column(comment="exclusion date, or day it was gone")
    revision_id: Mapped[int] = mapped_column(index=True, comment="current revision")


class Revision(Base):
    """What a source said about a record at one time. Never edited, never deleted."""

    __tablename__ = "revision"
    __table_args__ = (Index("ix_revision_record_id", "record_id", "id"),)

    id: Mapped[Id]
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), index=True)
    fetch_id: Mapped[str] = mapped_column(ForeignKey("fetch.id"), index=True)
    digest: Mapped[Digest] = mapped_column(ForeignKey("blob.sha256"), index=True)
    locator: Mapped[str] = mapped_column(Text, comment="where in those bytes")
    quote: Mapped[str] = mapped_column(Text, comment="the row that states it, class A only")
    fields: Mapped[Json] = mapped_column(comment="normalised, class A only")
    measure: Mapped[Json] = mapped_column(comment="the act that the row states, for `measure`")
    content_hash: Mapped[Digest] = mapped_column(comment="digest of `fields` and `measure`")
    judged_hash: Mapped[Digest] = mapped_column(comment="the same without volatile fields")
    role: Mapped[str] = mapped_column(comment="official, mirror or archive")
    seen_at: Mapped[Moment] = mapped_column(comment="when it was said, as far as we know")
    past: Mapped[bool] = mapped_column(default=False, comment="came late, was never current")
    parser: Mapped[str] = mapped_column()


class Change(Base):
    """One thing that became different in a source. Never edited, never deleted."""

    __tablename__ = "change"
    __table_args__ = (Index("ix_change_source_at", "source", "at"),)

    id: Mapped[Id]
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    source: Mapped[str] = mapped_column()
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), index=True)
    kind: Mapped[str] = mapped_column(
        comment="baseline, appeared, changed, gone, returned, reparsed, corrected"
    )
    at: Mapped[Moment] = mapped_column(comment="when the source was seen so")
    from_revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))
    to_revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    fields: Mapped[Json] = mapped_column(comment="names of the fields that differ")
    volatile: Mapped[bool] = mapped_column(default=False, comment="only volatile fields differ")


class Stage(Base):
    """A row of a run that is not yet decided. Emptied when it is."""

    __tablename__ = "stage"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), primary_key=True)
    endpoint: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[Json] = mapped_column(primary_key=True)
    fields: Mapped[Json] = mapped_column()
    measure: Mapped[Json] = mapped_column()
    content_hash: Mapped[Digest] = mapped_column()
    judged_hash: Mapped[Digest] = mapped_column()
    fetch_id: Mapped[str] = mapped_column()
    digest: Mapped[Digest] = mapped_column()
    locator: Mapped[str] = mapped_column(Text)
    quote: Mapped[str] = mapped_column(Text)


class HashedRows(Base):
    """Rows that are present but must not be kept: only their keyed hashes, per part or run."""

    __tablename__ = "hashed_rows"

    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), primary_key=True)
    run_id: Mapped[int] = mapped_column(primary_key=True, comment="0: the state held now")
    endpoint: Mapped[int] = mapped_column(primary_key=True)
    rows: Mapped[int] = mapped_column(comment="how many")
    hashes: Mapped[bytes] = mapped_column(LargeBinary, comment="sorted 8-byte keyed hashes")


class Tally(Base):
    """How many rows a blocklist held, by kind of agency and day of decision."""

    __tablename__ = "tally"

    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), primary_key=True)
    run_id: Mapped[int] = mapped_column(primary_key=True, comment="0: the state held now")
    agency: Mapped[str] = mapped_column(primary_key=True, comment="kind of agency")
    day: Mapped[str] = mapped_column(primary_key=True, comment="date of the decision, or empty")
    rows: Mapped[int] = mapped_column()


class IssueRow(Base):
    """One thing not understood, open until a person or a parser fix closes it."""

    __tablename__ = "issue"
    __table_args__ = (Index("ix_issue_source_open", "source", "closed_at"),)

    id: Mapped[Id]
    source: Mapped[str] = mapped_column(ForeignKey("source.name"))
    part: Mapped[str] = mapped_column()
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), comment="run that saw it last")
    kind: Mapped[str] = mapped_column(comment="machine word")
    heading: Mapped[str] = mapped_column(comment="column, field or thing it is about")
    text: Mapped[str] = mapped_column(Text, comment="plain words, never an unclassified value")
    locator: Mapped[str] = mapped_column(Text)
    digest: Mapped[Digest | None] = mapped_column(comment="bytes in which it was seen")
    times: Mapped[int] = mapped_column(default=1, comment="runs that saw it")
    opened_at: Mapped[Moment] = mapped_column()
    closed_at: Mapped[Moment | None] = mapped_column()


class Measure(Base):
    """The act: an analyst's view of a record's current revision. A projection."""

    __tablename__ = "measure"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    source: Mapped[str] = mapped_column(index=True)
    country: Mapped[str] = mapped_column(String(2), comment="country whose state acts")
    code: Mapped[str] = mapped_column(index=True, comment="kind of measure, taxonomy code")
    direction: Mapped[str] = mapped_column(comment="act, remedy or reversal")
    target: Mapped[str | None] = mapped_column(comment="who or what it is aimed at")
    target_type: Mapped[str | None] = mapped_column()
    acted_on: Mapped[Day | None] = mapped_column(index=True, comment="date of the act")
    ended_on: Mapped[Day | None] = mapped_column(comment="date it ended")
    authority: Mapped[str | None] = mapped_column(comment="who decided")
    articles: Mapped[Json] = mapped_column(comment="legal ground")
    status: Mapped[str] = mapped_column(comment="status of the record")


class Designation(Base):
    """A designation: somebody was put on a list by an act of a state. A projection."""

    __tablename__ = "designation"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    number: Mapped[str | None] = mapped_column(comment="number in the register")
    name: Mapped[str | None] = mapped_column(index=True, comment="name as listed")
    names: Mapped[Json] = mapped_column(comment="pseudonyms and former names")
    target_type: Mapped[str | None] = mapped_column()
    legal_basis: Mapped[str | None] = mapped_column(Text)
    listed_on: Mapped[Day | None] = mapped_column(index=True)
    published_on: Mapped[Day | None] = mapped_column()
    delisted_on: Mapped[Day | None] = mapped_column(index=True)
    domains: Mapped[Json] = mapped_column()
    urls: Mapped[Json] = mapped_column()
    members: Mapped[Json] = mapped_column()
    registration_number: Mapped[str | None] = mapped_column()
    ogrn: Mapped[str | None] = mapped_column()
    inn: Mapped[str | None] = mapped_column(comment="organisations only")
    decisions: Mapped[Json] = mapped_column()


class Blocking(Base):
    """A blocking, as a register or a copy of it states it. A projection."""

    __tablename__ = "blocking"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    domains: Mapped[Json] = mapped_column(comment="lower case, Unicode, no www., no mask")
    urls: Mapped[Json] = mapped_column()
    ips: Mapped[Json] = mapped_column(comment="volatile")
    agency: Mapped[str | None] = mapped_column(index=True, comment="null when hidden")
    agency_inferred: Mapped[str | None] = mapped_column()
    decision_number: Mapped[str | None] = mapped_column()
    decided_on: Mapped[Day | None] = mapped_column(index=True)
    included_at: Mapped[Moment | None] = mapped_column()
    article: Mapped[str | None] = mapped_column()
    entry_type: Mapped[str | None] = mapped_column()
    block_type: Mapped[str | None] = mapped_column()
    political: Mapped[str | None] = mapped_column(comment="yes, no or review")
    political_rule: Mapped[str | None] = mapped_column(comment="the rule that decided")


class Ruling(Base):
    """A decision of a court. A projection."""

    __tablename__ = "ruling"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    court: Mapped[str | None] = mapped_column(index=True)
    court_code: Mapped[str | None] = mapped_column()
    judge: Mapped[str | None] = mapped_column()
    case_number: Mapped[str | None] = mapped_column()
    case_numbers: Mapped[Json] = mapped_column()
    uid: Mapped[str | None] = mapped_column(comment="UID of the case, ECLI at Strasbourg")
    instance: Mapped[str | None] = mapped_column()
    proceeding: Mapped[str | None] = mapped_column()
    articles: Mapped[Json] = mapped_column()
    received_on: Mapped[Day | None] = mapped_column()
    decided_on: Mapped[Day | None] = mapped_column(index=True)
    in_force_on: Mapped[Day | None] = mapped_column()
    outcome: Mapped[str | None] = mapped_column()
    outcome_raw: Mapped[str | None] = mapped_column(Text)
    direction: Mapped[str | None] = mapped_column()
    sanction: Mapped[Json] = mapped_column()
    parties: Mapped[Json] = mapped_column(comment="role, name or initials, hash, kind")
    protocol_by: Mapped[str | None] = mapped_column()
    restricted_urls: Mapped[Json] = mapped_column()
    act_url: Mapped[str | None] = mapped_column()
    act_text_digest: Mapped[str | None] = mapped_column()


class Reference(Base):
    """A row of a reference list: which domains are media, who is held to be persecuted."""

    __tablename__ = "reference"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    url: Mapped[str | None] = mapped_column()
    domain: Mapped[str | None] = mapped_column(index=True)
    category: Mapped[str | None] = mapped_column()
    name: Mapped[str | None] = mapped_column()
    list_name: Mapped[str | None] = mapped_column(comment="which list")
    listed_on: Mapped[Day | None] = mapped_column()


class Audit(Base):
    """The hash chain over everything that was done. Never edited, never deleted."""

    __tablename__ = "audit"

    seq: Mapped[Id]
    at: Mapped[Moment] = mapped_column()
    actor: Mapped[str] = mapped_column(comment="who acted: the program's command or a person")
    kind: Mapped[str] = mapped_column(comment="run-started, part-decided, approved, ...")
    subject: Mapped[str] = mapped_column(comment="what it is about")
    payload_sha256: Mapped[Digest] = mapped_column(comment="SHA-256 of salt and payload")
    prev: Mapped[Digest] = mapped_column(comment="hash of the entry before")
    hash: Mapped[Digest] = mapped_column(comment="SHA-256 of 0x00, prev and this entry")


class AuditPayload(Base):
    """What an audit entry says; apart, so that it can be erased and the chain still holds."""

    __tablename__ = "audit_payload"

    seq: Mapped[int] = mapped_column(ForeignKey("audit.seq"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32))
    payload: Mapped[Json] = mapped_column()


APPEND_ONLY = ("audit", "fetch", "revision", "change", "blob")
TYPED: dict[str, type[Base]] = {
    "designation": Designation,
    "blocking": Blocking,
    "ruling": Ruling,
    "reference": Reference,
}
