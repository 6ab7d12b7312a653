"""The one blueprint of certification, and who may see what lies in an area."""

from flask_smorest import Blueprint

from chassis.web.doors import actor
from regulation.acting import Role
from regulation.refusals import NotAllowed
from services.certification.domain.product import Product

blueprint = Blueprint(
    "certification", __name__, description="Cases, decisions, certificates, referrals"
)

OFFICES = (Role.COMMUNE_OFFICER, Role.OCOP_OFFICER, Role.SECRETARY, Role.AUTHORITY)
"""Who works with the lists of their area."""


def require_sight(product: Product) -> None:
    """The producer sees its own; offices see what lies in their area. Raises NotAllowed."""
    who = actor()
    if who.holds(Role.PRODUCER, str(product.subject_id)):
        return
    offices = [role for role in Role if role is not Role.PRODUCER]
    if not any(who.holds(role, *product.place.codes) for role in offices):
        raise NotAllowed("this lies outside your area")
