# make.sh - builds, each a preset of CMakePresets.json with a folder of its own under build/, and the tests. Sourced by ./dev.
#
#   release   build/         gcc, hardened: what users get; build/reihum and build/plugins/
#   debug     build/test/    gcc with sanitizers: what the tests run
#   clang     build/clang/   the other compiler: its warnings, its analysis
#   fuzz      build/fuzz/    clang with libFuzzer

# make PRESET
make() {
    configure "$1" && cmake --build --preset "$1" -j "$(nproc)"
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
        mkdir -p "build/fuzz/corpus/$name"
        step "fuzz $name" "build/fuzz/tests/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
            -print_final_stats=1 -artifact_prefix="build/fuzz/crash/$name-" \
            "build/fuzz/corpus/$name" "tests/fuzz/corpus/$name" ||
            say "      the input is kept: $(find build/fuzz/crash -name "$name-*" -newer "build/fuzz/corpus/$name" | head -n 1)"
    done
}
