"""Dossiers and ideas kept counted by the database itself, per year and stage, per year, area and star."""
# ruff: noqa: S608  the statements are put together of this file's own words

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REACHED = {
    "submitted": "submitted_on IS NOT NULL",
    "verified": "verified_on IS NOT NULL",
    "returned": "returned_on IS NOT NULL",
    "withdrawn": "withdrawn_on IS NOT NULL",
    "scored": "scored_on IS NOT NULL",
    "referred": "referred_on IS NOT NULL",
    "certified": "certificate_id IS NOT NULL",
    "revoked": "ended_how = 'revoked'",
    "expired": "ended_how = 'expired'",
}
STAGE_COUNTS = ("dossiers", *REACHED)
AREA_COUNTS = ("dossiers", "pending")

PENDING = """(referred_on IS NOT NULL AND national_on IS NULL
 AND (stage = 'referred' OR (stage = 'certified' AND star < 5)))"""

USED = """year, stage, star, result, district, commune, submitted_on, verified_on, returned_on, withdrawn_on,
 scored_on, referred_on, national_on, certificate_id, ended_how"""

FOLD_EVERY = {"stage_tallies": 1_000, "area_tallies": 5_000}
"""Rows of differences after which they are added up to one row per count."""

FOLD_LOCK = {"stage_tallies": 0x0C0D, "area_tallies": 0x0C0E}
"""Advisory locks: one transaction at a time adds up, the others go on noting differences."""

KEYS = {"stage_tallies": ("year", "stage"), "area_tallies": ("year", "level", "area", "star")}
COUNTS = {"stage_tallies": STAGE_COUNTS, "area_tallies": AREA_COUNTS}


def _if(condition: str) -> str:
    return f"sum(CASE WHEN {condition} THEN n ELSE 0 END)"


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names)


def _is_not_zero(counts: tuple[str, ...]) -> str:
    return " OR ".join(f"{name} <> 0" for name in counts)


def _stages(rows: str) -> str:
    """Rows of dossiers, each with `n` (1 came, -1 went), as differences per year and stage."""
    reached = ", ".join(f"{_if(condition)} AS {name}" for name, condition in REACHED.items())
    return f"""SELECT * FROM (
 SELECT year, stage, sum(n) AS dossiers, {reached}
 FROM ({rows}) AS each_row WHERE year IS NOT NULL GROUP BY year, stage) AS counted
 WHERE {_is_not_zero(STAGE_COUNTS)}"""


def _areas(rows: str) -> str:
    """The same per year, area and star; no star is 0."""
    return f"""SELECT * FROM (
 SELECT year, CASE WHEN district IS NULL THEN 'commune' ELSE 'district' END AS level,
 coalesce(district, commune) AS area, coalesce(result, 0) AS star,
 {_if("result IS NOT NULL")} AS dossiers, {_if(PENDING)} AS pending
 FROM ({rows}) AS each_row WHERE year IS NOT NULL AND (result IS NOT NULL OR {PENDING})
 GROUP BY 1, 2, 3, 4) AS counted
 WHERE {_is_not_zero(AREA_COUNTS)}"""


def _ideas(rows: str) -> str:
    """Rows of ideas as differences per year."""
    counted = f"SELECT year, 'idea' AS stage, sum(n) AS dossiers FROM ({rows}) AS each_row"
    return f"{counted} GROUP BY year HAVING sum(n) <> 0"


def _into(table: str, chosen: str, columns: tuple[str, ...] = ()) -> str:
    return f"INSERT INTO {table} ({_listed(columns or (*KEYS[table], *COUNTS[table]))}) {chosen}"


IDEA = ("year", "stage", "dossiers")


def upgrade() -> None:
    _tables()
    postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in _on_postgresql() if postgresql else _on_sqlite():
        op.execute(sa.text(statement.replace(":", r"\:")))
    dossiers, ideas = f"SELECT 1 AS n, {USED} FROM dossiers", "SELECT 1 AS n, year FROM ideas"
    op.execute(_into("stage_tallies", _stages(dossiers)))
    op.execute(_into("area_tallies", _areas(dossiers)))
    op.execute(_into("stage_tallies", _ideas(ideas), IDEA))


def _tables() -> None:
    id_ = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    zero = {"nullable": False, "server_default": "0"}
    op.create_table(
        "stage_tallies",
        sa.Column("id", id_, primary_key=True),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("stage", sa.String(20), nullable=False),
        *(sa.Column(name, sa.Integer, **zero) for name in STAGE_COUNTS),
    )
    op.create_table(
        "area_tallies",
        sa.Column("id", id_, primary_key=True),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("area", sa.String(5), nullable=False),
        sa.Column("star", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Integer, **zero) for name in AREA_COUNTS),
    )
    op.create_index("ix_area_tallies_year", "area_tallies", ["year"])


