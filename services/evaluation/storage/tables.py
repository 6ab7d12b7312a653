"""Evaluation's tables."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    false,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.tables import NAMING, UtcDateTime


class Base(DeclarativeBase):
    """Evaluation's tables."""

    metadata = MetaData(naming_convention=NAMING)


class CouncilRow(Base):
    """A council with its operating regulation and its members."""

    __tablename__ = "councils"
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    level: Mapped[str] = mapped_column(String(20))
    area: Mapped[str] = mapped_column(String(5), index=True)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date] = mapped_column(Date)
    regulation: Mapped[dict[str, Any]] = mapped_column(JSON)
    members: Mapped[list[Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(Integer)
    __mapper_args__ = {"version_id_col": version}


class RoundRow(Base):
    """A round of a council."""

    __tablename__ = "rounds"
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    council_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    name: Mapped[str] = mapped_column(Text)
    year: Mapped[int] = mapped_column(Integer)
    number: Mapped[int] = mapped_column(Integer)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    version: Mapped[int] = mapped_column(Integer)
    __mapper_args__ = {"version_id_col": version}


class AssessmentRow(Base):
    """One dossier before one council; `turn` counts how often it comes before that council."""

    __tablename__ = "assessments"
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    dossier_id: Mapped[UUID] = mapped_column(Uuid)
    level: Mapped[str] = mapped_column(String(20))
    turn: Mapped[int] = mapped_column(Integer, server_default="1")
    pack: Mapped[str] = mapped_column(String(40))
    province: Mapped[str] = mapped_column(String(5))
    district: Mapped[str | None] = mapped_column(String(5))
    commune: Mapped[str] = mapped_column(String(5))
    status: Mapped[str] = mapped_column(String(20))
    council_id: Mapped[UUID | None] = mapped_column(Uuid)
    round_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    opened_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)
    admitted_on: Mapped[date | None] = mapped_column(Date)
    awaits_supplement: Mapped[bool] = mapped_column(Boolean)
    taken_back: Mapped[bool] = mapped_column(Boolean, server_default=false())
    product: Mapped[dict[str, Any]] = mapped_column(JSON)
    procedure: Mapped[dict[str, Any]] = mapped_column(JSON)
    conclusion: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    version: Mapped[int] = mapped_column(Integer)
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("dossier_id", "level", "turn"),
        Index(None, "district", "id"),
        Index(None, "council_id", "id"),
        Index(None, "status", "id"),
    )


class RepresentativeRow(Base):
    """Who represents a subject in law, by pseudonym."""

    __tablename__ = "representatives"
    subject_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    person: Mapped[str] = mapped_column(String(80), index=True)


class SheetRow(Base):
    """One member's sheet in one round of sheets."""

    __tablename__ = "sheets"
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    assessment_id: Mapped[UUID] = mapped_column(Uuid)
    member: Mapped[str] = mapped_column(String(120))
    round: Mapped[int] = mapped_column(Integer)
    choices: Mapped[dict[str, Any]] = mapped_column(JSON)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer)
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index("uq_sheets_place", "assessment_id", "round", "member", unique=True),)


class MinutesRow(Base):
    """Minutes: written once; the database itself refuses to change or drop them."""

    __tablename__ = "minutes"
    assessment_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
