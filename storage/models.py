"""The tables, in the analyst's vocabulary. Column comments are the data dictionary.

Moments are UTC text of whole seconds, dates ISO text, lists and objects canonical JSON text: the
same on SQLite and PostgreSQL, and sorted by the plain order of text.
"""

from typing import Annotated

from sqlalchemy import Float, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Text
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
    covers: Mapped[str] = mapped_column(comment="everything, window, growing or single")
    every: Mapped[str] = mapped_column(comment="how often it is read")
    fresh_for_s: Mapped[int] = mapped_column(comment="limit of the age of our last read, seconds")
    licence: Mapped[str] = mapped_column(comment="terms under which it may be used")
    status_in_country: Mapped[str] = mapped_column(comment="what linking to it risks there")
    spec_sha256: Mapped[Digest] = mapped_column(comment="digest of the TOML")


class Part(Base):
    """A unit of completeness of a source: a register, a file, a window, a court."""

    __tablename__ = "part"
    __table_args__ = (Index("uq_part_source_key", "source", "key", unique=True),)

    id: Mapped[Id] = mapped_column(comment="number of the part")
    source: Mapped[str] = mapped_column(ForeignKey("source.name"), comment="its source")
    key: Mapped[str] = mapped_column(comment="name within the source")
    baseline_run_id: Mapped[int | None] = mapped_column(comment="its first complete run")
    complete_run_id: Mapped[int | None] = mapped_column(comment="its newest complete run")
    complete_at: Mapped[Moment | None] = mapped_column(comment="time of that run")
    looked_at: Mapped[Moment | None] = mapped_column(
        comment="newest complete read that may count as a look at an absence"
    )
    state_at: Mapped[Moment | None] = mapped_column(comment="own date of the newest state held")
    official_state_at: Mapped[Moment | None] = mapped_column(
        comment="own date of the newest official state held; null where there is none"
    )
    parsed_run_id: Mapped[int | None] = mapped_column(
        comment="run whose bytes were parsed for the state held"
    )
    bytes_sha256: Mapped[Digest | None] = mapped_column(comment="digest over the pages of that run")
    parser: Mapped[str | None] = mapped_column(comment="parser of the newest complete run")
    rows: Mapped[int | None] = mapped_column(comment="rows observed by that run")


class Run(Base):
    """One attempt to read a source."""

    __tablename__ = "run"

    id: Mapped[Id] = mapped_column(comment="number of the run")
    source: Mapped[str] = mapped_column(
        ForeignKey("source.name"), index=True, comment="source read"
    )
    trigger: Mapped[str] = mapped_column(comment="crawl, import, replay, git, curated")
    started_at: Mapped[Moment] = mapped_column(comment="start")
    ended_at: Mapped[Moment | None] = mapped_column(comment="end; null while it runs")
    verdict: Mapped[str | None] = mapped_column(comment="roll-up of its parts")
    reasons: Mapped[Json] = mapped_column(default="[]", comment="machine words")
    baseline: Mapped[bool] = mapped_column(default=False, comment="its changes are baseline")
    observed: Mapped[int] = mapped_column(default=0, comment="rows observed")
    appeared: Mapped[int] = mapped_column(default=0, comment="rows new to us")
    changed: Mapped[int] = mapped_column(default=0, comment="rows that say something else")
    gone: Mapped[int] = mapped_column(default=0, comment="rows proven to be gone")
    returned: Mapped[int] = mapped_column(
        default=0, comment="rows that were gone and stand there again"
    )
    reparsed: Mapped[int] = mapped_column(
        default=0, comment="rows that only our reading made different"
    )
    absent: Mapped[int] = mapped_column(default=0, comment="listed before, not seen, not yet gone")
    issues: Mapped[int] = mapped_column(default=0, comment="issues opened or seen again")
    fetches: Mapped[int] = mapped_column(default=0, comment="requests recorded")
    parser: Mapped[str] = mapped_column(comment="version of spider, spec and pipelines")
    software: Mapped[str] = mapped_column(comment="version of unsilenced")


