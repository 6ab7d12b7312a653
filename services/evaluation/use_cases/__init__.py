"""What can be asked of evaluation: one function per request.

Read in this order: ports, setting_up, at_work, procedure, scoring, offline, representing.
"""

from services.evaluation.use_cases.offline import Untouched, in_place_of, sheet_holder
from services.evaluation.use_cases.procedure import (
    admit,
    advise,
    ask_supplement,
    attend,
    begin,
    begin_anew,
    conclude,
    receive_supplement,
    withdraw,
)
from services.evaluation.use_cases.representing import name_representative
from services.evaluation.use_cases.scoring import declare, fill_in, own_sheet, submit_sheet
from services.evaluation.use_cases.setting_up import set_up_council, set_up_round

__all__ = [
    "Untouched",
    "admit",
    "advise",
    "ask_supplement",
    "attend",
    "begin",
    "begin_anew",
    "conclude",
    "declare",
    "fill_in",
    "in_place_of",
    "name_representative",
    "own_sheet",
    "receive_supplement",
    "set_up_council",
    "set_up_round",
    "sheet_holder",
    "submit_sheet",
    "withdraw",
]
