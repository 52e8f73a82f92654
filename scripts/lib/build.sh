# shellcheck shell=bash
# Builds the programs that a script starts. Sourced, after packages.sh, from the root of the
# repository.

# build_programs: sets BIN to the directory that holds the programs of the whole workspace.
# EVENKEEL_PROFILE names the profile (quick); EVENKEEL_BIN names a directory where they lie already.
build_programs() {
    local profile=${EVENKEEL_PROFILE:-quick}
    # shellcheck disable=SC2034
    BIN=${EVENKEEL_BIN:-}
    [ -n "$BIN" ] && return
    echo "Building (profile $profile; the first time takes some minutes) ..."
    # Always everything at once: with a part of it the dependencies would get other features, and
    # be built again.
    cargo build --quiet --locked --workspace --bins --profile "$profile" || exit 1
    [ "$profile" = dev ] && profile=debug
    BIN=$(target_directory)/$profile
}

target_directory() {
    cargo metadata --no-deps --offline --format-version 1 |
        sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p'
}
