"""What councils work with on paper and off-line: documents printed from what is kept, and score sheets as workbooks.

Read in this order: `words`; `minutes`, `papers` (score sheet, advisory report, result list) and the templates; `form`
(what a workbook is), `workbook` (written), `returned` (read again).
"""

from pathlib import Path

from chassis.documents.templates import Stationery

STATIONERY = Stationery(service="evaluation", folder=Path(__file__).parent / "templates")
