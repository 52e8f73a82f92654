# shellcheck shell=bash
# The Debian packages that a script needs: installed when it runs as root, otherwise named in the
# one line that installs them. Sourced.

# need_programs PROGRAM=PACKAGE[,PACKAGE...] ...
# Returns at once, without the network, when every program is there.
need_programs() {
    local pair packages=() missing=()
    for pair in "$@"; do
        command -v "${pair%%=*}" > /dev/null && continue
        missing+=("${pair%%=*}")
        # shellcheck disable=SC2206 # split on purpose: the list is ours
        packages+=(${pair#*=})
    done
    [ ${#missing[@]} = 0 ] && return
    packages=("${packages[@]//,/ }")
    # shellcheck disable=SC2206
    packages=(${packages[*]})
    if ! command -v apt-get > /dev/null; then
        echo "These programs are missing: ${missing[*]}. On Debian they are in: ${packages[*]}" >&2
        exit 1
    fi
    if [ "$(id -u)" != 0 ]; then
        echo "These programs are missing: ${missing[*]}. Install them with this line:" >&2
        echo "sudo apt-get install --yes --no-install-recommends ${packages[*]}" >&2
        exit 1
    fi
    install_packages "${packages[@]}"
    for pair in "$@"; do
        command -v "${pair%%=*}" > /dev/null && continue
        echo "${pair%%=*} is missing although its package was installed" >&2
        exit 1
    done
}

# The list of packages is fetched once per run, and only when something is to be installed.
install_packages() {
    echo "Installing: $*"
    export DEBIAN_FRONTEND=noninteractive
    if [ -z "${package_list_is_fresh:-}" ]; then
        apt-get update -qq || echo "The list of packages could not be refreshed; trying as it is." >&2
        package_list_is_fresh=1
    fi
    apt-get install --yes -qq --no-install-recommends "$@" > /dev/null || {
        echo "apt-get could not install: $*" >&2
        exit 1
    }
}

# Servers and administration tools are not on everybody's path.
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin:$HOME/.cargo/bin"

# What each script needs beyond bash and coreutils. `cc` builds SQLite and the allocator.
# MariaDB's core packages are enough: they start no service.
# shellcheck disable=SC2034
{
    programs_to_build=(cargo=cargo cc=gcc,libc6-dev)
    programs_to_fetch=(curl=curl,ca-certificates)
    programs_for_mariadb=(
        mariadbd=mariadb-server-core
        mariadb-install-db=mariadb-server-core
        mariadb=mariadb-client-core
    )
    programs_for_networks=(ip=iproute2 ss=iproute2 python3=python3)
    # Peers that the tests talk with: MariaDB's own tools, a load, another VRRP router.
    programs_for_tests=(mariadb-dump=mariadb-client sysbench=sysbench keepalived=keepalived)
}
