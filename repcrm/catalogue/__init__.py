"""Products, packs, prices and competitors."""
