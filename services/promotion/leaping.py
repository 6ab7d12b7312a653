"""Finds what carries several words by leaping along each word's products, on PostgreSQL.

The database keeps every word with its products in the catalogue's order (`listing_words`). From a place in that order
each asked word in turn goes on to its next product; where all have come to the same one, it is found. So products
that stand together far down the alphabet are reached in a leap, and words that never meet pass each other by. A
product's star, commune and district stand among its words as marks, which nobody can type.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.promotion.domain import Status

WIDE = 20
"""Known words that one asked word may begin: what begins more is looked for in the product found, not leapt along."""

MOST = 2_000
"""Leaps after which it is given up: words that are often near each other and hardly ever together."""

LAST = "\U0010ffff"
"""Stands after whatever goes on with a word."""

KNOWN = text("""
WITH RECURSIVE known (beginning, word, nth) AS (
  SELECT beginning,
    (SELECT min(word) FROM listing_words WHERE word >= beginning AND word < beginning || :last), 1
  FROM unnest(CAST(:beginnings AS text[])) AS asked (beginning)
  UNION ALL
  SELECT beginning,
    (SELECT min(word) FROM listing_words WHERE word > known.word AND word < beginning || :last), nth + 1
  FROM known WHERE known.word IS NOT NULL AND nth <= :wide)
SELECT beginning, word FROM known WHERE word IS NOT NULL
""")

LEAPT = text("""
WITH RECURSIVE leapt (step, agreed, shown, found, name_key, listing) AS (
  SELECT 0, CAST(:words AS int), false, 0, CAST(:name_key AS text), CAST(:listing AS uuid)
  UNION ALL
  SELECT step + 1, here.agreed, here.shown, found + CAST(here.shown AS int), here.name_key, here.listing
  FROM leapt CROSS JOIN LATERAL (
    SELECT next.*, together.agreed, together.agreed = :words AND EXISTS (
      SELECT FROM listings WHERE id = next.listing AND status = :status
        AND NOT EXISTS (SELECT FROM unnest(CAST(:besides AS text[])) AS beginning
          WHERE strpos(' ' || search_text, ' ' || beginning) = 0)) AS shown
    FROM (
      SELECT each.* FROM unnest(CAST(:turns AS int[]), CAST(:known AS text[])) AS asked (turn, word)
      CROSS JOIN LATERAL (
        SELECT name_key, listing FROM listing_words AS its WHERE its.word = asked.word
          AND (its.name_key, its.listing) >= (leapt.name_key, leapt.listing)
          AND (leapt.agreed < :words OR its.listing <> leapt.listing)
        ORDER BY name_key, listing LIMIT 1) AS each
      WHERE asked.turn = leapt.step % :words
      ORDER BY each.name_key, each.listing LIMIT 1) AS next
    CROSS JOIN LATERAL (
      SELECT CASE WHEN leapt.agreed < :words AND next.listing = leapt.listing THEN leapt.agreed + 1 ELSE 1 END
    ) AS together (agreed)) AS here
  WHERE step < :most AND found < :limit)
SELECT step, shown, listing FROM leapt WHERE shown OR step = :most ORDER BY step
""")
"""Each step is one word's next product not before the place reached; `agreed` counts the words that stand at it."""

DIFFERING = text("""
WITH due AS (SELECT DISTINCT word, name_key, id FROM listings
  CROSS JOIN unnest(string_to_array(search_text, ' ')
    || ARRAY[' star ' || star, ' district ' || district, ' commune ' || commune]) AS word WHERE word IS NOT NULL)
SELECT DISTINCT listing FROM (
  (SELECT word, name_key, listing FROM listing_words EXCEPT SELECT * FROM due)
  UNION ALL (SELECT * FROM due EXCEPT SELECT word, name_key, listing FROM listing_words)) AS differing
ORDER BY listing
""")

Place = tuple[str, UUID]
"""Where a listing stands in the catalogue: its name's key and its id."""

START: Place = ("", UUID(int=0))


def leap(
    session: Session, words: Sequence[str], marks: Sequence[str], *, after: Place, limit: int
) -> list[UUID] | None:
    """The first `limit` listed products after a place with all these marks and words, as each begins one of theirs.

    None where leaping leads nowhere: nothing that is asked for is narrow, or it took too long.
    """
    known = _known(session, words) | {mark: [mark] for mark in marks}
    if not all(known.values()):
        return []
    narrow = [each for each in known.values() if len(each) <= WIDE]
    if not narrow:
        return None
    asked = [(turn, word) for turn, each in enumerate(narrow) for word in each]
    steps = session.execute(
        LEAPT,
        {
            "words": len(narrow),
            "turns": [turn for turn, _ in asked],
            "known": [word for _, word in asked],
            "besides": [beginning for beginning, each in known.items() if len(each) > WIDE],
            "status": Status.LISTED.value,
            "name_key": after[0],
            "listing": after[1],
            "limit": limit,
            "most": MOST,
        },
    ).all()
    found = [step.listing for step in steps if step.shown]
    gave_up = len(found) < limit and bool(steps) and steps[-1].step == MOST
    return None if gave_up else found


def mark(name: str, value: str | int) -> str:
    """How a star, commune or district stands among the words; no word has a space in it."""
    return f" {name} {value}"


def _known(session: Session, words: Sequence[str]) -> dict[str, list[str]]:
    """What the catalogue knows that begins with each word, WIDE and one more at most."""
    known: dict[str, list[str]] = {word: [] for word in words}
    found = session.execute(KNOWN, {"beginnings": list(known), "last": LAST, "wide": WIDE})
    for beginning, word in found:
        known[beginning].append(word)
    return known


def wrong(session: Session) -> list[UUID]:
    """The listings whose words are not kept as reading every listing gives them; the cost grows with the listings."""
    if session.get_bind().dialect.name != "postgresql":
        return []
    return list(session.scalars(DIFFERING))
