"""Words for people, in Vietnamese with English beside it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    vi: str
    en: str

    def in_(self, lang: str) -> str:
        """The words in `lang`: "vi" or "en"."""
        match lang:
            case "vi":
                return self.vi
            case "en":
                return self.en
        raise ValueError(f"no text in {lang!r}: only vi and en are kept")
