# say.sh - quiet output: one line a step, the rest in a log file. Sourced by ./dev.

logs=build/log
passed=0
failed=0
skipped=0

say() { printf '%s\n' "$*"; }

die() {
    printf './dev: %s\n' "$*" >&2
    exit 1
}

# step NAME COMMAND…: runs it, says how it went and how long it took. The log file has what it printed; its end is
# shown when it failed. Counts, and returns the command's answer; 77 means it could not be done here, and the last line
# of the log says why.
step() {
    local name=$1 rc=0
    shift
    try "$name" "$@" || rc=$?
    case $rc in
    0) passed=$((passed + 1)) ;;
    77) skipped=$((skipped + 1)) ;;
    *) failed=$((failed + 1)) ;;
    esac
    return "$rc"
}

# try NAME COMMAND…: a step that does not count.
try() {
    local name=$1 began=$SECONDS rc=0 log
    shift
    log=$logs/$(tr -cs '[:alnum:]\n' '-' <<<"$name" | sed 's/-$//').log
    mkdir -p "$logs"
    "$@" >"$log" 2>&1 </dev/null || rc=$?
    case $rc in
    0) printf 'ok    %-28s %4d s\n' "$name" $((SECONDS - began)) ;;
    77) printf 'skip  %-28s %s\n' "$name" "$(tail -n 1 "$log")" ;;
    *)
        printf 'FAIL  %-28s %4d s   %s\n' "$name" $((SECONDS - began)) "$log"
        grep -vE '^\[[0-9]+/[0-9]+\] (Building|Linking|Generating) |^ +Start +[0-9]+: | Passed +[0-9.]+ sec$' "$log" | tail -n 40 | sed 's/^/      /'
        ;;
    esac
    return "$rc"
}

# skip NAME WHY: what could not be done here, in words. Not a failure, but never silent.
skip() {
    printf 'skip  %-28s %s\n' "$1" "$2"
    skipped=$((skipped + 1))
}

# finish: the closing line and the answer of the whole run.
finish() {
    [ "$skipped" -eq 0 ] || say "$skipped skipped, see above"
    say "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}
