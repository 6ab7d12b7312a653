"""Dossiers, ideas, the log of events, plans and targets."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

HOLDS = """certificate_id IS NOT NULL
 AND (ended_certificate IS NULL OR ended_certificate <> certificate_id)"""

STAGE = f"""CASE
 WHEN {HOLDS} THEN 'certified'
 WHEN certificate_id IS NOT NULL THEN ended_how
 WHEN filing = 'withdrawn' THEN 'withdrawn'
 WHEN national_star < 3 THEN 'closed'
 WHEN national_star IS NOT NULL THEN 'scored'
 WHEN referred_on IS NOT NULL THEN 'referred'
 WHEN outcome = 'close' THEN 'closed'
 WHEN scored_on IS NOT NULL THEN 'scored'
 ELSE coalesce(filing, 'submitted') END"""

STAR = f"CASE WHEN {HOLDS} THEN certificate_star END"

RESULT = """CASE WHEN ended_certificate = certificate_id AND ended_how = 'revoked'
 AND ended_on < expires_on THEN NULL ELSE certificate_star END"""


def _place() -> list[sa.Column]:
    return [
        sa.Column("province", sa.String(5), nullable=False),
        sa.Column("district", sa.String(5)),
        sa.Column("commune", sa.String(5), nullable=False),
    ]


def _dossiers() -> None:
    op.create_table(
        "dossiers",
        sa.Column("dossier_id", sa.Uuid, primary_key=True),
        sa.Column("subject_id", sa.Uuid),
        sa.Column("product_name", sa.Text),
        sa.Column("producer", sa.Text),
        sa.Column("criteria_set", sa.String(40)),
        sa.Column("purpose", sa.String(20)),
        sa.Column("pack", sa.String(40)),
        sa.Column("registration_number", sa.String(60)),
        sa.Column("product_code", sa.String(60)),
        sa.Column("year", sa.Integer),
        *_place(),
        sa.Column("filing", sa.String(20)),
        *(
            sa.Column(f"{act}_on", sa.Date)
            for act in ("submitted", "verified", "returned", "withdrawn")
        ),
        sa.Column("scored_at", sa.String(20)),
        sa.Column("scored_on", sa.Date),
        sa.Column("mean", sa.Text),
        sa.Column("band", sa.Integer),
        sa.Column("score_star", sa.Integer),
        sa.Column("knocked_out", sa.Boolean),
        sa.Column("outcome", sa.String(20)),
        sa.Column("outcome_level", sa.String(20)),
        sa.Column("referred_on", sa.Date),
        sa.Column("national_on", sa.Date),
        sa.Column("national_mean", sa.Text),
        sa.Column("national_star", sa.Integer),
        sa.Column("certificate_id", sa.Uuid),
        sa.Column("certificate_number", sa.String(60)),
        sa.Column("certificate_star", sa.Integer),
        sa.Column("certified_at", sa.String(20)),
        sa.Column("certified_on", sa.Date),
        sa.Column("expires_on", sa.Date),
        sa.Column("ended_certificate", sa.Uuid),
        sa.Column("ended_how", sa.String(20)),
        sa.Column("ended_on", sa.Date),
        sa.Column("reevaluation_from", sa.Date),
        sa.Column("reevaluation_until", sa.Date),
        sa.Column("listed_on", sa.Date),
        sa.Column("delisted_on", sa.Date),
        sa.Column("stage", sa.String(20), sa.Computed(STAGE, persisted=True)),
        sa.Column("star", sa.Integer, sa.Computed(STAR, persisted=True)),
        sa.Column("result", sa.Integer, sa.Computed(RESULT, persisted=True)),
    )
    op.create_index("ix_dossiers_year", "dossiers", ["year", "stage"])


def upgrade() -> None:
    _dossiers()
    op.create_table(
        "ideas",
        sa.Column("idea_id", sa.Uuid, primary_key=True),
        sa.Column("subject_id", sa.Uuid, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        *_place(),
        sa.Column("selected_on", sa.Date, nullable=False),
    )
    op.create_index("ix_ideas_year", "ideas", ["year"])
    op.create_table(
        "events",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("type", sa.String(80), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("sayer", sa.String(40), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dossier_id", sa.Uuid),
        sa.Column("name", sa.Text),
        sa.Column("star", sa.Integer),
        *_place(),
    )
    op.create_index("ix_events_time", "events", ["time"])
    op.create_table(
        "plans",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "targets",
        sa.Column("year", sa.Integer, sa.ForeignKey("plans.year"), primary_key=True),
        sa.Column("area", sa.String(5), primary_key=True),
        sa.Column("star", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("products", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    for table in ("targets", "plans", "events", "ideas", "dossiers"):
        op.drop_table(table)
