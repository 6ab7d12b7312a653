"""What can be asked of registration: one function per request.

Read `ports` (what a use case needs of the outside), then `subjects`, `ideas`, `dossiers`.
"""

from services.registration.use_cases.dossiers import (
    attach_components,
    bring_samples,
    note_new_assessment,
    note_score,
    note_standing,
    open_dossier,
    self_assess,
    send_back,
    submit,
    verify,
    withdraw,
)
from services.registration.use_cases.ideas import propose_idea, select_idea
from services.registration.use_cases.ports import Dossiers, Ideas, Serials, Subjects
from services.registration.use_cases.subjects import Registered, register_subject

__all__ = [
    "Dossiers",
    "Ideas",
    "Registered",
    "Serials",
    "Subjects",
    "attach_components",
    "bring_samples",
    "note_new_assessment",
    "note_score",
    "note_standing",
    "open_dossier",
    "propose_idea",
    "register_subject",
    "select_idea",
    "self_assess",
    "send_back",
    "submit",
    "verify",
    "withdraw",
]
