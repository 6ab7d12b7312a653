"""The operators' door: `ocop …`.

`main` lists the commands; `house` puts the services together; every other module is one command or what it needs.
"""
