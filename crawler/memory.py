"""What capture and conditional requests ask of a run: keep this fetch, what do we hold?"""

from dataclasses import replace

from crawler.conditional import Validators
from storage.fetch_facts import FetchFacts
from storage.runs import OpenRun
from storage.sightings import header, last_whole


class FetchRecorder:
    """The run behind a spider, as the downloader middlewares see it."""

    def __init__(self, run: OpenRun, *, keep_bodies: bool) -> None:
        self.open_run = run
        self.keep_bodies = keep_bodies

    def add_fetch(self, facts: FetchFacts) -> str:
        """Keep a fetch and note for which part and reader it was made."""
        dated = replace(facts, fetched_at=self.open_run.store.clock.now())
        return self.open_run.add_fetch(dated, keep_body=self.keep_bodies)

    def validators(self, url: str) -> Validators | None:
        """What the server said of the body that we hold of this URL."""
        with self.open_run.store.read() as connection:
            held = last_whole(connection, self.open_run.facts.name, url)
        if held is None:
            return None
        return Validators(
            etag=header(held, "ETag"), last_modified=header(held, "Last-Modified"),
            body_sha256=str(held.body_sha256), content_type=held.content_type,
        )  # fmt: skip

    def blob(self, digest: str) -> bytes:
        """A stored body. Raises LookupError where it cannot be read."""
        from storage.errors import BlobError

        try:
            return self.open_run.store.blobs.get(digest)
        except BlobError as error:
            raise LookupError(str(error)) from error
