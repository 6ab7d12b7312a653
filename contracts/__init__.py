"""What the services say to each other, and to integrators.

Read in this order: `envelope` (what every event carries), then one module per sayer (`registration`,
`evaluation`, `certification`, `promotion`), `catalogue` (all types by name), `reading` (how a hearer takes the fields
that it uses). Every type has a JSON example in `examples/` that its sayer and its hearers are tested against.

Names and versions: a type is a fact in the past tense (`DossierSubmitted`). A released type only ever gains optional
fields; an incompatible successor is a new type (`DossierSubmittedV2`), said beside the old one until nobody hears the
old one. A released example never changes.
"""
