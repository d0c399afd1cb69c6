# packages.sh - Debian packages, installed when something is missing. Sourced by ./dev.
#
# One line a package: its name, and how to see that what it brings is there, however it came:
#   command:NAME   a program on the path
#   module:NAME    a library that pkg-config knows
#   file:PATH      a file
#   clang:FILE     a file among those clang brings along
# To add one: a line in the set that needs it, and a sentence in the README of the folder that uses it.

packages_build='
gcc                   command:cc
libc6-dev             file:/usr/include/stdio.h
cmake                 command:cmake
ninja-build           command:ninja
pkgconf               command:pkg-config
libuv1-dev            module:libuv
libsqlite3-dev        module:sqlite3
libcurl4-openssl-dev  module:libcurl
libmicrohttpd-dev     module:libmicrohttpd
zlib1g-dev            module:zlib
libjansson-dev        module:jansson
libsodium-dev         module:libsodium
libutf8proc-dev       module:libutf8proc
coinor-libcbc-dev     module:cbc
libgmp-dev            module:gmp
tzdata                file:/usr/share/zoneinfo/Europe/Berlin
'

packages_test="$packages_build
g++                   command:c++
clang                 command:clang
libclang-rt-dev       clang:libclang_rt.asan-$(uname -m).a
clang-format          command:clang-format
clang-tidy            command:clang-tidy
cppcheck              command:cppcheck
libcmocka-dev         module:cmocka
libical-dev           module:libical
"

# Real peers on loopback, started and stopped by the tests, and other readers of what we write; never linked. Their tests
# are skipped without them.
packages_peers='
python3-aiosmtpd      file:/usr/lib/python3/dist-packages/aiosmtpd/__init__.py
postfix               file:/usr/sbin/smtp-sink
dovecot-imapd         file:/usr/lib/dovecot/imap
dovecot-lmtpd         file:/usr/lib/dovecot/lmtp
curl                  command:curl
python3-icalendar     file:/usr/lib/python3/dist-packages/icalendar/__init__.py
python3-vobject       file:/usr/lib/python3/dist-packages/vobject/__init__.py
khal                  file:/usr/bin/khal
radicale              file:/usr/bin/radicale
xandikos              file:/usr/bin/xandikos
python3-dateutil      file:/usr/lib/python3/dist-packages/dateutil/rrule.py
'

packages_format='
clang-format          command:clang-format
'

packages_fuzz="$packages_build
clang                 command:clang
libclang-rt-dev       clang:libclang_rt.fuzzer-$(uname -m).a
libcmocka-dev         module:cmocka
"

packages_web='
nodejs                command:node
npm                   command:npm
ca-certificates       file:/etc/ssl/certs/ca-certificates.crt
'

# Pages are looked at in a headless browser.
packages_e2e="$packages_web
chromium-headless-shell  command:chromium-headless-shell
"

# Peers to measure against; never linked.
packages_bench="$packages_build
glpk-utils            command:glpsol
coinor-cbc            command:cbc
wrk                   command:wrk
postfix               file:/usr/sbin/smtp-sink
libcmocka-dev         file:/usr/include/cmocka.h
"

is_there() {
    case $1 in
    command:*) command -v "${1#command:}" >/dev/null 2>&1 ;;
    module:*) command -v pkg-config >/dev/null 2>&1 && pkg-config --exists "${1#module:}" ;;
    file:*) [ -e "${1#file:}" ] ;;
    clang:*) command -v clang >/dev/null 2>&1 && [ -e "$(clang -print-file-name="${1#clang:}")" ] ;;
    esac
}

# missing SET: names of its packages whose content is not there.
missing() {
    local set=packages_$1 package probe
    while read -r package probe; do
        [ -z "$package" ] || is_there "$probe" || printf '%s\n' "$package"
    done <<<"${!set}"
}

# Root, sudo that asks nothing, or sudo that may ask the person at the terminal (CI has none).
may_install() {
    command -v apt-get >/dev/null || return
    [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null || { [ -t 0 ] && command -v sudo >/dev/null && sudo -v; }
}

apt() {
    local as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
    ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold "$@" </dev/null
}

# Packages that bring a service must not start it: the tests start their own, on loopback, as they need them. Debian asks
# policy-rc.d; one that is there already says what this machine wants. Sets `policy` when it made one.
forbid_services() {
    local as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
    policy=
    [ ! -e /usr/sbin/policy-rc.d ] || return 0
    printf '#!/bin/sh\nexit 101\n' | ${as_root[@]+"${as_root[@]}"} tee /usr/sbin/policy-rc.d >/dev/null || return
    policy=made
    ${as_root[@]+"${as_root[@]}"} chmod 755 /usr/sbin/policy-rc.d
}

allow_services() {
    local as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
    [ -z "$policy" ] || ${as_root[@]+"${as_root[@]}"} rm -f /usr/sbin/policy-rc.d
}

# What a package would ask is answered before: no mail system is set up.
answer_questions() {
    local as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
    command -v debconf-set-selections >/dev/null || return 0
    echo 'postfix postfix/main_mailer_type select No configuration' | ${as_root[@]+"${as_root[@]}"} debconf-set-selections
}

install_quietly() {
    local policy result
    forbid_services || return
    answer_questions
    install_packages "$@"
    result=$?
    allow_services
    return $result
}

# A fresh image has no package lists, an old one has lists that name files which are gone.
install_packages() {
    local package
    for package in "$@"; do
        if [ -z "$(apt-cache --generate pkgnames "$package" 2>/dev/null | grep -Fx "$package")" ]; then
            apt update || return
            break
        fi
    done
    apt install --no-install-recommends --no-remove "$@" && return
    apt update && apt install --no-install-recommends --no-remove "$@"
}

# provide SET: installs what is missing of it. Removes nothing, ever.
provide() {
    local lacking
    lacking=$(missing "$1" | tr '\n' ' ')
    [ -n "$lacking" ] || return 0
    say "      missing packages: ${lacking% }"
    may_install || return
    # shellcheck disable=SC2086 # package names are words
    try "install packages ($1)" install_quietly $lacking || return
    [ -z "$(missing "$1")" ]
}

# need SET: without it there is no going on.
need() {
    provide "$1" && return
    local lacking
    lacking=$(missing "$1" | tr '\n' ' ')
    printf '%s\n' "./dev needs these Debian packages (or what they bring on another system): ${lacking% }" \
        "It could not install them by itself. As root: apt-get install --no-install-recommends ${lacking% }" >&2
    exit 1
}

# want SET CONSEQUENCE: without it we go on, and say what it means.
want() {
    provide "$1" || { skip "packages ($1)" "$2"; return 1; }
}
