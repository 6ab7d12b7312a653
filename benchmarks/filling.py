"""A province's ten years written straight into the tables: as many dossiers, listings and log lines as asked for."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import psycopg

from benchmarks.ground import Ground

REPORTED = """
INSERT INTO dossiers (dossier_id, subject_id, product_name, producer, criteria_set, purpose, pack,
  registration_number, product_code, year, province, district, commune, filing, submitted_on, verified_on,
  returned_on, scored_at, scored_on, mean, band, score_star, knocked_out, outcome, outcome_level, referred_on,
  certificate_id, certificate_number, certificate_star, certified_at, certified_on, expires_on,
  ended_certificate, ended_how, ended_on, listed_on)
SELECT md5('dossier ' || n)::uuid, md5('subject ' || n)::uuid, 'Sản phẩm mẫu ' || n, 'Hợp tác xã mẫu ' || n % 5000,
  'QD148-PARTS', 'first', 'QD148-2023', n || '/PĐK-38', '38-' || commune || '-' || n, year, '38', district, commune,
  CASE WHEN way < 5 THEN 'submitted' WHEN way < 8 THEN 'returned' ELSE 'verified' END,
  day, CASE WHEN way >= 8 THEN day + 10 END, CASE WHEN way BETWEEN 5 AND 9 THEN day + 5 END,
  CASE WHEN way >= 15 THEN 'province' END, CASE WHEN way >= 15 THEN day + 60 END, CASE WHEN way >= 15 THEN '72.5' END,
  CASE WHEN way >= 15 THEN star END, CASE WHEN way >= 15 THEN star END, CASE WHEN way >= 15 THEN false END,
  CASE WHEN way BETWEEN 15 AND 24 THEN 'close' WHEN way >= 25 THEN 'certify' END,
  CASE WHEN way >= 25 THEN 'province' END, CASE WHEN way BETWEEN 25 AND 27 THEN day + 80 END,
  CASE WHEN way >= 30 THEN md5('certificate ' || n)::uuid END, CASE WHEN way >= 30 THEN n || '/GCN-OCOP' END,
  CASE WHEN way >= 30 THEN star END, CASE WHEN way >= 30 THEN 'province' END, CASE WHEN way >= 30 THEN day + 90 END,
  CASE WHEN way >= 30 THEN day + 1186 END,
  CASE WHEN way BETWEEN 30 AND 34 THEN md5('certificate ' || n)::uuid END,
  CASE WHEN way BETWEEN 30 AND 31 THEN 'revoked' WHEN way BETWEEN 32 AND 34 THEN 'expired' END,
  CASE WHEN way BETWEEN 30 AND 34 THEN day + 400 END, CASE WHEN way >= 40 THEN day + 100 END
FROM {numbers}
"""

LOGGED = """
INSERT INTO events (id, type, subject, sayer, time, dossier_id, name, province, district, commune)
SELECT md5('event ' || n)::uuid, 'DossierSubmitted', md5('dossier ' || n)::uuid::text, 'registration',
  timestamptz '2017-01-01' + n * interval '5 minutes', md5('dossier ' || n)::uuid, 'Sản phẩm mẫu ' || n, '38', district,
  commune
FROM {numbers}
"""

IDEAS = """
INSERT INTO ideas (idea_id, subject_id, title, year, province, district, commune, selected_on)
SELECT md5('idea ' || n)::uuid, md5('subject ' || n)::uuid, 'Ý tưởng mẫu ' || n, year, '38', district, commune, day
FROM {numbers}
"""

LISTED = """
INSERT INTO listings (id, product_name, producer, product_code, criteria_set, province, district, commune,
  certificate_id, certificate_number, star, decided_on, expires_on, status, summary_vi, summary_en, listed_on, last_on,
  name_key, search_text, version)
SELECT md5('dossier ' || n)::uuid, name, 'Hợp tác xã mẫu ' || n % 5000, '38-' || commune || '-' || n, 'QD148-PARTS',
  '38', district, commune, md5('certificate ' || n)::uuid, n || '/GCN-OCOP', star, day, day + 1096,
  CASE WHEN way >= 10 THEN 'listed' ELSE 'ended' END, '', '', day, day, lower(name),
  lower(name) || ' hop tac xa mau ' || n % 5000 || ' xa mau 38-' || commune || '-' || n || ' ' || n || '/gcn-ocop', 1
FROM (SELECT numbers.*, (ARRAY['Che xanh', 'Nuoc mam', 'Mat ong', 'Nem chua', 'Chieu coi', 'Banh gai', 'Mam tom',
  'Tra hoa', 'Gao nep', 'Thit gac bep'])[1 + n % 10] || ' mau ' || n AS name FROM {numbers}) AS named
"""

NUMBERS = """
(SELECT n, 2017 + n % 10 AS year, make_date(2017 + n % 10, 3, 1) + n % 200 AS day, 3 + (n % 11) / 5 AS star,
  (n / 10 * 37 + n % 10) % 100 AS way,
  CASE WHEN 2017 + n % 10 < 2025 THEN lpad((380 + n / 10 % 26)::text, 3, '0') END AS district,
  lpad((14000 + n / 10 % 547)::text, 5, '0') AS commune
 FROM generate_series({first}, {last}) AS n) AS numbers
"""
"""Number n has always the same year, place, star and way; 26 districts, 547 communes, ten years, as in Thanh Hóa."""

CHUNK = 100_000


def dossier(number: int) -> str:
    """The id of one of them."""
    return str(UUID(hashlib.md5(f"dossier {number}".encode(), usedforsecurity=False).hexdigest()))


TABLES = {"reporting": (REPORTED, LOGGED, IDEAS), "promotion": (LISTED,)}


def fill(ground: Ground, *, first: int, last: int) -> None:
    """Dossiers `first` to `last` in reporting and promotion, each with an idea and a line in the log; both at once."""

    def fill_one(service: str) -> None:
        with ground.connect(service) as connection:
            for table in TABLES[service]:
                _insert(connection, table, first, last)
            connection.execute("VACUUM ANALYZE")

    with ThreadPoolExecutor() as pool:
        list(pool.map(fill_one, TABLES))


def _insert(connection: psycopg.Connection[Any], table: str, first: int, last: int) -> None:
    for start in range(first, last + 1, CHUNK):
        numbers = NUMBERS.format(first=start, last=min(start + CHUNK - 1, last))
        connection.execute(table.replace("{numbers}", numbers).encode())
