"""Who may act where: a right is a role in one administrative area."""

from dataclasses import dataclass
from enum import StrEnum

from regulation.refusals import NotAllowed


class Role(StrEnum):
    """The roles of the programme. A role's area is given in brackets."""

    PRODUCER = "producer"  # [the subject's id] the producing entity itself
    COMMUNE_OFFICER = "commune-officer"  # [commune]
    OCOP_OFFICER = "ocop-officer"  # [district or province] the agency that runs the programme
    SECRETARY = "council-secretary"  # [district or province]
    MEMBER = "council-member"  # [district or province]
    AUTHORITY = "certifying-authority"  # [district or province] signs decisions
    OPERATOR = "operator"  # [province] runs the instance; no right to any act on a case


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One role in one area: an administrative unit's code, or a subject's id for producers."""

    role: Role
    area: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts. `id` names a person without telling who it is (no name, no mail address)."""

    id: str
    grants: tuple[Grant, ...]

    def holds(self, role: Role, *areas: str | None) -> bool:
        """Whether the actor has that role in one of these very areas."""
        return any(grant.role is role and grant.area in areas for grant in self.grants)

    def has_role(self, *roles: Role) -> bool:
        """Whether the actor has one of these roles anywhere."""
        return any(grant.role in roles for grant in self.grants)

    def require(self, role: Role, *areas: str | None) -> None:
        """Raises NotAllowed unless the actor has that role in one of these areas."""
        if not self.holds(role, *areas):
            where = " or ".join(area for area in areas if area)
            raise NotAllowed(f"this act needs the role {role.value} in {where}")

    def areas_of(self, *roles: Role) -> frozenset[str]:
        """Where the actor has one of these roles."""
        return frozenset(grant.area for grant in self.grants if grant.role in roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a case belongs, by the codes of its time; no `district` where there are none."""

    province: str
    district: str | None
    commune: str

    @property
    def codes(self) -> tuple[str, ...]:
        """All the codes, from the province down."""
        return tuple(code for code in (self.province, self.district, self.commune) if code)

    def at(self, level: str) -> str | None:
        """The code of one level (`province`, `district`, `commune`)."""
        code: str | None = {
            "province": self.province,
            "district": self.district,
            "commune": self.commune,
        }.get(level)
        return code
