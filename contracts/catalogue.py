"""All event types by name, and who says each."""

from marshmallow import Schema

from contracts import certification, evaluation, promotion, registration

SAYERS: dict[str, tuple[type[Schema], ...]] = {
    "registration": registration.SAYS,
    "evaluation": evaluation.SAYS,
    "certification": certification.SAYS,
    "promotion": promotion.SAYS,
}
"""Every service that says something, with its types in the order of a dossier's way."""

CONTRACTS: dict[str, type[Schema]] = {
    contract.__name__: contract for says in SAYERS.values() for contract in says
}

SAYER_OF: dict[str, str] = {
    contract.__name__: sayer for sayer, says in SAYERS.items() for contract in says
}