class PartRun(Base):
    """What one run found of one part, and what was decided about it."""

    __tablename__ = "part_run"
    __table_args__ = (Index("uq_part_run_run_part", "run_id", "part_id", unique=True),)

    id: Mapped[Id] = mapped_column(comment="number of the entry")
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), comment="its run")
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), index=True, comment="its part")
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
    unkeyed: Mapped[int] = mapped_column(
        default=0, comment="rows that could not be read, not even their key"
    )
    state_at: Mapped[Moment | None] = mapped_column(comment="the source's own date of the state")
    seen_at: Mapped[Moment] = mapped_column(comment="time of our look, or of the imported state")
    bytes_sha256: Mapped[Digest] = mapped_column(comment="digest over its pages")
    rows_sha256: Mapped[Digest | None] = mapped_column(comment="digest over its staged rows")
    approved_at: Mapped[Moment | None] = mapped_column(comment="when a person approved it")


class Fetch(Base):
    """One request, or one imported file, with what came back or why nothing did."""

    __tablename__ = "fetch"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, comment="run-number")
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), index=True, comment="run that asked")
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
    elapsed_ms: Mapped[int | None] = mapped_column(
        comment="milliseconds until the whole answer was here"
    )
    server_date: Mapped[str | None] = mapped_column(comment="the server's Date header")
    clock_skew_s: Mapped[int | None] = mapped_column(comment="server's clock minus ours")
    wire_sha256: Mapped[Digest | None] = mapped_column(comment="digest of the body as received")
    body_sha256: Mapped[Digest | None] = mapped_column(comment="digest of the decoded body kept")
    whole_sha256: Mapped[Digest | None] = mapped_column(
        comment="digest of the decoded body where only its kept lines are stored"
    )
    length: Mapped[int | None] = mapped_column(comment="bytes of the decoded body")
    content_type: Mapped[str | None] = mapped_column(comment="the answer's Content-Type header")
    charset: Mapped[str | None] = mapped_column(comment="charset that was used")
    flags: Mapped[Json] = mapped_column(comment="partial, not-modified, ...")
    failure: Mapped[str | None] = mapped_column(comment="machine word")
    failure_text: Mapped[str | None] = mapped_column(Text, comment="plain words")


class FetchMark(Base):
    """What a run found of an answer once it was stored: a row beside it, for `fetch` never changes.

    `unread`: it is not the page that was asked for, or was not read to its end. `taken`: it was
    stored by a run that was interrupted, and read by this one.
    """

    __tablename__ = "fetch_mark"

    fetch_id: Mapped[str] = mapped_column(
        ForeignKey("fetch.id"), primary_key=True, comment="the answer"
    )
    run_id: Mapped[int] = mapped_column(
        ForeignKey("run.id"), primary_key=True, comment="run that read it"
    )
    kind: Mapped[str] = mapped_column(primary_key=True, comment="unread or taken")
    reason: Mapped[str | None] = mapped_column(comment="machine word: why it is unread")
    words: Mapped[str | None] = mapped_column(Text, comment="the same in plain words")


class Blob(Base):
    """Bytes under `home/evidence`, named by the SHA-256 of what they are uncompressed."""

    __tablename__ = "blob"

    sha256: Mapped[Digest] = mapped_column(primary_key=True, comment="digest, and name of the file")
    size: Mapped[int] = mapped_column(comment="bytes uncompressed")
    run_id: Mapped[int] = mapped_column(comment="run that stored it first")


