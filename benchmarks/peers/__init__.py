"""The same works as others would write them: the same tables, one transaction per message, inbox and outbox in it.

They do less than ours: they keep no position per subject, so that they neither notice nor wait for an event that is
missing. They share `statements`, which is as lean as SQLAlchemy allows: Core, every statement compiled once.
"""
