"""Sorted entries in one string of bytes: the same as sets and sorted lists would say."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from storage.packed import entries, only_in, with_more, without

WIDTH = 2
ENTRY = st.binary(min_size=WIDTH, max_size=WIDTH)
MANY = st.lists(st.sampled_from([bytes([a, b]) for a in range(5) for b in range(60)]), max_size=300)


def packed(some: list[bytes]) -> bytes:
    """Entries as they are kept."""
    return b"".join(sorted(some))


@given(MANY, MANY)
def test_what_only_one_state_has_is_found(first: list[bytes], second: list[bytes]) -> None:
    assert only_in(packed(first), packed(second), WIDTH) == set(first) - set(second)


@given(MANY, st.lists(ENTRY))
def test_more_entries_are_put_in_their_places(some: list[bytes], more: list[bytes]) -> None:
    assert with_more(packed(some), WIDTH, sorted(more)) == packed([*some, *more])


@given(MANY, st.data())
def test_entries_are_taken_out_one_by_one(some: list[bytes], data: st.DataObject) -> None:
    gone = data.draw(st.lists(st.sampled_from(some), max_size=len(some)) if some else st.just([]))
    gone = list((Counter(gone) & Counter(some)).elements())
    left = Counter(entries(without(packed(some), WIDTH, gone), WIDTH))
    assert left == Counter(some) - Counter(gone)