class Record(Base):
    """A thing that a source lists."""

    __tablename__ = "record"
    __table_args__ = (Index("uq_record_part_key", "part_id", "key", unique=True),)

    id: Mapped[Id] = mapped_column(comment="number of the record")
    source: Mapped[str] = mapped_column(
        ForeignKey("source.name"), index=True, comment="source that lists it"
    )
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), comment="its part")
    key: Mapped[Json] = mapped_column(comment="JSON list, as the contract fixes it")
    status: Mapped[str] = mapped_column(comment="listed, absent or gone: does the row stand there")
    first_seen_at: Mapped[Moment] = mapped_column(comment="oldest state known to list it")
    first_run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), comment="run that met it first")
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

    id: Mapped[Id] = mapped_column(comment="number of the revision; `verify --fact` takes it")
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), comment="its record")
    run_id: Mapped[int] = mapped_column(
        ForeignKey("run.id"), index=True, comment="run that read it"
    )
    fetch_id: Mapped[str] = mapped_column(
        ForeignKey("fetch.id"), index=True, comment="fetch that brought it"
    )
    digest: Mapped[Digest] = mapped_column(
        ForeignKey("blob.sha256"), index=True, comment="SHA-256 of the bytes that state it"
    )
    locator: Mapped[str] = mapped_column(Text, comment="where in those bytes")
    quote: Mapped[str] = mapped_column(Text, comment="the row that states it, class A only")
    fields: Mapped[Json] = mapped_column(comment="normalised, class A only")
    measure: Mapped[Json] = mapped_column(comment="the act that the row states, for `measure`")
    content_hash: Mapped[Digest] = mapped_column(comment="digest of `fields` and `measure`")
    judged_hash: Mapped[Digest] = mapped_column(comment="the same without volatile fields")
    role: Mapped[str] = mapped_column(comment="official, mirror or archive")
    seen_at: Mapped[Moment] = mapped_column(comment="when it was said, as far as we know")
    past: Mapped[bool] = mapped_column(default=False, comment="came late, was never current")
    parser: Mapped[str] = mapped_column(comment="version of the parser that read it")


class Change(Base):
    """One thing that became different in a source. Never edited, never deleted."""

    __tablename__ = "change"
    __table_args__ = (Index("ix_change_source_at", "source", "at"),)

    id: Mapped[Id] = mapped_column(comment="number of the change")
    record_id: Mapped[int] = mapped_column(
        ForeignKey("record.id"), index=True, comment="its record"
    )
    source: Mapped[str] = mapped_column(comment="its source")
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), comment="its part")
    run_id: Mapped[int] = mapped_column(
        ForeignKey("run.id"), index=True, comment="run that found it"
    )
    kind: Mapped[str] = mapped_column(
        comment="baseline, appeared, changed, gone, returned, reparsed, corrected"
    )
    at: Mapped[Moment] = mapped_column(comment="when the source was seen so")
    from_revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("revision.id"), comment="what was said before; null where nothing was"
    )
    to_revision_id: Mapped[int] = mapped_column(
        ForeignKey("revision.id"), comment="what is said since"
    )
    fields: Mapped[Json] = mapped_column(comment="names of the fields that differ")
    volatile: Mapped[bool] = mapped_column(default=False, comment="only volatile fields differ")


class Stage(Base):
    """A row of a run that is not yet decided. Emptied when it is."""

    __tablename__ = "stage"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), primary_key=True, comment="its run")
    part_id: Mapped[int] = mapped_column(
        ForeignKey("part.id"), primary_key=True, comment="its part"
    )
    endpoint: Mapped[int] = mapped_column(primary_key=True, comment="index of the endpoint")
    key: Mapped[Json] = mapped_column(primary_key=True, comment="key of the record")
    fields: Mapped[Json] = mapped_column(comment="as in `revision`")
    measure: Mapped[Json] = mapped_column(comment="as in `revision`")
    content_hash: Mapped[Digest] = mapped_column(comment="as in `revision`")
    judged_hash: Mapped[Digest] = mapped_column(comment="as in `revision`")
    fetch_id: Mapped[str] = mapped_column(comment="fetch that brought it")
    digest: Mapped[Digest] = mapped_column(comment="SHA-256 of those bytes")
    locator: Mapped[str] = mapped_column(Text, comment="where in those bytes")
    quote: Mapped[str] = mapped_column(Text, comment="the row that states it, class A only")


class HashedRows(Base):
    """Rows that are present but must not be kept: only their keyed hashes, per part or run."""

    __tablename__ = "hashed_rows"

    part_id: Mapped[int] = mapped_column(
        ForeignKey("part.id"), primary_key=True, comment="its part"
    )
    run_id: Mapped[int] = mapped_column(primary_key=True, comment="0: the state held now")
    endpoint: Mapped[int] = mapped_column(primary_key=True, comment="index of the endpoint")
    rows: Mapped[int] = mapped_column(comment="how many")
    hashes: Mapped[bytes] = mapped_column(LargeBinary, comment="sorted 8-byte keyed hashes")


