"""What a dossier refuses, one class per ground."""

from regulation.refusals import NotFound, Refusal, Unfit


class UnknownDossier(NotFound):
    """There is no such dossier."""

    slug = "unknown-dossier"


class UnknownEvidence(NotFound):
    """No file with that hash was uploaded."""

    slug = "unknown-evidence"


class DossierClosed(Refusal):
    """A filed dossier is not changed any more."""

    slug = "dossier-closed"


class AlreadySubmitted(Refusal):
    """A dossier is filed once, and again only after it was returned."""

    slug = "already-submitted"


class NotSubmitted(Refusal):
    """The commune judges only what was filed."""

    slug = "not-submitted"


class AlreadyWithdrawn(Refusal):
    """A dossier is withdrawn once, and is not filed afterwards."""

    slug = "already-withdrawn"


class AlreadyConcluded(Refusal):
    """A council has closed the assessment: there is nothing left to withdraw."""

    slug = "already-concluded"


class AlreadyCertified(Refusal):
    """The dossier of a product that was certified can no longer be withdrawn."""

    slug = "already-certified"


class ComponentsMissing(Refusal):
    """The pack demands components that the dossier does not hold."""

    slug = "components-missing"


class SelfAssessmentMissing(Refusal):
    """The producer scores the product before filing."""

    slug = "self-assessment-missing"


class EvidenceMissing(Refusal):
    """Ticked options need papers that the dossier does not hold."""

    slug = "evidence-missing"


class UnknownComponent(Unfit):
    """The pack asks the producer for no such paper."""

    slug = "unknown-component"


class FindingsIncomplete(Unfit):
    """The commune answers each of the pack's topics, and no other."""

    slug = "findings-incomplete"


class IdeaNotSelected(Refusal):
    """A first dossier follows an idea of the year's list."""

    slug = "idea-not-selected"
