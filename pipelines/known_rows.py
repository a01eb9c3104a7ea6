"""What a run needs to know the rows of the state before: the lines held, the records they are."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pipelines.line_memory import LineMemory, Tally, reader_of
from pipelines.spec import Spec
from storage.known_lines import Known, known_lines, rows_held, rows_of
from storage.staged_row import StagedRow
from storage.store import Store

# The agency and day of a row that is only counted, None where a quick look does not tell.
Plain = Callable[[Mapping[str, str]], Tally | None]


@dataclass(frozen=True)
class KnownRows:
    """Rows of one source that were read before, by the parser and the lists that read now."""

    store: Store
    source: str
    reader: str
    plain: Plain

    def memory(self, part: str) -> LineMemory:
        """The lines of a part; none are known where nobody has read them with these lists."""
        with self.store.read() as connection:
            known = known_lines(connection, self.source, part, self.reader)
        secret = self.store.keys.hashing()
        memory = LineMemory(secret, known or Known(self.reader))
        if memory.has_rows():
            with self.store.read() as connection:
                memory.held = rows_held(connection, self.source, part, memory.name)
        return memory

    def rows(self, memory: LineMemory, hashes: Iterable[bytes]) -> dict[bytes, StagedRow]:
        """The rows of lines whose record still says what it said then."""
        wanted: dict[int, list[bytes]] = {}
        for one in hashes:
            revision = memory.revision(one)
            if revision is not None:
                wanted.setdefault(revision, []).append(one)
        if not wanted:
            return {}
        with self.store.read() as connection:
            found = rows_of(connection, wanted)
            return {one: row for revision, row in found for one in wanted[revision]}


def known_rows(store: Store, source: str, spec: Spec) -> KnownRows | None:
    """Of the family whose registers have a million rows; of others every row is read."""
    if spec.family != "blocking" or spec.number_field is not None:
        return None
    from pipelines.families import known_references
    from pipelines.plain_blocking import plainly_counted

    references = known_references(store, source)

    def plain(raw: Mapping[str, str]) -> Tally | None:
        return plainly_counted(raw, spec, references.get)

    return KnownRows(store, source, reader_of(store.keys.hashing(), references), plain)