class KnownLines(Base):
    """Lines of a register by keyed hashes, so that the next state's same lines are not read again.

    Nothing is lost with them: without them every line is read."""

    __tablename__ = "known_lines"

    part_id: Mapped[int] = mapped_column(
        ForeignKey("part.id"), primary_key=True, comment="its part"
    )
    run_id: Mapped[int] = mapped_column(primary_key=True, comment="0: the state held now")
    endpoint: Mapped[int] = mapped_column(primary_key=True, comment="index of the endpoint")
    reader: Mapped[str] = mapped_column(
        comment="digest of parser and reference lists they hold for"
    )
    entries: Mapped[bytes] = mapped_column(
        LargeBinary, comment="sorted; 8 bytes of the line, 8 of what it led to, 4 of its count"
    )
    hashes: Mapped[bytes] = mapped_column(
        LargeBinary, comment="sorted 8-byte keyed hashes of those that are only counted"
    )
    counts: Mapped[Json] = mapped_column(comment="kind of agency, day and rows of each count")


class Tally(Base):
    """How many rows a blocklist held, by kind of agency and day of decision."""

    __tablename__ = "tally"

    part_id: Mapped[int] = mapped_column(
        ForeignKey("part.id"), primary_key=True, comment="its part"
    )
    run_id: Mapped[int] = mapped_column(primary_key=True, comment="0: the state held now")
    agency: Mapped[str] = mapped_column(primary_key=True, comment="kind of agency")
    day: Mapped[str] = mapped_column(primary_key=True, comment="date of the decision, or empty")
    rows: Mapped[int] = mapped_column(comment="how many")


class IssueRow(Base):
    """One thing not understood, open until a later read of its part no longer meets it."""

    __tablename__ = "issue"
    __table_args__ = (Index("ix_issue_source_open", "source", "closed_at"),)

    id: Mapped[Id] = mapped_column(comment="number of the issue")
    source: Mapped[str] = mapped_column(ForeignKey("source.name"), comment="its source")
    part: Mapped[str] = mapped_column(comment="its part")
    endpoint: Mapped[int] = mapped_column(comment="index of the endpoint that showed it")
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), comment="run that saw it last")
    kind: Mapped[str] = mapped_column(comment="machine word")
    heading: Mapped[str] = mapped_column(comment="column, field or thing it is about")
    text: Mapped[str] = mapped_column(Text, comment="plain words, never an unclassified value")
    locator: Mapped[str] = mapped_column(Text, comment="where in those bytes")
    digest: Mapped[Digest | None] = mapped_column(comment="bytes in which it was seen")
    times: Mapped[int] = mapped_column(default=1, comment="runs that saw it")
    opened_at: Mapped[Moment] = mapped_column(comment="first seen")
    closed_at: Mapped[Moment | None] = mapped_column(comment="null while it is open")
    closed_run_id: Mapped[int | None] = mapped_column(
        ForeignKey("run.id"), comment="run that no longer met it"
    )
    closed_by: Mapped[str | None] = mapped_column(
        comment="source (it shows another state), parser (same bytes read anew), match"
    )


class Measure(Base):
    """The act: an analyst's view of a record's current revision. A projection."""

    __tablename__ = "measure"

    record_id: Mapped[int] = mapped_column(
        ForeignKey("record.id"), primary_key=True, comment="its record"
    )
    revision_id: Mapped[int] = mapped_column(
        ForeignKey("revision.id"), comment="revision that it shows"
    )
    source: Mapped[str] = mapped_column(index=True, comment="its source")
    country: Mapped[str] = mapped_column(String(2), comment="country whose state acts")
    code: Mapped[str] = mapped_column(index=True, comment="kind of measure, taxonomy code")
    direction: Mapped[str] = mapped_column(comment="act, remedy or reversal")
    target: Mapped[str | None] = mapped_column(comment="who or what it is aimed at")
    target_type: Mapped[str | None] = mapped_column(
        comment="person, organisation, association, ..."
    )
    acted_on: Mapped[Day | None] = mapped_column(index=True, comment="date of the act")
    ended_on: Mapped[Day | None] = mapped_column(comment="date it ended")
    authority: Mapped[str | None] = mapped_column(comment="who decided")
    articles: Mapped[Json] = mapped_column(comment="legal ground")
    stated_reason: Mapped[str | None] = mapped_column(
        Text, comment="reason that the authority stated, where the row has it"
    )
    status: Mapped[str] = mapped_column(comment="status of the record")


