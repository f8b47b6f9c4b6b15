# Sourced by the set-up scripts: one way to speak, one way to give up.

# A step of the set-up, so that a newcomer sees what is happening.
say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }

# Ends the set-up with what is missing and what to do about it.
give_up() {
  printf '\n  × %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '    %s\n' "$line" >&2; done
  exit 1
}

# True where packages of a Debian-like distribution can be installed without asking.
can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

# Installs distribution packages; the package lists are refreshed once where they are missing or old.
apt_install() {
  mkdir -p target
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >target/apt.log 2>&1 && return
  apt-get update >>target/apt.log 2>&1
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >>target/apt.log 2>&1
}

# Runs a package manager that may install services but not start them.
without_services() (
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
  fi
  "$@"
)
