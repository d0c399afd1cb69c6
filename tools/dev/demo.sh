# demo.sh - the demo database of ./dev run: the real offices, the pilots of 2024, the round 2027-2031, planned, with sample moderators, their
# teams and sample contacts, a date for each meeting of the round (those of 2027 fixed, the others held), pilot sites drawn from sample
# applications under the quotas of 2023, at a day on which some 25 procedures are on their way. Sourced by ./dev.

demo=build/demo/reihum.db

# The recipe. Each line is a command a planner could type.
demo_recipe() {
    reihum process import config/processes/qev-1.conf
    reihum office import config/nrw/offices.csv
    reihum holiday import config/nrw/school-holidays.csv
    reihum procedure import config/nrw/pilots-2024.csv
    reihum round create 2027-2031 --start 2027-01-01 --years 5
    reihum turnus plan --round 2027-2031
    reihum turnus publish --round 2027-2031
    reihum moderator import config/nrw/moderators-example.csv
    reihum team border import config/nrw/districts.geojson
    reihum team allocate --round 2027-2031
    reihum team publish --round 2027-2031
    reihum pilot open beispiel-2023 --places 18 --until 2023-11-17
    reihum pilot import config/nrw/pilot-applications-example.csv
    reihum pilot quota import config/nrw/pilot-quotas-2023.csv
    reihum pilot relax --take 1 --by "Koordinierende Stelle" --reason "Beispiel: aus Westfalen-Lippe hat sich kein Kreis unter 100.000 beworben"
    reihum pilot freeze --by "Koordinierende Stelle" --source "Beispiel: drei Würfe mit zwei Würfeln vor zwei Zeug*innen"
    reihum pilot confirm --seed "6-3 2-2 5-4" --by "Beobachter*in 01"
    reihum pilot draw --seed "6-3 2-2 5-4" --by "Beobachter*in 02"
    reihum contact import config/nrw/contacts-example.csv
    reihum appointment plan --round 2027-2031
    reihum appointment confirm --until 2027-12-31
    reihum simulate --until 2027-09-22 --late 40 --keep then.db --csv >build/demo/simulated.csv
    mv build/demo/then.db "$demo"
}

reihum() { build/reihum "$@" --db "$demo"; }

# An older build may have written another schema or another plan: the stamp names what made the database.
demo_stamp() {
    find build/reihum build/plugins config tools/dev/demo.sh -type f -exec sha256sum {} + 2>/dev/null | sort | sha256sum
}

# make_demo [FRESH]
make_demo() {
    if [ -z "${1:-}" ] && [ -e "$demo" ] && [ "$(cat build/demo/stamp 2>/dev/null)" = "$(demo_stamp)" ]; then
        return 0
    fi
    rm -rf build/demo
    mkdir -p build/demo
    step "make the demo database" demo_recipe_strict || return
    demo_stamp >build/demo/stamp
}

# Each command must succeed; `set -e` would be off inside a step.
demo_recipe_strict() {
    bash -e -u -o pipefail -c "demo=$demo; $(declare -f reihum demo_recipe); set -x; demo_recipe"
}

# serve_demo [OPTION…]: options of `reihum serve`; where it listens may be one of them.
serve_demo() {
    local listen=(--listen 127.0.0.1:8186)
    [[ " $* " != *" --listen"[=\ ]* ]] || listen=()
    exec build/reihum serve --db "$demo" ${listen[@]+"${listen[@]}"} "$@"
}
