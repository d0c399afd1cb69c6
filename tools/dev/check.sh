# check.sh - runs the checks of tests/check/, each after its own self-test. Sourced by ./dev.

checks='layers headers banned format text readmes shell cppcheck tidy'

# run_checks [NAME]
run_checks() {
    local check
    if [ $# -gt 0 ] && [[ " $checks " != *" $1 "* ]]; then
        die "no check '$1'; there are: $checks"
    fi
    for check in ${1:-$checks}; do
        step "check $check" run_check "$check"
    done
}

run_check() {
    if [ "$1" = tidy ]; then
        { configure clang && cmake --build --preset clang --target embedded; } >build/log/configure-clang.log || return
    fi
    "tests/check/$1" --self-test && "tests/check/$1"
}
