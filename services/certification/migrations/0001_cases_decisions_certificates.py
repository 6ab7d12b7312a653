"""Cases, decisions, certificates, serials."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _product() -> list[sa.Column]:
    return [
        sa.Column("subject_id", sa.Uuid, nullable=False),
        sa.Column("product_name", sa.Text, nullable=False),
        sa.Column("producer", sa.Text, nullable=False),
        sa.Column("product_code", sa.String(60), nullable=False),
        sa.Column("criteria_set", sa.String(40), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("registration_number", sa.String(60), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("pack", sa.String(40), nullable=False),
        sa.Column("province", sa.String(5), nullable=False),
        sa.Column("district", sa.String(5)),
        sa.Column("commune", sa.String(5), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid, nullable=False),
        *_product(),
        sa.Column("assessment_id", sa.Uuid, nullable=False),
        sa.Column("scored_level", sa.String(20), nullable=False),
        sa.Column("scored_mean", sa.Text, nullable=False),
        sa.Column("scored_star", sa.Integer, nullable=False),
        sa.Column("scored_on", sa.Date, nullable=False),
        sa.Column("outcome", sa.JSON, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("level", sa.String(20)),
        sa.Column("star", sa.Integer, nullable=False),
        sa.Column("last_on", sa.Date, nullable=False),
        sa.Column("referral", sa.JSON),
        sa.Column("national", sa.JSON),
        sa.Column("certificate_id", sa.Uuid),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
    )
    op.create_index("ix_cases_status", "cases", ["status"])
    op.create_table(
        "decisions",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("number", sa.String(100), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("area", sa.String(5), nullable=False),
        sa.Column("province", sa.String(5), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("decided_on", sa.Date, nullable=False),
        sa.Column("signed_by_office", sa.Text, nullable=False),
        sa.Column("dossiers", sa.JSON, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sa.UniqueConstraint(
            "level", "area", "year", "number", name="uq_decisions_level_area_year_number"
        ),
    )
    op.create_table(
        "certificates",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("dossier_id", sa.Uuid, nullable=False),
        *_product(),
        sa.Column("star", sa.Integer, nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("decision_number", sa.String(100), nullable=False),
        sa.Column("decision_id", sa.Uuid),
        sa.Column("issued_on", sa.Date, nullable=False),
        sa.Column("expires_on", sa.Date, nullable=False),
        sa.Column("window_opens_on", sa.Date),
        sa.Column("window_closes_on", sa.Date),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("revocation", sa.JSON),
        sa.Column("reminded_on", sa.Date),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_certificates"),
        sa.UniqueConstraint("number", name="uq_certificates_number"),
        sa.UniqueConstraint("dossier_id", name="uq_certificates_dossier_id"),
    )
    op.create_index("ix_certificates_decision_id", "certificates", ["decision_id"])
    for column in ("expires_on", "window_opens_on"):
        op.create_index(f"ix_certificates_status_{column}", "certificates", ["status", column])
    op.create_table(
        "serials",
        sa.Column("province", sa.String(5), nullable=False),
        sa.Column("year", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("province", "year", name="pk_serials"),
    )
    op.create_table(
        "withdrawals",
        sa.Column("dossier_id", sa.Uuid, nullable=False),
        sa.Column("withdrawn_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("dossier_id", name="pk_withdrawals"),
    )


def downgrade() -> None:
    for table in ("withdrawals", "serials", "certificates", "decisions", "cases"):
        op.drop_table(table)
