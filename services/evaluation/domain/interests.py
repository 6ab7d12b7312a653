"""Who has an interest in a product and may not judge it: as members declared, and as data shows without asking."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from regulation.acting import Actor, Role
from services.evaluation.domain.council import Council, Member, Requirement
from services.evaluation.domain.facts import Declaration
from services.evaluation.domain.refusals import ConflictOfInterest, ConflictStands, NotDeclared

SAME_SUBJECT = "same-subject"
"""The ground that data shows: the product is of the member's own subject, or of one he acts for."""


@dataclass(slots=True, kw_only=True)
class Interests:
    """Members' declarations on one product of one subject: member → what he declared.

    told  whom others were last told to be cleared; None before anything was told.
    """

    subject_id: UUID
    declared: dict[str, Declaration] = field(default_factory=dict)
    told: tuple[str, ...] | None = None

    def declare(
        self, member: Member, actor: Actor, *, conflict: bool, ground: str | None, at: datetime
    ) -> Declaration:
        """A member about himself; where data shows a conflict, that counts, whatever he says.

        He may still declare a conflict later, but not take one back. Raises ConflictStands.
        """
        shown = self.shows(member, actor)
        if shown:
            conflict, ground = True, SAME_SUBJECT
        said = self.declared.get(member.id)
        if said is not None and said.conflict and not conflict:
            raise ConflictStands("conflict: you have declared one, and it stands")
        if said is None or said.conflict != conflict:
            said = Declaration(conflict=conflict, ground=ground, by_data=shown, at=at)
            self.declared[member.id] = said
        return said

    def shows(self, member: Member, actor: Actor) -> bool:
        """Whether data shows an interest: the member's own subject, or one that he acts for."""
        return self.subject_id in member.interests or actor.holds(
            Role.PRODUCER, str(self.subject_id)
        )

    def conflicted(self, council: Council) -> frozenset[str]:
        """Who on this council may not judge the product."""
        declared = {member for member, said in self.declared.items() if said.conflict}
        shown = {m.id for m in council.scorers if self.subject_id in m.interests}
        return frozenset(declared | shown)

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
