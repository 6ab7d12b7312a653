#!/bin/sh
# One database and one role per service, and an operator who acts as a service's role in its database. Repeatable.
#
# PostgreSQL's image runs this when its data are new; on a server of your own run it once as a superuser (PGHOST, PGUSER …
# say where), with the passwords in the environment.
set -eu

run() { psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-${PGUSER:-postgres}}" "$@"; }

role() {  # name password
    run --dbname=postgres --set=name="$1" --set=password="$2" <<'SQL'
SELECT format('CREATE ROLE %I LOGIN', :'name')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
ALTER ROLE :"name" PASSWORD :'password';
SQL
}

database() {  # service
    run --dbname=postgres --set=name="$1" <<'SQL'
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'name')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"name" TO operator;
GRANT :"name" TO operator;
ALTER ROLE operator IN DATABASE :"name" SET role = :"name";
SQL
}

role operator "${OPERATOR_PASSWORD:?}"
role registration "${REGISTRATION_PASSWORD:?}"
role evaluation "${EVALUATION_PASSWORD:?}"
role certification "${CERTIFICATION_PASSWORD:?}"
role promotion "${PROMOTION_PASSWORD:?}"
role reporting "${REPORTING_PASSWORD:?}"
for service in registration evaluation certification promotion reporting; do
    database "$service"
done
