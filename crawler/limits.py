"""What this process may use, set by itself before it reads anything from outside."""

import resource


def limit_process(memory_bytes: int | None) -> None:
    """Bound the address space (bytes; None: no bound) so that a hostile file hurts one run only,
    and write no core dump: it would hold keys and personal data.

    The starting process must not do it between fork and exec: it has threads, and Python code
    there may wait for a lock that a thread held when it was copied."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory_bytes is not None:
        _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        bound = memory_bytes if hard == resource.RLIM_INFINITY else min(memory_bytes, hard)
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