class Designation(Base):
    """A designation: somebody was put on a list by an act of a state. A projection."""

    __tablename__ = "designation"

    record_id: Mapped[int] = mapped_column(
        ForeignKey("record.id"), primary_key=True, comment="its record"
    )
    number: Mapped[str | None] = mapped_column(comment="number in the register")
    name: Mapped[str | None] = mapped_column(index=True, comment="name as listed")
    names: Mapped[Json] = mapped_column(comment="pseudonyms and former names")
    target_type: Mapped[str | None] = mapped_column(
        comment="person, organisation, association, information_resource, material, unknown"
    )
    legal_basis: Mapped[str | None] = mapped_column(
        Text, comment="legal ground as the register states it"
    )
    listed_on: Mapped[Day | None] = mapped_column(
        index=True, comment="date of the decision to list"
    )
    published_on: Mapped[Day | None] = mapped_column(comment="date of its publication")
    delisted_on: Mapped[Day | None] = mapped_column(
        index=True, comment="date of the decision to exclude"
    )
    domains: Mapped[Json] = mapped_column(comment="sites named")
    urls: Mapped[Json] = mapped_column(comment="addresses named")
    members: Mapped[Json] = mapped_column(comment="members and participants named")
    registration_number: Mapped[str | None] = mapped_column(comment="state registration number")
    ogrn: Mapped[str | None] = mapped_column(comment="OGRN number of an organisation")
    inn: Mapped[str | None] = mapped_column(comment="organisations only")
    decisions: Mapped[Json] = mapped_column(comment="list of authority, date, number, kind")
    country: Mapped[str | None] = mapped_column(
        comment="state that its name ends with, ISO 3166; of several the first"
    )
    countries: Mapped[Json] = mapped_column(comment="all states that its name ends with")
    legal_form: Mapped[str | None] = mapped_column(
        comment="legal form by our table: SIA, e.V., ..."
    )
    own_name: Mapped[str | None] = mapped_column(
        comment="name without legal form and outer quotes, of organisations"
    )
    other_names: Mapped[Json] = mapped_column(
        comment="list of name and kind: former, abbreviation, translation, brand, ..."
    )
    mixed_script: Mapped[Json] = mapped_column(
        comment="words of two alphabets in one: list of word, folded"
    )
    accounts: Mapped[Json] = mapped_column(
        comment="list of platform, handle, id, site, read from `urls`"
    )
    subject_kind: Mapped[str | None] = mapped_column(
        comment="outlet, journalist, ngo, ...: our reading; review where no rule decides"
    )
    subject_rule: Mapped[str | None] = mapped_column(comment="the rule that gave `subject_kind`")


class Blocking(Base):
    """A blocking, as a register or a copy of it states it. A projection."""

    __tablename__ = "blocking"

    record_id: Mapped[int] = mapped_column(
        ForeignKey("record.id"), primary_key=True, comment="its record"
    )
    domains: Mapped[Json] = mapped_column(comment="lower case, Unicode, no www., no mask")
    urls: Mapped[Json] = mapped_column(comment="addresses blocked")
    ips: Mapped[Json] = mapped_column(comment="volatile")
    agency: Mapped[str | None] = mapped_column(index=True, comment="null when hidden")
    agency_inferred: Mapped[str | None] = mapped_column(
        comment="who decided, by a rule of ours, where the register hides it"
    )
    decision_number: Mapped[str | None] = mapped_column(comment="number of the decision")
    decided_on: Mapped[Day | None] = mapped_column(
        index=True, comment="date of the decision, not of the block"
    )
    included_at: Mapped[Moment | None] = mapped_column(
        comment="when it entered the register, where the source says so"
    )
    article: Mapped[str | None] = mapped_column(comment="legal ground")
    entry_type: Mapped[str | None] = mapped_column(comment="the register's own type of entry")
    block_type: Mapped[str | None] = mapped_column(comment="the register's own type of block")
    political: Mapped[str | None] = mapped_column(comment="yes, no or review")
    political_rule: Mapped[str | None] = mapped_column(comment="the rule that decided")


