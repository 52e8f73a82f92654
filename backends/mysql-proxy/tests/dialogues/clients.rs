//! Real client programs: each must see through the proxy what it sees without it.

use std::fs::File;
use std::io::Write;
use std::net::SocketAddr;
use std::process::{Command, Output, Stdio};

use crate::support::database::{PASSWORD, USER, cli, client, text};
use crate::support::database_or_return;
use crate::support::proxy::{Proxy, temporary};

/// Runs SQL with the command-line client, also past errors.
fn run(address: SocketAddr, sql: &str) -> Output {
    let mut client = cli(address, USER, PASSWORD)
        .args(["--local-infile=1", "--force", "-vvv", "t"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    client.stdin.take().unwrap().write_all(sql.as_bytes()).unwrap();
    client.wait_with_output().unwrap()
}

/// Both outputs of a run, without the times that `-vvv` prints.
fn seen(output: &Output) -> (String, String) {
    let without_times = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        text.lines()
            .map(|line| line.split(" (0.").next().unwrap_or_default())
            .fold(String::new(), |all, line| all + line + "\n")
    };
    (without_times(&output.stdout), without_times(&output.stderr))
}

#[test]
fn the_command_line_client_sees_the_same_with_and_without_the_proxy() {
    let database = database_or_return!();
    let proxy = Proxy::start(database.address, "");
    let file = temporary("rows.txt");
    std::fs::write(&file, "abc\ndef\n").unwrap();
    let empty = temporary("empty.txt");
    File::create(&empty).unwrap();
    let load = |path: &std::path::Path| {
        format!("LOAD DATA LOCAL INFILE '{}' INTO TABLE cli_rows", path.display())
    };
    let script = [
        "CREATE OR REPLACE TABLE cli_rows (s VARCHAR(20), n INT NULL)",
        &load(&file),
        "SHOW WARNINGS",
        &load(&empty),
        "SELECT * FROM cli_rows",
        "SELECT * FROM cli_rows WHERE 0",
        "SELECT nope",
        "USE mysql",
        "SELECT DATABASE()",
        "USE t",
        "BEGIN",
        "UPDATE cli_rows SET n = 1",
        "ROLLBACK",
        "SELECT SUM(n) FROM cli_rows",
        "PREPARE p FROM 'SELECT ? + 1'",
        "SET @a = 41",
        "EXECUTE p USING @a",
        "SELECT REPEAT('x', 100000)",
        "SHOW TABLES LIKE 'cli%'",
        "LOAD DATA LOCAL INFILE '/nonexistent/rows' INTO TABLE cli_rows",
        "SELECT 'the last statement';",
    ]
    .join(";\n");
    let direct = run(database.address, &script);
    let relayed = run(proxy.address, &script);
    assert_eq!(seen(&relayed), seen(&direct));
    let output = String::from_utf8_lossy(&direct.stdout);
    assert!(output.contains("| abc") && output.contains("| the last"), "{output}");
    std::fs::remove_file(file).unwrap();
    std::fs::remove_file(empty).unwrap();
}

#[test]
fn several_statements_and_procedures_give_several_results() {
    let database = database_or_return!();
    let proxy = Proxy::start(database.address, "");
    database
        .root("DELIMITER //\nCREATE OR REPLACE PROCEDURE t.two() BEGIN SELECT 1; SELECT 2; END//");
    let script = "DELIMITER //\nSELECT 1 AS a; DO 1; SELECT 2 AS b; SELECT nope; SELECT 3//\n\
         CALL two()//\nSELECT 4//";
    let direct = run(database.address, script);
    let relayed = run(proxy.address, script);
    assert_eq!(seen(&relayed), seen(&direct));
    let output = String::from_utf8_lossy(&direct.stdout);
    assert!(output.contains("| b |") && output.contains("| 4 |"), "{output}");
}

#[test]
fn a_row_of_20_megabytes_passes_both_ways() {
    let database = database_or_return!();
    let proxy = Proxy::start(database.address, "");
    database.root("CREATE OR REPLACE TABLE t.big (b LONGBLOB)");
    let mut insert = cli(proxy.address, USER, PASSWORD)
        .args(["--max-allowed-packet=64M", "t"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let blob = "0123456789abcdef".repeat(20 << 16);
    write!(insert.stdin.take().unwrap(), "INSERT INTO big VALUES ('{blob}');").unwrap();
    assert!(insert.wait().unwrap().success());
    let stored = database.root("SELECT LENGTH(b), MD5(b) FROM t.big");
    let expected = database.root("SELECT 20971520, MD5(REPEAT('0123456789abcdef', 1310720))");
    assert_eq!(stored, expected);

    let arguments = ["--max-allowed-packet=64M", "-N", "t", "-e", "SELECT b FROM big; SELECT 7"];
    let output = text(&cli(proxy.address, USER, PASSWORD).args(arguments).output().unwrap());
    assert!(output == format!("{blob}\n7\n"), "{} bytes are wrong", output.len());
}

#[test]
fn a_dump_is_the_same_with_and_without_the_proxy() {
    let database = database_or_return!();
    let proxy = Proxy::start(database.address, "");
    database.root(
        "CREATE DATABASE IF NOT EXISTS dump; USE dump; CREATE OR REPLACE TABLE a (i INT, b BLOB); \
         INSERT INTO a SELECT seq, REPEAT(CHAR(seq), seq) FROM seq_1_to_1000",
    );
    for program in ["mariadb-dump", "mysqldump"] {
        let dump = |address| {
            let arguments = ["--single-transaction", "--skip-dump-date", "dump"];
            let output = client(program, address, USER, PASSWORD).args(arguments).output();
            output.unwrap().stdout
        };
        let direct = dump(database.address);
        assert!(direct.len() > 400_000, "{program}: {} bytes", direct.len());
        assert!(dump(proxy.address) == direct, "{program} differs");
    }
}

#[test]
fn sysbench_runs_its_transactions_with_prepared_statements() {
    let database = database_or_return!();
    let proxy = Proxy::start(database.address, "workers: 2");
    database.root("CREATE DATABASE IF NOT EXISTS sbtest");
    let sysbench = |action: &str| {
        let output = Command::new("timeout")
            .args(["60", "sysbench", "oltp_read_write", "--db-driver=mysql"])
            .arg(format!("--mysql-host={}", proxy.address.ip()))
            .arg(format!("--mysql-port={}", proxy.address.port()))
            .arg(format!("--mysql-user={USER}"))
            .arg(format!("--mysql-password={PASSWORD}"))
            .args(["--tables=2", "--table-size=1000", "--threads=4", "--time=2", action])
            .output()
            .expect("sysbench must be installed, or EVENKEEL_SKIP_MARIADB=1 set");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        text(&output)
    };
    sysbench("prepare");
    let report = sysbench("run");
    let line = |name: &str| report.lines().find(|line| line.contains(name)).unwrap().to_owned();
    assert!(line("reconnects:").contains(" 0 "), "{report}");
    let executed = proxy.metric("commands_total{command=\"stmt_execute\"}");
    assert!(executed > 20, "{executed} executions");
    assert_eq!(proxy.metric("protocol_errors_total"), 0);
    sysbench("cleanup");
}
