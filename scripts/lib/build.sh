# shellcheck shell=bash
# Builds the programs that a script starts. Sourced, after packages.sh, from the root of the
# repository.

# build_programs PACKAGE...: sets BIN to the directory that holds the programs.
# EVENKEEL_PROFILE names the profile: quick by default, release to measure, dev beside the tests.
build_programs() {
    local profile=${EVENKEEL_PROFILE:-quick} package arguments=()
    for package in "$@"; do arguments+=(--package "$package"); done
    echo "Building (profile $profile; the first time takes some minutes) ..."
    cargo build --quiet --locked --profile "$profile" "${arguments[@]}" --bins || exit 1
    [ "$profile" = dev ] && profile=debug
    # shellcheck disable=SC2034
    BIN=$(target_directory)/$profile
}

target_directory() {
    cargo metadata --no-deps --offline --format-version 1 |
        sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p'
}
