"""What is refused under the law: one class per ground, each with a slug that never changes."""


class Refusal(Exception):
    """A rule refused a request, as is to be expected: one sentence naming the field or the rule.

    `slug` is the rule's stable name. The kinds below say whose fault it is; a bare refusal means
    that the act does not fit where the case stands.
    """

    slug = "refused"


class NotFound(Refusal):
    """What was named does not exist."""

    slug = "not-found"


class NotAllowed(Refusal):
    """The actor has no right to this act here."""

    slug = "not-allowed"


class Unfit(Refusal):
    """A value that was given breaks a rule."""

    slug = "unfit"


class RegulationRefusal(Unfit):
    """What was given does not fit the law's data."""

    slug = "regulation-refusal"


class UnknownPack(RegulationRefusal):
    slug = "unknown-pack"


class PackNotInForce(RegulationRefusal):
    slug = "pack-not-in-force"


class UnknownCriteriaSet(RegulationRefusal):
    slug = "unknown-criteria-set"


class IncompleteCriteriaSet(RegulationRefusal):
    slug = "incomplete-criteria-set"


class UnknownCriterion(RegulationRefusal):
    slug = "unknown-criterion"


class UnknownOption(RegulationRefusal):
    slug = "unknown-option"


class UnknownKnockout(RegulationRefusal):
    slug = "unknown-knockout"


class NoSheets(RegulationRefusal):
    slug = "no-sheets"


class DuplicateMember(RegulationRefusal):
    slug = "duplicate-member"


class UnknownLevel(RegulationRefusal):
    slug = "unknown-level"


class UnknownPurpose(RegulationRefusal):
    slug = "unknown-purpose"


class UnknownUnit(RegulationRefusal):
    slug = "unknown-unit"


class UnfitNumber(RegulationRefusal):
    slug = "unfit-number"


class BrokenPack(RegulationRefusal):
    """The data of a pack contradict themselves; the message starts with the path to the fault."""

    slug = "broken-pack"
