"""`ocop doctor`: looks at everything an instance needs, and says what to do about each fault.

Read in this order: `findings` (what a check says), `machine` (data folder, rule packs, settings), `databases`,
`broker`, `command`. A check changes nothing.
"""