class Ruling(Base):
    """A decision of a court. A projection."""

    __tablename__ = "ruling"

    record_id: Mapped[int] = mapped_column(
        ForeignKey("record.id"), primary_key=True, comment="its record"
    )
    court: Mapped[str | None] = mapped_column(index=True, comment="court as published")
    court_code: Mapped[str | None] = mapped_column(comment="code of the court")
    judge: Mapped[str | None] = mapped_column(comment="judge or rapporteur")
    case_number: Mapped[str | None] = mapped_column(comment="number of the case")
    case_numbers: Mapped[Json] = mapped_column(comment="all its numbers")
    uid: Mapped[str | None] = mapped_column(comment="UID of the case, ECLI at Strasbourg")
    instance: Mapped[str | None] = mapped_column(comment="instance or formation")
    proceeding: Mapped[str | None] = mapped_column(
        comment="administrative, criminal, civil, cas, echr"
    )
    articles: Mapped[Json] = mapped_column(comment="list of code, article, part, point")
    received_on: Mapped[Day | None] = mapped_column(comment="date the court received it")
    decided_on: Mapped[Day | None] = mapped_column(index=True, comment="date of the decision")
    in_force_on: Mapped[Day | None] = mapped_column(comment="date it entered into force")
    outcome: Mapped[str | None] = mapped_column(
        comment="code of the outcome; null, pending or suspended where there is none"
    )
    outcome_raw: Mapped[str | None] = mapped_column(Text, comment="outcome as published")
    direction: Mapped[str | None] = mapped_column(comment="act, remedy or reversal")
    sanction: Mapped[Json] = mapped_column(comment="kind, amount_rub, hours, days, months")
    parties: Mapped[Json] = mapped_column(comment="role, name or initials, hash, kind")
    protocol_by: Mapped[str | None] = mapped_column(comment="who drew up the protocol")
    restricted_urls: Mapped[Json] = mapped_column(comment="addresses that it restricts")
    act_url: Mapped[str | None] = mapped_column(comment="address of the text")
    act_text_digest: Mapped[str | None] = mapped_column(comment="SHA-256 of the text")


class Reachability(Base):
    """What was measured of a domain in a window, and the verdict of a rule. A projection."""

    __tablename__ = "reachability"

    record_id: Mapped[int] = mapped_column(
        ForeignKey("record.id"), primary_key=True, comment="its record"
    )
    domain: Mapped[str | None] = mapped_column(
        index=True, comment="domain measured; null for a report that names none"
    )
    window_from: Mapped[Day | None] = mapped_column(comment="first day of the window")
    window_to: Mapped[Day | None] = mapped_column(comment="last day of the window")
    measurements: Mapped[int | None] = mapped_column(comment="measurements made")
    networks: Mapped[int | None] = mapped_column(
        comment="networks (AS numbers) with a measurement that counts"
    )
    confirmed: Mapped[int | None] = mapped_column(comment="a block page was recognised")
    anomaly: Mapped[int | None] = mapped_column(comment="looked like a blocking, not confirmed")
    failure: Mapped[int | None] = mapped_column(comment="failed; they count for nothing")
    ok: Mapped[int | None] = mapped_column(comment="the site opened as elsewhere")
    days: Mapped[int | None] = mapped_column(comment="days with a measurement that counts")
    days_with_signs: Mapped[int | None] = mapped_column(
        comment="days on which the rule's share of them shows signs"
    )
    networks_with_signs: Mapped[int | None] = mapped_column(
        comment="networks in which the rule's share of them shows signs"
    )
    confirmed_networks: Mapped[int | None] = mapped_column(
        comment="networks in which a block page was recognised"
    )
    read: Mapped[int | None] = mapped_column(comment="measurements read one by one")
    kinds: Mapped[Json] = mapped_column(comment="how the anomalies failed: kind, measurements")
    fingerprints: Mapped[Json] = mapped_column(comment="names of the block pages recognised")
    verdict: Mapped[str | None] = mapped_column(
        index=True,
        comment="unknown, insufficient, reachable, unclear, likely_blocked, confirmed_blocked, "
        "reported",
    )
    rule: Mapped[str | None] = mapped_column(comment="name of the rule that decided")
    incidents: Mapped[Json] = mapped_column(comment="reports of the source's own people")
    evidence: Mapped[Json] = mapped_column(comment="SHA-256 of every page that it rests on")


