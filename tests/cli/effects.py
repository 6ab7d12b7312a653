"""What the worker's tests leave behind in the database, without nameko."""

from sqlalchemy import Column, Integer, MetaData, String, Table

SERVICE = "reporting"
"""Whose queue and database it uses."""

tables = MetaData()
effects = Table(
    "listener_effects",
    tables,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("subject", String(80), nullable=False),
)
"""Nothing here is unique: an effect that happens twice is seen twice."""

attempts = Table(
    "listener_attempts",
    tables,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("subject", String(80), nullable=False),
)
"""Written beside the transaction of the event, so that failed attempts are counted too."""
