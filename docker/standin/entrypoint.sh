#!/bin/bash
# Same contract as the entrypoint of the official image: HOST, PORT, USER, PASSWORD and
# PASSWORD_FILE, or libpq's PG… variables, name the server; Odoo waits 30 s for it; a first
# argument other than `odoo`, `--` or an option is run as a command of its own.
set -euo pipefail

if [[ -n "${PASSWORD_FILE:-}" ]]; then
    PASSWORD="$(<"$PASSWORD_FILE")"
fi
export PGHOST="${PGHOST:-${HOST:-db}}"
export PGPORT="${PGPORT:-${PORT:-5432}}"
export PGUSER="${PGUSER:-${USER:-odoo}}"
export PGPASSWORD="${PGPASSWORD:-${PASSWORD:-odoo}}"

case "${1:-odoo}" in
    odoo | --) set -- "${@:2}" ;;
    -*) ;;
    *) exec "$@" ;;
esac

for _ in {1..30}; do
    if pg_isready --quiet --dbname=postgres; then
        exec odoo "$@"
    fi
    sleep 1
done
echo "no PostgreSQL answers at $PGHOST:$PGPORT" >&2
exit 1
