"""Folds text so that it is found however it is typed: without marks, without capitals, single spaces."""

import unicodedata


def fold(text: str) -> str:
    """`Nước mắm Ba Làng` → `nuoc mam ba lang`; đ becomes d."""
    apart = unicodedata.normalize("NFKD", text.lower().replace("đ", "d"))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(bare.split())
