# web.sh - style sheet and fonts of the pages, by npm from web/package-lock.json. Sourced by ./dev.
#
# Without npm, or when its registry does not answer, the build goes on: the pages then have the plain look.

vendor=build/share/reihum/web/vendor

# fetch_web: does nothing while what lies there was made from the same sources.
fetch_web() {
    [ "$(cat build/web/stamp 2>/dev/null)" = "$(web_stamp)" ] && (cd "$vendor" && sha256sum --quiet -c manifest.sha256) 2>/dev/null && return
    want web "pages keep the plain look: no style sheet, no fonts" || return 0
    try "web assets" copy_web || { skip "web assets" "pages keep the plain look: npm did not get what web/package-lock.json names"; return 0; }
    web_stamp >build/web/stamp
}

web_stamp() {
    cat web/package-lock.json web/fira-sans.css web/OFL-1.1.txt tools/dev/web.sh | sha256sum
}

# npm_install FOLDER TARGET: exactly what the lock file names, beside the sources and not among them.
npm_install() {
    mkdir -p "$2" && cp "$1/package.json" "$1/package-lock.json" "$1/.npmrc" "$2/" &&
        (cd "$2" && npm ci --ignore-scripts --fetch-retries=1 --fetch-timeout=60000)
}

copy_web() {
    npm_install web build/web || return
    local kern=build/web/node_modules/@kern-ux/native
    rm -rf "$vendor" && mkdir -p "$vendor" &&
        install -m 644 "$kern/dist/kern.min.css" web/fira-sans.css \
            "$kern/dist/fonts/fira-sans/FiraSans-Regular.woff2" "$kern/dist/fonts/fira-sans/FiraSans-SemiBold.woff2" "$vendor/" &&
        install -m 644 "$kern/LICENSE.md" "$vendor/LICENSE-kern.md" &&
        install -m 644 web/OFL-1.1.txt "$vendor/LICENSE-fira-sans.txt" &&
        refer_to_what_is_here && gzip -9nk "$vendor"/*.css && (cd "$vendor" && sha256sum ./*.* >manifest.sha256.new && mv manifest.sha256.new manifest.sha256)
}

# The pages are served under a policy that allows nothing from elsewhere: what a style sheet names must lie here.
refer_to_what_is_here() {
    local name
    grep -oh 'url([^)]*)' "$vendor"/*.css | sed -E 's/^url\(["'\'']?//; s/["'\'']?\)$//' | grep -v '^data:' | sort -u |
        while IFS= read -r name; do
            [ -f "$vendor/$name" ] || { echo "a style sheet names $name, which is not here"; return 1; }
        done
}

# look_at_pages: the end-to-end tests, with the release and its demo database.
look_at_pages() {
    want e2e "the pages were not looked at in a browser" || return 0
    try "e2e packages" install_e2e || { skip "e2e" "npm did not get what tests/e2e/package-lock.json names"; return 0; }
    make_demo "" && step "e2e" tests/e2e/run
}

install_e2e() {
    cmp -s tests/e2e/package-lock.json build/e2e/package-lock.json && [ -d build/e2e/node_modules ] ||
        npm_install tests/e2e build/e2e
}

# install_readers: the engine of Thunderbird's calendar, which reads what we write (tests/unit/ical).
install_readers() {
    cmp -s tests/support/readers/package-lock.json build/readers/package-lock.json && [ -d build/readers/node_modules ] ||
        npm_install tests/support/readers build/readers
}

# install_peers: what `./dev bench` measures beside us and Debian does not have.
install_peers() {
    cmp -s tests/bench/peers/package-lock.json build/peers/package-lock.json && [ -d build/peers/node_modules ] ||
        npm_install tests/bench/peers build/peers
}
