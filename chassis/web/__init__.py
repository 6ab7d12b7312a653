"""Everything HTTP: one Flask application per service, its doors, its problems, its OpenAPI pages.

`app` builds a service's application; `doors` says who may knock where; `command` runs an act in one transaction;
`problems` turns refusals into problem documents; `serving` runs applications under waitress.
"""
