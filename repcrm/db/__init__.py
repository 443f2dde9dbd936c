"""Ground: the database's base, types, engine, journal and migrations. SQLAlchemy, no Flask."""
