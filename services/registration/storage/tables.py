"""Registration's tables."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Date, Index, Integer, MetaData, String, Text, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.tables import NAMING


class Base(DeclarativeBase):
    """Registration's tables."""

    metadata = MetaData(naming_convention=NAMING)


class SubjectRow(Base):
    """A producing entity."""

    __tablename__ = "subjects"
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    legal_name: Mapped[str] = mapped_column(Text)
    public_name: Mapped[str] = mapped_column(Text)
    representative: Mapped[str] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(String(20))
    tax_code: Mapped[str | None] = mapped_column(String(20))
    representative_person: Mapped[str | None] = mapped_column(String(80))
    last_on: Mapped[date | None] = mapped_column(Date)
    province: Mapped[str] = mapped_column(String(5))
    district: Mapped[str | None] = mapped_column(String(5))
    commune: Mapped[str] = mapped_column(String(5), index=True)
    version: Mapped[int] = mapped_column(Integer)
    __mapper_args__ = {"version_id_col": version}


class IdeaRow(Base):
    """A product idea."""

    __tablename__ = "ideas"
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    title: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(20))
    year: Mapped[int | None] = mapped_column(Integer)
    proposed_on: Mapped[date] = mapped_column(Date)
    province: Mapped[str] = mapped_column(String(5))
    district: Mapped[str | None] = mapped_column(String(5))
    commune: Mapped[str] = mapped_column(String(5))
    version: Mapped[int] = mapped_column(Integer)
    __mapper_args__ = {"version_id_col": version}


class DossierRow(Base):
    """A product dossier."""

    __tablename__ = "dossiers"
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    idea_id: Mapped[UUID | None] = mapped_column(Uuid)
    product_name: Mapped[str] = mapped_column(Text)
    producer: Mapped[str] = mapped_column(Text)
    criteria_set: Mapped[str] = mapped_column(String(40))
    purpose: Mapped[str] = mapped_column(String(20))
    pack: Mapped[str] = mapped_column(String(40))
    province: Mapped[str] = mapped_column(String(5))
    district: Mapped[str | None] = mapped_column(String(5))
    commune: Mapped[str] = mapped_column(String(5))
    opened_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(20))
    components: Mapped[dict[str, Any]] = mapped_column(JSON)
    samples: Mapped[int] = mapped_column(Integer)
    self_assessment: Mapped[dict[str, Any]] = mapped_column(JSON)
    findings: Mapped[list[Any]] = mapped_column(JSON)
    registration_number: Mapped[str | None] = mapped_column(String(60), unique=True)
    product_code: Mapped[str | None] = mapped_column(String(60), unique=True)
    received_on: Mapped[date | None] = mapped_column(Date)
    standing: Mapped[str | None] = mapped_column(String(60))
    scored_by: Mapped[UUID | None] = mapped_column(Uuid)
    scored_standing: Mapped[str | None] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(Integer)
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index(None, "commune", "id"),
        Index(None, "district", "id"),
        Index(None, "status", "id"),
    )


class SeatsRow(Base):
    """Who sits on a council over a dossier, and who of them may read it."""

    __tablename__ = "seats"
    assessment_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    dossier_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    members: Mapped[list[str]] = mapped_column(JSON)
    cleared: Mapped[list[str]] = mapped_column(JSON)


class SerialRow(Base):
    """How far a count has come."""

    __tablename__ = "serials"
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    area: Mapped[str] = mapped_column(String(5), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    last: Mapped[int] = mapped_column(Integer)


class EvidenceRow(Base):
    """A file that was uploaded, by its content."""

    __tablename__ = "evidence"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
