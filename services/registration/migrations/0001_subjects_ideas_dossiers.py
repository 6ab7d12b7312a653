"""Subjects, ideas, dossiers, serials, evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _place() -> list[sa.Column]:
    return [
        sa.Column("province", sa.String(5), nullable=False),
        sa.Column("district", sa.String(5)),
        sa.Column("commune", sa.String(5), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "subjects",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("legal_name", sa.Text, nullable=False),
        sa.Column("public_name", sa.Text, nullable=False),
        sa.Column("representative", sa.Text, nullable=False),
        sa.Column("phone", sa.String(20)),
        sa.Column("tax_code", sa.String(20)),
        *_place(),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_subjects_commune", "subjects", ["commune"])
    op.create_table(
        "ideas",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("subject_id", sa.Uuid, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("year", sa.Integer),
        sa.Column("proposed_on", sa.Date, nullable=False),
        *_place(),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_ideas_subject_id", "ideas", ["subject_id"])
    op.create_table(
        "dossiers",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("subject_id", sa.Uuid, nullable=False),
        sa.Column("idea_id", sa.Uuid),
        sa.Column("product_name", sa.Text, nullable=False),
        sa.Column("producer", sa.Text, nullable=False),
        sa.Column("criteria_set", sa.String(40), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("pack", sa.String(40), nullable=False),
        *_place(),
        sa.Column("opened_on", sa.Date, nullable=False),
        sa.Column("last_on", sa.Date, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("components", sa.JSON, nullable=False),
        sa.Column("samples", sa.Integer, nullable=False),
        sa.Column("self_assessment", sa.JSON, nullable=False),
        sa.Column("findings", sa.JSON, nullable=False),
        sa.Column("registration_number", sa.String(60), unique=True),
        sa.Column("product_code", sa.String(60), unique=True),
        sa.Column("received_on", sa.Date),
        sa.Column("standing", sa.String(60)),
        sa.Column("version", sa.Integer, nullable=False),
    )
    for column in ("subject_id", "commune", "status"):
        op.create_index(f"ix_dossiers_{column}", "dossiers", [column])
    op.create_table(
        "serials",
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("area", sa.String(5), primary_key=True),
        sa.Column("year", sa.Integer, primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
    )
    op.create_table(
        "evidence",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    for table in ("evidence", "serials", "dossiers", "ideas", "subjects"):
        op.drop_table(table)
