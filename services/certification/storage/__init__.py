"""How certification remembers: tables, their translation to aggregates, the only writers of its outbox."""

from services.certification.storage.cases import SqlCases
from services.certification.storage.certificates import SqlCertificates
from services.certification.storage.decisions import SqlDecisions, SqlSerials
from services.certification.storage.withdrawals import SqlWithdrawals

__all__ = ["SqlCases", "SqlCertificates", "SqlDecisions", "SqlSerials", "SqlWithdrawals"]
