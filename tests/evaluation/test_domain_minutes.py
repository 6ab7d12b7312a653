"""The minutes hold everything that led to a result, and a hash over it."""

from dataclasses import replace
from typing import Any

from services.evaluation.domain.council import Council
from services.evaluation.domain.facts import Knockout
from services.evaluation.domain.minutes import Minutes, digest, take_minutes
from tests.builders.evaluation import (
    ADMITTED,
    AT,
    CONCLUDED,
    TODAY,
    a_council,
    a_declared,
    a_report,
    a_round,
    a_secretary,
    a_sheet,
    declares,
    sheets,
)


def minutes_of(council: Council | None = None, **conclusion: Any) -> Minutes:
    """Three score twice, the fourth is in conflict, something was asked and came."""
    assessment, council = a_declared(council or a_council(4))
    declares(assessment, council, "member-4", conflict=True)
    assessment.ask_supplement("Phiếu kiểm nghiệm", by=a_secretary(), on=ADMITTED, today=TODAY)
    assessment.receive_supplement(by=a_secretary(), on=ADMITTED, today=TODAY)
    assessment.advise(a_report(), by=a_secretary(), today=TODAY)
    first = [*sheets(2), a_sheet(3, A=0), a_sheet(4), a_sheet(5, submitted=False)]
    again = [a_sheet(number, round=2) for number in (1, 2, 3)]
    assessment.open_if_complete(council, first)
    assessment.open_if_complete(council, again)
    given: dict[str, Any] = {"agreed": {}, "knockouts": []}
    result = assessment.conclude(
        council, again, by=a_secretary(), on=CONCLUDED, today=TODAY, **given | conclusion
    )
    return take_minutes(
        assessment,
        result,
        council=council,
        round_=a_round(council),
        sheets=[*first, *again],
        by=a_secretary(),
        at=AT,
    )


def test_the_minutes_say_what_led_to_the_result() -> None:
    knockout = Knockout(code="rejected-by-detailed-set", evidence="Biên bản 3 (mẫu)")

    document = minutes_of(knockouts=[knockout]).document

    procedure = document["procedure"]
    assert procedure["advisory_report"]["number"] == "5/BC-TTV (mẫu)"
    assert procedure["supplements"][0]["received_on"] == ADMITTED.isoformat()
    assert procedure["declarations"]["member-4"]["conflict"] is True
    assert [opening["rescore"] for opening in procedure["openings"]] == [True, False]
    assert document["conflicts"] == ["member-4"]
    assert document["knockouts"] == [{"code": knockout.code, "evidence": knockout.evidence}]
    assert document["outcome"] == {"act": "close", "level": None, "star": 0}
    assert document["result"]["mean"] == "76"
    assert document["rule_pack"] == "QD148-2023"
    assert document["concluded_on"] == CONCLUDED.isoformat()


def test_the_minutes_keep_every_submitted_sheet_and_say_which_counted() -> None:
    document = minutes_of().document

    kept = [(each["round"], each["member"], each["counted"]) for each in document["sheets"]]
    assert kept == [
        (1, "member-1", True),
        (1, "member-2", True),
        (1, "member-3", True),
        (1, "member-4", False),
        (2, "member-1", True),
        (2, "member-2", True),
        (2, "member-3", True),
    ]
    assert [each["total"] for each in document["sheets"]] == [76, 76, 45, 76, 76, 76, 76]


def test_the_council_stands_in_the_minutes_as_it_was() -> None:
    document = minutes_of(a_council(4, spread_limit=7)).document

    assert document["council"]["regulation"]["spread_limit"] == 7
    assert document["council"]["regulation"]["quorum_share"] == "3/4"
    assert document["council"]["members"][0]["id"] == "member-1"


def test_a_changed_letter_breaks_the_hash() -> None:
    minutes = minutes_of()

    changed = replace(minutes, text=minutes.text.replace('"76"', '"86"'))

    assert minutes.is_intact
    assert minutes.sha256 == digest(minutes.text)
    assert not changed.is_intact
