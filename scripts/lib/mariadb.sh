# shellcheck shell=bash
# A private MariaDB: its own directory, its own socket, one account for the application and one for
# the checks of the proxy. Sourced, after processes.sh.

# start_mariadb COMMAND...: listens on 127.0.0.1:3306 of where COMMAND (a network namespace) runs it.
start_mariadb() {
    local user
    user=$(id -un)
    mariadb-install-db --no-defaults --auth-root-authentication-method=normal --skip-test-db \
        --user="$user" --datadir="$RUN/data" > "$RUN/mariadb-install.log" 2>&1 || {
        echo "FAILED: MariaDB's tables could not be made:" >&2
        tail -n 5 "$RUN/mariadb-install.log" >&2
        exit 1
    }
    start mariadb "$@" mariadbd --no-defaults --user="$user" --datadir="$RUN/data" \
        --socket="$RUN/mariadb.sock" --pid-file="$RUN/mariadb.pid" --bind-address=127.0.0.1 \
        --port=3306 --skip-name-resolve --innodb-buffer-pool-size=16M
    wait_until 60 mariadb "MariaDB answers" sql 'DO 1'
    sql "CREATE DATABASE board;
         CREATE USER app@'127.0.0.1' IDENTIFIED BY 'app-secret';
         GRANT ALL ON board.* TO app@'127.0.0.1';
         CREATE USER evenkeel@'127.0.0.1' IDENTIFIED BY 'check-only'" || exit 1
}

# sql STATEMENTS: as root over the socket, past every proxy.
sql() {
    mariadb --no-defaults --user=root --socket="$RUN/mariadb.sock" --batch --skip-column-names \
        --execute "$1"
}
