"""What we can do to ourselves: each error says what happened and what to do next."""


class StorageError(Exception):
    """We failed: the run ends `failed`, nothing half-written stays. Exit code 4."""


class NoRecord(StorageError):
    """There is no database where the configuration points, or it is not ours. Exit code 2."""


class RecordMissing(NoRecord):
    """The checkpoints know a database that is not there: it is not created anew silently."""


class Locked(StorageError):
    """Another process has been writing for longer than we are ready to wait."""


class BlobError(StorageError):
    """A blob is missing, torn or not what its name says."""


class DiskFull(StorageError):
    """The disk does not take the bytes: free some space and run again, nothing is lost."""


class Refused(StorageError):
    """The command is understood but must not be done now. Exit code 2."""
