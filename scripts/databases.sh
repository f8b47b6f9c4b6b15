#!/usr/bin/env bash
# Makes sure that the programs of PostgreSQL and MariaDB are there, for private servers of tests and demonstrations.
#
# databases.sh [postgres] [mariadb]
#
# Where the programs exist, or a variable names a server to use instead, nothing is installed. Nothing is ever started:
# packages of servers would start them, and a server that runs already is none of our business.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh
mkdir -p target

# One of the paths exists; a `*` stands for a version.
exists() { compgen -G "$1" >/dev/null || { shift && [ $# -gt 0 ] && exists "$@"; }; }

has_postgres() {
  command -v initdb >/dev/null ||
    exists '/usr/lib/postgresql/*/bin/initdb' '/usr/pgsql-*/bin/initdb' '/opt/homebrew/opt/postgresql@*/bin/initdb' \
      '/usr/local/opt/postgresql@*/bin/initdb' /usr/local/pgsql/bin/initdb \
      '/Applications/Postgres.app/Contents/Versions/*/bin/initdb'
}

has_mariadb() {
  command -v mariadb-install-db >/dev/null || command -v mysql_install_db >/dev/null ||
    exists '/opt/homebrew/opt/mariadb/bin/mariadb-install-db' '/usr/local/opt/mariadb/bin/mariadb-install-db'
}

packages=()
for database in "$@"; do
  case $database in
    postgres) [ -n "${DIGGER_TEST_POSTGRES_URL:-}" ] || has_postgres || packages+=(postgresql) ;;
    mariadb) [ -n "${DIGGER_TEST_MYSQL_URL:-}" ] || has_mariadb || packages+=(mariadb-server) ;;
    *) give_up "There is no database \`$database\` here." "Say: databases.sh [postgres] [mariadb]" ;;
  esac
done
[ ${#packages[@]} -gt 0 ] || exit 0

if can_apt; then
  say "Installing ${packages[*]}"
  without_services apt_install "${packages[@]}" || true
fi
for package in "${packages[@]}"; do
  case $package in
    postgresql)
      has_postgres || give_up "PostgreSQL's server programs were not found." \
        "On Debian or Ubuntu: apt-get install postgresql" "On macOS: brew install postgresql" \
        "Or name a running server in DIGGER_TEST_POSTGRES_URL."
      ;;
    mariadb-server)
      has_mariadb || give_up "MariaDB's server programs were not found." \
        "On Debian or Ubuntu: apt-get install mariadb-server" "On macOS: brew install mariadb" \
        "Or name a running server in DIGGER_TEST_MYSQL_URL."
      ;;
  esac
done
