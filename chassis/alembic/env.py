"""Alembic's environment for every history: told by the caller which connection and which version table."""

from alembic import context
from sqlalchemy import MetaData

from chassis.tables import NAMING

config = context.config
context.configure(
    connection=config.attributes["connection"],
    version_table=config.attributes["version_table"],
    target_metadata=MetaData(naming_convention=NAMING),  # what migrations create is named by it
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
