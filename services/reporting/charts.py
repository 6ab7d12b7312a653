"""Bars beside the tables: counts in, one small SVG picture out, its meaning in words inside it.

Lengths are per cent of the picture's width, so that a bar fills whatever column it stands in. Stars differ by
pattern as well as by colour; the colours are the page's own variables.
"""

from collections.abc import Mapping

from markupsafe import Markup

from services.reporting.domain import STARS

HEIGHT = 20

_BAR = Markup('<svg class="bar" width="100%" height="{}" role="img"><title>{}</title>{}</svg>')
_SWATCH = Markup('<svg class="swatch" width="28" height="{}" aria-hidden="true">{}</svg>')
_RECT = Markup('<rect class="{}" x="{:.2f}%" y="{}" width="{:.2f}%" height="{}"/>')

PATTERNS = Markup(
    '<svg class="patterns" width="0" height="0" aria-hidden="true"><defs>'
    '<pattern id="star-4" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect class="four" width="6" height="6"/><path class="mark" d="M-1 7L7 -1M-1 1L1 -1M5 7L7 5"/></pattern>'
    '<pattern id="star-5" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect class="five" width="6" height="6"/><circle class="dot" cx="3" cy="3" r="1.3"/></pattern>'
    "</defs></svg>"
)
"""What the stars are filled with: once on a page that shows bars."""

STYLE = Markup(
    ".bar{display:block;overflow:visible;min-width:4.5rem}.patterns{position:absolute}"
    ".outline{fill:none;stroke:var(--track);stroke-width:1.5}.pending{fill:none;stroke:var(--five);"
    "stroke-width:1.5;stroke-dasharray:3 2}.now,.star-3{fill:var(--three)}.star-4{fill:url(#star-4)}"
    ".star-5{fill:url(#star-5)}.four{fill:var(--four)}.five{fill:var(--five)}"
    ".mark{stroke:var(--mark);stroke-width:1.4}.dot{fill:var(--mark)}"
)
"""How the shapes look."""


def stage_bar(*, now: int, reached: int, longest: int, title: str) -> Markup:
    """Filled: dossiers at a stage now; outlined: dossiers that ever came to it."""
    shapes = _rect("outline", 0, reached, longest, inset=1) + _rect(
        "now", 0, now, longest, inset=5
    )
    return _BAR.format(HEIGHT, title, shapes)


def plan_bar(
    *, target: int, result: Mapping[int, int], potential: int, longest: int, title: str
) -> Markup:
    """Outlined: the target; filled: certified products star by star; dashed behind them: candidates."""
    shapes, start = _rect("outline", 0, target, longest, inset=1), 0
    for star in STARS:
        shapes += _rect(f"star-{star}", start, result.get(star, 0), longest, inset=5)
        start += result.get(star, 0)
    shapes += _rect("pending", start, potential, longest, inset=5)
    return _BAR.format(HEIGHT, title, shapes)


def swatch(look: str) -> Markup:
    """A shape of that look for the legend."""
    return _SWATCH.format(HEIGHT, _rect(look, 0, 1, 1, inset=1 if look == "outline" else 5))


def _rect(look: str, start: int, length: int, longest: int, *, inset: int) -> Markup:
    if not length:
        return Markup()
    scale = 100 / max(longest, 1)
    return _RECT.format(look, start * scale, inset, length * scale, HEIGHT - 2 * inset)
