"""How complete an archive is."""

from dataclasses import replace

from repcrm.accounts.completeness import WEIGHTS, Archive, ArchivePart, completeness_of

FULL = Archive(
    has_grade=True, has_beds=True, has_address=True, has_place=True, has_pharmacy=True, has_key_people=True,
    departments=3, in_scope=2, staffed=2, products=6, listed=6, valued=6, watched=6,
)  # fmt: skip
A = ArchivePart


def test_the_parts_add_up_to_a_hundred():
    assert sum(WEIGHTS.values()) == 100
    assert set(WEIGHTS) == set(ArchivePart)


def test_an_empty_archive_is_at_nothing_and_lacks_everything():
    empty = completeness_of(Archive())
    assert empty.percent == 0
    assert set(empty.missing) == set(ArchivePart)
    assert empty.missing[0] is A.DEPARTMENTS


def test_a_full_archive_lacks_nothing():
    assert completeness_of(FULL).percent == 100
    assert completeness_of(FULL).missing == ()


def test_half_of_a_part_counts_half():
    half = completeness_of(replace(FULL, staffed=1, valued=3))  # 15/2 and 10/2 missing
    assert half.percent == 87
    assert half.missing == (A.DOCTORS, A.POTENTIAL)


def test_almost_complete_is_never_called_complete():
    assert completeness_of(replace(FULL, in_scope=1000, staffed=999)).percent == 99


def test_more_listings_than_products_count_no_more_than_all():
    assert completeness_of(replace(FULL, listed=7)).percent == 100
