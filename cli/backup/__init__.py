"""`ocop backup` and `ocop restore`: an instance's databases and evidence at one moment, in a folder or a tar file.

Read in this order: `vessel` (folder or tar), `manifest` (what lies in it), `sqlite` and `postgres` (all databases at
one moment, and back), `taking`, `restoring`, `command`. Between two databases nothing is heard that was not said: all
are copied as they stood while none could commit.
"""
