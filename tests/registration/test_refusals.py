from regulation import days
from regulation.refusals import NotAllowed, NotFound, Refusal, Unfit
from services.registration import evidence
from services.registration.domain import idea, refusals, subject

ROOMS = (days, idea, refusals, subject, evidence)


def test_every_refusal_keeps_its_slug_and_its_kind():
    said = {
        each.slug: _kind(each)
        for room in ROOMS
        for each in vars(room).values()
        if isinstance(each, type)
        and issubclass(each, Refusal)
        and each.__module__ == room.__name__
    }

    assert said == {
        "already-certified": Refusal,
        "already-concluded": Refusal,
        "already-submitted": Refusal,
        "already-withdrawn": Refusal,
        "components-missing": Refusal,
        "date-before-last-act": Unfit,
        "date-in-future": Unfit,
        "dossier-closed": Refusal,
        "evidence-gone": NotFound,
        "evidence-missing": Refusal,
        "evidence-too-large": Unfit,
        "evidence-type-refused": Unfit,
        "findings-incomplete": Unfit,
        "idea-already-selected": Refusal,
        "idea-not-selected": Refusal,
        "not-submitted": Refusal,
        "representative-changed": Unfit,
        "self-assessment-missing": Refusal,
        "unknown-component": Unfit,
        "unknown-dossier": NotFound,
        "unknown-evidence": NotFound,
        "unknown-idea": NotFound,
        "unknown-subject": NotFound,
    }


def _kind(refusal: type[Refusal]) -> type[Refusal]:
    return next(
        kind for kind in (NotFound, NotAllowed, Unfit, Refusal) if issubclass(refusal, kind)
    )
