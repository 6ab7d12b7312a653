"""Dead letters become work: what they carry, why they died, how often, and what was decided."""

import hashlib
import json
from base64 import b64decode, b64encode
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PREFIX = "cloudEvents_"
BYTES = "$bytes"
NEW = (
    ("key", sa.String(64)),
    ("exception", sa.String(200)),
    ("frame", sa.String(200)),
    ("fingerprint", sa.String(12)),
    ("headers", sa.Text()),
    ("properties", sa.Text()),
    ("body", sa.LargeBinary()),
    ("attempts", sa.Integer()),
    ("deaths", sa.Integer()),
    ("last_at", sa.DateTime(timezone=True)),
    ("state", sa.String(12)),
)
OPTIONAL = (
    ("original", sa.Text()),
    ("decided_at", sa.DateTime(timezone=True)),
    ("decided_by", sa.String(120)),
    ("why", sa.Text()),
)


def upgrade() -> None:
    for name, type_ in (*NEW, *OPTIONAL):
        op.add_column("dead_letters", sa.Column(name, type_))
    letters = _table("event", *(name for name, _ in NEW))
    connection = op.get_bind()
    for row in connection.execute(sa.select(letters)).all():
        changed = letters.update().where(letters.c.number == row.number)
        connection.execute(changed.values(_opened(row)))
    with op.batch_alter_table("dead_letters") as batch:
        for name, type_ in NEW:
            batch.alter_column(name, existing_type=type_, nullable=False)
        batch.drop_column("event")
    op.create_index("uq_dead_letters_key", "dead_letters", ["key"], unique=True)
    op.create_index("ix_dead_letters_state", "dead_letters", ["state", "fingerprint"])


def downgrade() -> None:
    """Letters that were decided on go: the older shape cannot say so, and the record of acts keeps it."""
    op.add_column("dead_letters", sa.Column("event", sa.Text()))
    letters = _table("event", "headers", "body", "state")
    connection = op.get_bind()
    connection.execute(letters.delete().where(letters.c.state != "waiting"))
    for row in connection.execute(sa.select(letters)).all():
        changed = letters.update().where(letters.c.number == row.number)
        connection.execute(changed.values(event=_folded(row)))
    op.drop_index("ix_dead_letters_state", "dead_letters")
    op.drop_index("uq_dead_letters_key", "dead_letters")
    with op.batch_alter_table("dead_letters") as batch:
        batch.alter_column("event", existing_type=sa.Text(), nullable=False)
        for name, _ in (*NEW, *OPTIONAL):
            batch.drop_column(name)


def _table(*names: str) -> Any:
    """The columns that are read and written here; times are only carried over."""
    types = {**dict(NEW), "event": sa.Text}
    columns = [sa.column(name, types[name]) for name in names]
    known = [sa.column("number", sa.BigInteger), sa.column("event_id", sa.String),
             sa.column("type", sa.String), sa.column("reason", sa.Text()),
             sa.column("buried_at", sa.DateTime(timezone=True))]  # fmt: skip
    return sa.table("dead_letters", *known, *columns)


def _opened(row: Any) -> dict[str, Any]:
    """An event in its structured form as the message that carried it."""
    document = json.loads(row.event)
    if BYTES in document:  # no event: laid down by `downgrade`
        headers, body = document["headers"], b64decode(document[BYTES])
    else:
        told = {k: v for k, v in document.items() if k not in ("data", "datacontenttype")}
        headers = {PREFIX + name: str(value) for name, value in told.items() if value is not None}
        body = json.dumps(document["data"], ensure_ascii=False).encode()
    kept = json.dumps(headers, sort_keys=True)
    kind = row.reason.partition(":")[0]
    return {
        "key": row.event_id or hashlib.sha256(kept.encode() + b"\n" + body).hexdigest(),
        "exception": "",
        "frame": "",
        "fingerprint": hashlib.sha256(f"{kind}\n{row.type or ''}\n".encode()).hexdigest()[:12],
        "headers": kept,
        "properties": "{}",
        "body": body,
        "attempts": 1,
        "deaths": 1,
        "last_at": row.buried_at,
        "state": "waiting",
    }


def _folded(row: Any) -> str:
    """The other way."""
    headers, body = json.loads(row.headers), bytes(row.body)
    if row.event_id is None:
        return json.dumps({"headers": headers, BYTES: b64encode(body).decode()})
    document = {
        name.removeprefix(PREFIX): value
        for name, value in headers.items()
        if name.startswith(PREFIX)
    }
    document |= {"sequence": int(document["sequence"]), "datacontenttype": "application/json"}
    return json.dumps(document | {"data": json.loads(body)}, ensure_ascii=False)
