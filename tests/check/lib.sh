# lib.sh - what the checks share; sourced by each of them.
#
# A check is a script that reads the tree and prints one line a finding, "file:line: sentence". It defines
#   check    prints its findings; the current folder is the tree
#   samples  names trees that must be found faulty (bad) or clean (good), so that the check itself is tested
#   hinder   (if it leans on a tool) says why it cannot judge here, and nothing when it can; the answer is then 77
# and ends with `main "$@"`. Called plainly it checks the project, with --self-test its own samples.

set -u -o pipefail
LC_ALL=C.UTF-8
export LC_ALL
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
house=$(cd "$here/../.." && pwd)

# files PATTERN…: the files of the tree that fit, tracked or not yet; a sample tree has no git of its own.
files() {
    if [ -e .git ]; then
        git ls-files -z --cached --others --exclude-standard -- "$@" | while IFS= read -r -d '' file; do
            [ -f "$file" ] && printf '%s\n' "$file"
        done
    else
        local pattern
        find . -type f -printf '%P\n' | while IFS= read -r file; do
            for pattern in "$@"; do
                # shellcheck disable=SC2053 # a pattern is meant here; * crosses folders, as in git
                [[ $file == $pattern ]] && printf '%s\n' "$file" && break
            done
        done
    fi | sort -u
}

# code FILE…: the code of C files as "file:line:code", without comments and without the contents of strings.
code() {
    [ $# -gt 0 ] || return 0
    awk '
        FNR == 1 { inside = 0 }
        {
            line = $0; out = ""
            while (line != "") {
                if (inside) {
                    end = index(line, "*/")
                    if (!end) { line = ""; break }
                    line = substr(line, end + 2); inside = 0
                } else if (substr(line, 1, 2) == "/*") {
                    inside = 1; line = substr(line, 3)
                } else if (substr(line, 1, 2) == "//") {
                    line = ""
                } else if (match(line, /^"([^"\\]|\\.)*"/)) {
                    out = out "\"\""; line = substr(line, RLENGTH + 1)
                } else if (match(line, /^\x27([^\x27\\]|\\.)*\x27/)) {
                    out = out "0"; line = substr(line, RLENGTH + 1)
                } else {
                    out = out substr(line, 1, 1); line = substr(line, 2)
                }
            }
            if (out ~ /[^ \t]/) print FILENAME ":" FNR ":" out
        }' "$@"
}

# bad WHAT FILE TEXT: with this file alone the check must complain, and the complaint must contain WHAT.
# good FILE TEXT: with this file alone it must not.
bad() {
    plant "$2" "$3"
    local said
    if said=$(cd "$tree" && check 2>&1) && [ -z "$said" ]; then
        report "does not see: $1 ($2)"
    elif [[ $said != *"$1"* ]]; then
        report "says something else than '$1' ($2): $said"
    fi
    cases=$((cases + 1))
}

good() {
    plant "$1" "$2"
    local said
    said=$(cd "$tree" && check 2>&1)
    [ -z "$said" ] || report "complains without reason ($1): $said"
    cases=$((cases + 1))
}

# A sample tree is the smallest that the check accepts: `ground` may put files there that it always needs.
plant() {
    rm -rf "${tree:?}" && mkdir -p "$tree/$(dirname "$1")"
    if declare -F ground >/dev/null; then (cd "$tree" && ground); fi
    printf '%s' "$2" >"$tree/$1"
}

report() {
    printf '%s: self-test: %s\n' "$name" "$1"
    failures=$((failures + 1))
}

# one_release TOOL VERSION: releases of an analyser find different things in the same code; one decides for everybody, that
# of Debian 12, or what is clean here would fail there.
one_release() {
    local there
    there=$("$1" --version 2>/dev/null | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1)
    case $there in
    "$2" | "$2".*) ;;
    '') echo "$1 is missing" ;;
    *) echo "$1 $2 decides, here is $there" ;;
    esac
}

main() {
    name=$(basename "$0")
    if declare -F hinder >/dev/null; then
        local hindrance
        hindrance=$(hinder)
        if [ -n "$hindrance" ]; then
            echo "$hindrance"
            return 77
        fi
    fi
    if [ "${1:-}" = --self-test ]; then
        tree=$(mktemp -d) cases=0 failures=0
        trap 'rm -rf "$tree"' EXIT
        samples
        printf '%s: %d samples, %d misjudged\n' "$name" "$cases" "$failures"
        [ "$cases" -gt 0 ] && [ "$failures" -eq 0 ]
        return
    fi
    cd "$house" || exit 1
    local said rc
    said=$(check 2>&1)
    rc=$?
    [ -z "$said" ] && [ "$rc" -eq 0 ] && return 0
    printf '%s\n' "$said"
    return 1
}
