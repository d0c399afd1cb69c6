# make.sh - builds, each a preset of CMakePresets.json with a folder of its own under build/, and the tests. Sourced by ./dev.
#
#   release   build/         gcc, hardened: what users get; build/reihum and build/plugins/
#   debug     build/test/    gcc with sanitizers: what the tests run
#   clang     build/clang/   the other compiler: its warnings, its analysis
#   fuzz      build/fuzz/    clang with libFuzzer

# make PRESET [--target NAME…]
make() {
    configure "$1" && cmake --build --preset "$1" -j "$(nproc)" "${@:2}"
}

configure() {
    local launcher=()
    command -v ccache >/dev/null && launcher=(-DCMAKE_C_COMPILER_LAUNCHER=ccache)
    cmake --preset "$1" ${launcher[@]+"${launcher[@]}"}
}

# Each test counts, so that the closing line says what was tested and not how many steps it took.
run_tests() {
    local rc=0 line
    step "tests" ctest --preset debug ${1:+-R "$1"} || rc=$?
    line=$(grep -E '^[0-9]+% tests passed, [0-9]+ tests failed out of [0-9]+' "$logs/tests.log" | tail -n 1)
    if [[ $line =~ ([0-9]+)\ tests\ failed\ out\ of\ ([0-9]+) ]]; then
        say "      $line"
        # the step itself was counted as one
        [ "$rc" -eq 0 ] && passed=$((passed - 1)) || failed=$((failed - 1))
        passed=$((passed + BASH_REMATCH[2] - BASH_REMATCH[1]))
        failed=$((failed + BASH_REMATCH[1]))
        [ "$rc" -eq 0 ] || [ "${BASH_REMATCH[1]}" -gt 0 ] || failed=$((failed + 1))
    fi
    return "$rc"
}

# What is installed is what a plugin author builds against.
check_install() {
    rm -rf build/stage && cmake --install build --prefix build/stage && tests/check/installed build/stage
}

# kill_server TIMES: the test of the whole server under kill -9, without sanitizers, so that it dies often in its time.
kill_server() {
    make release --target bench_kill && RH_BUILD=$PWD/build RH_KILLS=$1 build/tests/bench_kill
}

# fuzz [TARGET] [SECONDS]: starts from the stored inputs; what it learns is kept in build/fuzz/corpus/, an input that
# crashes in build/fuzz/crash/.
fuzz() {
    local target="" seconds=60 source name
    [[ ${1:-} =~ ^[0-9]*$ ]] || { target=$1; shift; }
    [ -z "${1:-}" ] || seconds=$1
    [ -z "$target" ] || [ -e "tests/fuzz/$target.c" ] || die "no fuzz target '$target' in tests/fuzz/"
    step "build fuzz" make fuzz || return
    mkdir -p build/fuzz/crash
    for source in tests/fuzz/${target:-*}.c; do
        name=$(basename "$source" .c)
        step "fuzz $name" fuzz_target "$name" "$seconds" ||
            say "      the input is kept: $(ls -t build/fuzz/crash/"$name"-* | head -n 1)"
    done
}

# Parsers of what strangers send: mail with its reports, calendars, answers of calendars. Each test run looks for new
# inputs for a moment; the stored ones of all targets are among the tests.
of_strangers='mail_read reader_busy reader_itip reader_rule'

fuzz_shortly() {
    local name
    step "build fuzz" make fuzz --target $(printf 'fuzz_%s ' $of_strangers) || return
    mkdir -p build/fuzz/crash
    for name in $of_strangers; do
        step "fuzz $name" fuzz_target "$name" 5
    done
}

fuzz_target() {
    mkdir -p "build/fuzz/corpus/$1"
    # libFuzzer answers 77 for a crash, which elsewhere in this house means "not possible here".
    "build/fuzz/tests/fuzz_$1" -max_total_time="$2" -timeout=10 -rss_limit_mb=2048 -artifact_prefix="build/fuzz/crash/$1-" \
        "build/fuzz/corpus/$1" "tests/fuzz/corpus/$1" || return 1
}
