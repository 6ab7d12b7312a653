"""Councils, rounds, assessments, sheets, minutes that cannot be changed."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "councils",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("area", sa.String(5), nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date, nullable=False),
        sa.Column("regulation", sa.JSON, nullable=False),
        sa.Column("members", sa.JSON, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_councils_area", "councils", ["area"])
    op.create_table(
        "rounds",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("council_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_rounds_council_id", "rounds", ["council_id"])
    op.create_table(
        "assessments",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("dossier_id", sa.Uuid, nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("pack", sa.String(40), nullable=False),
        sa.Column("province", sa.String(5), nullable=False),
        sa.Column("district", sa.String(5)),
        sa.Column("commune", sa.String(5), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("council_id", sa.Uuid),
        sa.Column("round_id", sa.Uuid),
        sa.Column("opened_on", sa.Date, nullable=False),
        sa.Column("last_on", sa.Date, nullable=False),
        sa.Column("admitted_on", sa.Date),
        sa.Column("awaits_supplement", sa.Boolean, nullable=False),
        sa.Column("product", sa.JSON, nullable=False),
        sa.Column("procedure", sa.JSON, nullable=False),
        sa.Column("conclusion", sa.JSON),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("dossier_id", "level", name="uq_assessments_dossier_id_level"),
    )
    for column in ("province", "district", "status", "council_id", "round_id"):
        op.create_index(f"ix_assessments_{column}", "assessments", [column])
    op.create_table(
        "sheets",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("assessment_id", sa.Uuid, nullable=False),
        sa.Column("member", sa.String(120), nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("choices", sa.JSON, nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("uq_sheets_place", "sheets", ["assessment_id", "round", "member"], unique=True)
    op.create_table(
        "minutes",
        sa.Column("assessment_id", sa.Uuid, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
    )
    for statement in _guards(op.get_bind().dialect.name):
        op.execute(statement)


def _guards(dialect: str) -> list[str]:
    """What the database itself refuses: changing or dropping minutes."""
    if dialect != "postgresql":
        return [
            f"CREATE TRIGGER minutes_never_{act} BEFORE {act} ON minutes "
            "BEGIN SELECT RAISE(ABORT, 'minutes never change'); END"
            for act in ("update", "delete")
        ]
    never = "BEGIN RAISE EXCEPTION 'minutes never change'; END"
    when = "BEFORE UPDATE OR DELETE ON minutes FOR EACH ROW"
    return [
        f"CREATE FUNCTION minutes_never_change() RETURNS trigger LANGUAGE plpgsql AS $$ {never} $$",
        f"CREATE TRIGGER minutes_never {when} EXECUTE FUNCTION minutes_never_change()",
    ]


def downgrade() -> None:
    for table in ("minutes", "sheets", "assessments", "rounds", "councils"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION minutes_never_change()")
