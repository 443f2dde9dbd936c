"""Alembic's way in; `repcrm.db.schema.upgrade` hands over the connection and owns the transaction."""

from alembic import context

from repcrm.db.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,  # for its naming convention
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