SEEN = {
    "INSERT": ("NEW TABLE AS came", {"came": 1}),
    "UPDATE": ("OLD TABLE AS went NEW TABLE AS came", {"came": 1, "went": -1}),
    "DELETE": ("OLD TABLE AS went", {"went": -1}),
}
"""What a statement's trigger sees: rows that came and rows that went."""


def _on_postgresql() -> Iterator[str]:
    """One statement's rows at once: differences are only added, so that nobody waits for anybody."""
    for table in KEYS:
        yield _folding(table)
    for verb, (seen, signs) in SEEN.items():
        dossiers = " UNION ALL ".join(
            f"SELECT {n} AS n, {USED} FROM {t}" for t, n in signs.items()
        )
        ideas = " UNION ALL ".join(f"SELECT {n} AS n, year FROM {t}" for t, n in signs.items())
        yield from _trigger("dossiers", verb, seen, [
            ("stage_tallies", _into("stage_tallies", _stages(dossiers))),
            ("area_tallies", _into("area_tallies", _areas(dossiers))),
        ])  # fmt: skip
        noted = [("stage_tallies", _into("stage_tallies", _ideas(ideas), IDEA))]
        yield from _trigger("ideas", verb, seen, noted)


def _trigger(table: str, verb: str, seen: str, noted: list[tuple[str, str]]) -> Iterator[str]:
    name = f"tally_{table}_{verb.lower()}"
    steps = "\n".join(
        f"""WITH added AS ({insert} RETURNING id)
 SELECT min(id), max(id) INTO lowest, highest FROM added;
 PERFORM fold_{into}(lowest, highest);"""
        for into, insert in noted
    )
    yield f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE lowest bigint; highest bigint;
BEGIN
{steps}
RETURN NULL;
END $$"""
    yield (
        f"CREATE TRIGGER {name} AFTER {verb} ON {table} REFERENCING {seen}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
    )


def _folding(table: str) -> str:
    """Differences become one row per count, now and then, by one transaction at a time."""
    keys, counts = _listed(KEYS[table]), COUNTS[table]
    sums = ", ".join(f"sum({name})" for name in counts)
    left = " OR ".join(f"sum({name}) <> 0" for name in counts)
    return f"""CREATE FUNCTION fold_{table}(lowest bigint, highest bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
 IF highest / {FOLD_EVERY[table]} > (lowest - 1) / {FOLD_EVERY[table]}
  AND pg_try_advisory_xact_lock({FOLD_LOCK[table]}) THEN
  WITH gone AS (DELETE FROM {table} RETURNING *)
  {_into(table, f"SELECT {keys}, {sums} FROM gone GROUP BY {keys} HAVING {left}")};
 END IF;
END $$"""


def _on_sqlite() -> Iterator[str]:
    """Row by row, into one row per count: there is one writer at a time."""
    for table, columns in (("dossiers", USED), ("ideas", "year")):
        for verb, signs in (
            ("INSERT", {"NEW": 1}),
            ("UPDATE", {"OLD": -1, "NEW": 1}),
            ("DELETE", {"OLD": -1}),
        ):
            steps = "".join(_steps(table, columns, row, n) for row, n in signs.items())
            yield (
                f"CREATE TRIGGER tally_{table}_{verb.lower()} AFTER {verb} ON {table}"
                f" BEGIN {steps} END"
            )


def _steps(table: str, columns: str, row: str, n: int) -> str:
    names = [name.strip() for name in columns.split(",")]
    rows = f"SELECT {n} AS n, " + ", ".join(f"{row}.{name} AS {name}" for name in names)
    if table == "ideas":
        return _added("stage_tallies", _ideas(rows), IDEA)
    return _added("stage_tallies", _stages(rows)) + _added("area_tallies", _areas(rows))


def _added(table: str, chosen: str, columns: tuple[str, ...] = ()) -> str:
    """A row for what was never counted before, then the differences added to their row."""
    keys = KEYS[table]
    counts = [name for name in columns or COUNTS[table] if name not in keys]
    alike = " AND ".join(f"{table}.{key} = fresh.{key}" for key in keys)
    known = f"SELECT 1 FROM {table} WHERE {alike}"
    sums = ", ".join(f"{name} = {table}.{name} + fresh.{name}" for name in counts)
    return (
        f"INSERT INTO {table} ({_listed(keys)}) SELECT {_listed(keys)} FROM ({chosen}) AS fresh"
        f" WHERE NOT EXISTS ({known}); "
        f"UPDATE {table} SET {sums} FROM ({chosen}) AS fresh WHERE {alike}; "
    )


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in ("dossiers", "ideas"):
        for verb in ("insert", "update", "delete"):
            name = f"tally_{table}_{verb}"
            op.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if postgresql else ""))
            if postgresql:
                op.execute(f"DROP FUNCTION {name}()")
    for table in KEYS:
        if postgresql:
            op.execute(f"DROP FUNCTION fold_{table}(bigint, bigint)")
        op.drop_table(table)