class Reference(Base):
    """A row of a reference list: which domains are media, who is held to be persecuted."""

    __tablename__ = "reference"

    record_id: Mapped[int] = mapped_column(
        ForeignKey("record.id"), primary_key=True, comment="its record"
    )
    url: Mapped[str | None] = mapped_column(comment="address listed")
    domain: Mapped[str | None] = mapped_column(index=True, comment="its domain")
    category: Mapped[str | None] = mapped_column(comment="category that the list gives")
    name: Mapped[str | None] = mapped_column(comment="name listed")
    list_name: Mapped[str | None] = mapped_column(comment="which list")
    listed_on: Mapped[Day | None] = mapped_column(comment="date of the listing")


class Entity(Base):
    """Who or what stands in an act: a subject, a domain, a court, an agency. A projection."""

    __tablename__ = "entity"

    id: Mapped[str] = mapped_column(
        String(17), primary_key=True, comment="E and 16 hex digits, made from its key: stable"
    )
    kind: Mapped[str] = mapped_column(
        index=True,
        comment="person, outlet, organisation, domain, court, judge, agency, authority, unknown",
    )
    key: Mapped[Json] = mapped_column(
        comment="what makes it one: its row of a register, the domain, the court's code, ..."
    )
    name: Mapped[str] = mapped_column(Text, comment="name as the source writes it")
    record_id: Mapped[int | None] = mapped_column(
        ForeignKey("record.id"), index=True, comment="row of a register that is its key, else null"
    )


class EntityName(Base):
    """A spelling under which an entity is found. A projection."""

    __tablename__ = "entity_name"
    __table_args__ = (Index("ix_entity_name_search_key", "search_key"),)

    entity_id: Mapped[str] = mapped_column(
        ForeignKey("entity.id"), primary_key=True, comment="its entity"
    )
    name: Mapped[str] = mapped_column(Text, primary_key=True, comment="the spelling")
    kind: Mapped[str] = mapped_column(
        comment="listed (its name now), other (stated beside it), former, alias (ours, to search)"
    )
    scheme: Mapped[str | None] = mapped_column(
        comment="of an alias: the scheme that letters were rewritten by"
    )
    search_key: Mapped[str] = mapped_column(Text, comment="the spelling folded for searching")


class Involvement(Base):
    """Who stands in a record in which role. A projection."""

    __tablename__ = "involvement"
    __table_args__ = (Index("ix_involvement_entity_id", "entity_id", "name"),)

    record_id: Mapped[int] = mapped_column(
        ForeignKey("record.id"), primary_key=True, comment="its record"
    )
    place: Mapped[int] = mapped_column(primary_key=True, comment="place among those of the record")
    entity_id: Mapped[str] = mapped_column(ForeignKey("entity.id"), comment="who or what")
    name: Mapped[str | None] = mapped_column(
        Text, comment="the name stated there; null where it is the entity's key"
    )
    role: Mapped[str] = mapped_column(
        comment="target, named, ordered, judge, plaintiff, respondent, announced, ..."
    )
    act: Mapped[str] = mapped_column(
        comment="inclusion, exclusion, recognition, blocking, ruling, ..."
    )
    acted_on: Mapped[str | None] = mapped_column(
        String(10), comment="date of that act; as exact as it was stated"
    )
    basis: Mapped[str] = mapped_column(
        comment="stated (the source says so), office (of who holds it), inferred (a rule of ours)"
    )
    score: Mapped[float] = mapped_column(Float, comment="certainty, up to 1")
    decided_by: Mapped[str | None] = mapped_column(
        comment="rule that inferred it; null where it is stated"
    )


