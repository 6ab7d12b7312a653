"""Certification's tables."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.tables import NAMING
from regulation.acting import Place
from services.certification.domain.product import Product


class Base(DeclarativeBase):
    """Certification's tables."""

    metadata = MetaData(naming_convention=NAMING)


class ProductColumns:
    """The product, in the row of a case and again in that of its certificate: as it was certified."""

    subject_id: Mapped[UUID] = mapped_column(Uuid)
    product_name: Mapped[str] = mapped_column(Text)
    producer: Mapped[str] = mapped_column(Text)
    product_code: Mapped[str] = mapped_column(String(60))
    criteria_set: Mapped[str] = mapped_column(String(40))
    purpose: Mapped[str] = mapped_column(String(20))
    registration_number: Mapped[str] = mapped_column(String(60))
    year: Mapped[int] = mapped_column(Integer)
    pack: Mapped[str] = mapped_column(String(40))
    province: Mapped[str] = mapped_column(String(5))
    district: Mapped[str | None] = mapped_column(String(5))
    commune: Mapped[str] = mapped_column(String(5))


class CaseRow(ProductColumns, Base):
    """A scored dossier; its id is the dossier's."""

    __tablename__ = "cases"
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    assessment_id: Mapped[UUID] = mapped_column(Uuid)
    scored_level: Mapped[str] = mapped_column(String(20))
    scored_mean: Mapped[str] = mapped_column(Text)
    scored_star: Mapped[int] = mapped_column(Integer)
    scored_on: Mapped[date] = mapped_column(Date)
    outcome: Mapped[dict[str, Any]] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(String(20))
    level: Mapped[str | None] = mapped_column(String(20))
    star: Mapped[int] = mapped_column(Integer)
    last_on: Mapped[date] = mapped_column(Date)
    referral: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    national: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    earlier: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    certificate_id: Mapped[UUID | None] = mapped_column(Uuid)
    withdrawn_on: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(Integer)
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index(None, "commune", "id"),
        Index(None, "district", "id"),
        Index(None, "status", "id"),
    )


class DecisionRow(Base):
    """A decision on a batch."""

    __tablename__ = "decisions"
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    number: Mapped[str] = mapped_column(String(100))
    level: Mapped[str] = mapped_column(String(20))
    area: Mapped[str] = mapped_column(String(5))
    province: Mapped[str] = mapped_column(String(5))
    year: Mapped[int] = mapped_column(Integer)
    decided_on: Mapped[date] = mapped_column(Date)
    signed_by_office: Mapped[str] = mapped_column(Text)
    dossiers: Mapped[list[str]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(Integer)
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (UniqueConstraint("level", "area", "year", "number"),)


class CertificateRow(ProductColumns, Base):
    """A certificate; a dossier gets one."""

    __tablename__ = "certificates"
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    number: Mapped[str] = mapped_column(String(60), unique=True)
    dossier_id: Mapped[UUID] = mapped_column(Uuid, unique=True)
    star: Mapped[int] = mapped_column(Integer)
    level: Mapped[str] = mapped_column(String(20))
    decision_number: Mapped[str] = mapped_column(String(100))
    decision_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    issued_on: Mapped[date] = mapped_column(Date)
    expires_on: Mapped[date] = mapped_column(Date)
    window_opens_on: Mapped[date | None] = mapped_column(Date)
    window_closes_on: Mapped[date | None] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(20))
    revocation: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    reminded_on: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(Integer)
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index(None, "commune", "id"),
        Index(None, "district", "id"),
        Index(None, "status", "expires_on"),
        Index(None, "status", "window_opens_on"),
    )


serials = Table(
    "serials",
    Base.metadata,
    Column("province", String(5), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)
"""How far a province's count of certificates has come in a year."""


class WithdrawalRow(Base):
    """A dossier that its producer took back, known perhaps before any score of it."""

    __tablename__ = "withdrawals"
    dossier_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    withdrawn_on: Mapped[date] = mapped_column(Date)


def product_values(product: Product) -> dict[str, Any]:
    """A product as columns."""
    return {
        "subject_id": product.subject_id,
        "product_name": product.name,
        "producer": product.producer,
        "product_code": product.code,
        "criteria_set": product.criteria_set,
        "purpose": product.purpose,
        "registration_number": product.registration_number,
        "year": product.year,
        "pack": product.pack_id,
        "province": product.place.province,
        "district": product.place.district,
        "commune": product.place.commune,
    }


def to_product(row: ProductColumns) -> Product:
    """The product of a row."""
    return Product(
        subject_id=row.subject_id,
        name=row.product_name,
        producer=row.producer,
        code=row.product_code,
        criteria_set=row.criteria_set,
        purpose=row.purpose,
        registration_number=row.registration_number,
        year=row.year,
        place=Place(province=row.province, district=row.district, commune=row.commune),
        pack_id=row.pack,
    )
