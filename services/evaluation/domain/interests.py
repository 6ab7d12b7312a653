"""Who has an interest in a product and may not judge it: as members declared, and as data shows without asking."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from regulation.acting import Actor, Role
from regulation.text import Text
from services.evaluation.domain.council import Council, Member, Requirement
from services.evaluation.domain.facts import Declaration
from services.evaluation.domain.refusals import ConflictOfInterest, ConflictStands, NotDeclared


class Ground(StrEnum):
    """Why data shows a conflict; where several hold, the first of them is named."""

    SAME_PERSON = "same-person"
    SAME_SUBJECT = "same-subject"
    SAME_REPRESENTATIVE = "same-representative"

    @property
    def text(self) -> Text:
        """In words, about the member."""
        return _TEXTS[self]


_TEXTS = {
    Ground.SAME_PERSON: Text(
        vi="thành viên chính là người đại diện theo pháp luật của chủ thể",
        en="the member is the subject's legal representative",
    ),
    Ground.SAME_SUBJECT: Text(
        vi="sản phẩm của chủ thể mà thành viên là đại diện hoặc có lợi ích",
        en="the product is of a subject that the member acts for or has an interest in",
    ),
    Ground.SAME_REPRESENTATIVE: Text(
        vi="chủ thể có cùng người đại diện theo pháp luật với một chủ thể mà thành viên là đại diện hoặc có lợi ích",
        en="the subject has the same legal representative as one that the member acts for or has an interest in",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """What is known of a subject's legal representative: his pseudonym, and the other subjects that he represents."""

    representative: str | None = None
    subjects: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Why a member may not judge: a ground that data shows, or the member's own words, None where he gave none."""

    ground: str | None
    by_data: bool

    @property
    def text(self) -> Text | None:
        """In words, where data shows it."""
        return Ground(self.ground).text if self.by_data and self.ground else None


@dataclass(slots=True, kw_only=True)
class Interests:
    """Members' declarations on one product of one subject: member → what he declared.

    told  whom others were last told to be cleared; None before anything was told.
    ties  of the subject: as they are now, and once the assessment has ended, as they were then.
    """

    subject_id: UUID
    declared: dict[str, Declaration] = field(default_factory=dict)
    told: tuple[str, ...] | None = None
    ties: Ties = Ties()

    def declare(
        self, member: Member, actor: Actor, *, conflict: bool, ground: str | None, at: datetime
    ) -> Declaration:
        """A member about himself; where data shows a conflict, that counts, whatever he says.

        He may still declare a conflict later, but not take one back. Raises ConflictStands.
        """
        shown = self.shows(member, actor)
        if shown:
            conflict, ground = True, shown.value
        said = self.declared.get(member.id)
        if said is not None and said.conflict and not conflict:
            raise ConflictStands("conflict: you have declared one, and it stands")
        if said is None or said.conflict != conflict:
            by_data = shown is not None
            said = Declaration(conflict=conflict, ground=ground, by_data=by_data, at=at)
            self.declared[member.id] = said
        return said

    def shows(self, member: Member, actor: Actor | None = None) -> Ground | None:
        """What data shows of an interest: by the council's decision, and by whom the actor, if any, acts for."""
        if member.person is not None and member.person == self.ties.representative:
            return Ground.SAME_PERSON
        if _has_interest(member, actor, self.subject_id):
            return Ground.SAME_SUBJECT
        if any(_has_interest(member, actor, subject) for subject in self.ties.subjects):
            return Ground.SAME_REPRESENTATIVE
        return None

    def conflicts(self, council: Council) -> dict[str, Conflict]:
        """Who on this council may not judge the product, and why."""
        found = {}
        for member in council.scorers:
            said = self.declared.get(member.id)
            if shown := self.shows(member):
                found[member.id] = Conflict(ground=shown.value, by_data=True)
            elif said is not None and said.conflict:
                found[member.id] = Conflict(ground=said.ground, by_data=said.by_data)
        return found

    def conflicted(self, council: Council) -> frozenset[str]:
        """Who on this council may not judge the product."""
        return frozenset(self.conflicts(council))

    def cleared(self, council: Council) -> tuple[str, ...]:
        """Who of this council may see the dossier: without a conflict, and declared where that is demanded."""
        must = Requirement.DECLARATIONS in council.regulation.requires
        return tuple(
            member.id
            for member in council.scorers
            if member.id not in self.conflicted(council)
            and (member.id in self.declared or not must)
        )

    def news_of_cleared(self, council: Council) -> tuple[str, ...] | None:
        """Who is cleared by now, where others were told before; it counts as told."""
        before, self.told = self.told, self.cleared(council)
        return None if self.told == before else self.told

    def require_none(self, council: Council, actor: Actor) -> Member:
        """The actor as a member who may see the dossier: he has declared, and has no interest.

        Raises NotAllowed, NotAMember, ConflictOfInterest, NotDeclared.
        """
        member = council.scorer(actor)
        if member.id in self.conflicted(council) or self.shows(member, actor):
            raise ConflictOfInterest("you are in conflict over this dossier")
        must = Requirement.DECLARATIONS in council.regulation.requires
        if must and member.id not in self.declared:
            raise NotDeclared("declare first whether you have a conflict of interest")
        return member


def _has_interest(member: Member, actor: Actor | None, subject: UUID) -> bool:
    acts_for = actor is not None and actor.holds(Role.PRODUCER, str(subject))
    return subject in member.interests or acts_for