class Projected(Base):
    """How far a projection has followed the revisions."""

    __tablename__ = "projected"

    name: Mapped[str] = mapped_column(primary_key=True, comment="which projection: entities")
    revision_id: Mapped[int] = mapped_column(comment="newest revision that it has read")


class Match(Base):
    """A suggested identity with its evidence. What a person decided survives later runs."""

    __tablename__ = "match"
    __table_args__ = (
        Index("uq_match_kind_left_right", "kind", "left_record_id", "right_record_id", unique=True),
    )

    id: Mapped[Id] = mapped_column(comment="number of the match")
    kind: Mapped[str] = mapped_column(
        comment="announcement, re-inclusion, same-subject, same-case, mirror"
    )
    left_record_id: Mapped[int] = mapped_column(
        ForeignKey("record.id"), comment="one side: the announcement, the later row"
    )
    right_record_id: Mapped[int] = mapped_column(
        ForeignKey("record.id"),
        index=True,
        comment="other side: the register's row, the earlier row",
    )
    score: Mapped[float] = mapped_column(Float, comment="certainty, up to 1")
    evidence: Mapped[Json] = mapped_column(comment="what the two sides have in common")
    rule: Mapped[str] = mapped_column(comment="rule that suggested it")
    status: Mapped[str] = mapped_column(comment="suggested, confirmed or rejected")
    decided_by: Mapped[str | None] = mapped_column(comment="person who decided")
    decided_at: Mapped[Moment | None] = mapped_column(comment="when it was decided")
    reason: Mapped[str | None] = mapped_column(Text, comment="why it was decided so")


class Coverage(Base):
    """How many units (courts) of a source were read in a week, by level and region. Made again by
    each crawl of the source for the weeks that it reads."""

    __tablename__ = "coverage"

    source: Mapped[str] = mapped_column(
        ForeignKey("source.name"), primary_key=True, comment="its source"
    )
    week: Mapped[str] = mapped_column(String(8), primary_key=True, comment="ISO week")
    level: Mapped[str] = mapped_column(primary_key=True, comment="kind of court: district, ...")
    region: Mapped[str] = mapped_column(primary_key=True, comment="number of the region")
    known: Mapped[int] = mapped_column(comment="courts in the source's own table")
    whole: Mapped[int] = mapped_column(comment="read: each day that was over, at each server")
    partly: Mapped[int] = mapped_column(comment="read on some of these days")
    captcha: Mapped[int] = mapped_column(comment="not read whole: a captcha stood before it")
    failed: Mapped[int] = mapped_column(comment="asked, and no day could be read")
    never: Mapped[int] = mapped_column(comment="not asked")


class Audit(Base):
    """The hash chain over everything that was done. Never edited, never deleted."""

    __tablename__ = "audit"

    seq: Mapped[Id] = mapped_column(comment="place in the chain")
    at: Mapped[Moment] = mapped_column(comment="our clock")
    actor: Mapped[str] = mapped_column(comment="who acted: the program's command or a person")
    kind: Mapped[str] = mapped_column(comment="run-started, part-decided, approved, ...")
    subject: Mapped[str] = mapped_column(comment="what it is about")
    payload_sha256: Mapped[Digest] = mapped_column(comment="SHA-256 of salt and payload")
    prev: Mapped[Digest] = mapped_column(comment="hash of the entry before")
    hash: Mapped[Digest] = mapped_column(comment="SHA-256 of 0x00, prev and this entry")


class AuditPayload(Base):
    """What an audit entry says; apart, so that it can be erased and the chain still holds."""

    __tablename__ = "audit_payload"

    seq: Mapped[int] = mapped_column(
        ForeignKey("audit.seq"), primary_key=True, comment="its audit entry"
    )
    salt: Mapped[str] = mapped_column(
        String(32), comment="random, so that an erased payload cannot be guessed"
    )
    payload: Mapped[Json] = mapped_column(comment="what was done")


APPEND_ONLY = ("audit", "fetch", "fetch_mark", "revision", "change", "blob")
TYPED: dict[str, type[Base]] = {
    "designation": Designation,
    "blocking": Blocking,
    "ruling": Ruling,
    "reachability": Reachability,
    "reference": Reference,
}
