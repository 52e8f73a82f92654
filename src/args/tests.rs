//! Command lines of the management guide's section 3 and what HAProxy 3.4.0 was seen to do.

use super::*;

fn args(line: &str) -> Args {
    take(line).unwrap_or_else(|usage| panic!("{line}: {}", usage.text("evenkeel")))
}

fn take(line: &str) -> Result<Args, Usage> {
    parse(line.split(' ').filter(|word| !word.is_empty()).map(OsString::from))
}

#[track_caller]
fn refused(line: &str, sentence: &str) {
    let usage = take(line).expect_err(line).text("evenkeel");
    assert!(usage.starts_with(sentence), "{line}: {usage}");
    assert!(usage.contains("Usage : evenkeel [-f <cfgfile|cfgdir>]*"), "{line}");
}

fn paths(paths: &[&str]) -> Vec<PathBuf> {
    paths.iter().map(PathBuf::from).collect()
}

#[test]
fn the_guide_s_init_script() {
    let args = args("-f /etc/haproxy.cfg -D -p /var/run/haproxy.pid -sf 12 34");
    assert_eq!(args.files, paths(&["/etc/haproxy.cfg"]));
    assert!(args.daemon);
    assert_eq!(args.pid_file, Some(PathBuf::from("/var/run/haproxy.pid")));
    let old = OldPids { signal: OldPidSignal::Finish, pids: vec![12, 34] };
    assert_eq!(args.old_pids, Some(old));
    assert_eq!(args.given, ["-f", "-D", "-p", "-sf"]);
}

#[test]
fn files_keep_the_order_of_the_command_line() {
    let args = args("-f a -c -f b -- c -V d");
    assert_eq!(args.files, paths(&["a", "b", "c", "-V", "d"]));
    assert!(args.check && !args.verbose);
    assert_eq!(args.given, ["-f", "-c", "--"]);
}

#[test]
fn systemd_s_line() {
    let args = args("-Ws -f /etc/haproxy -p /run/haproxy.pid -S /run/master.sock,mode,600");
    assert!(args.master_worker && args.systemd_notify);
    let socket: Vec<String> = ["/run/master.sock", "mode", "600"].map(str::to_owned).into();
    assert_eq!(args.master_socket, Some(socket));
}

#[test]
fn a_list_of_pids_ends_at_a_flag_and_may_be_empty() {
    assert_eq!(args("-f a -sf").old_pids, Some(OldPids::default()));
    let args = args("-f a -st 1 -V");
    let old = OldPids { signal: OldPidSignal::Terminate, pids: vec![1] };
    assert_eq!((args.old_pids, args.verbose), (Some(old), true));
    refused("-f a -sf abc", "-sf: 'abc' is not a pid\n");
    refused("-f a -st 0", "-st: '0' is not a pid\n");
    refused("-f a -sf 1x", "-sf: '1x' is not a pid\n");
}

#[test]
fn numbers_names_and_paths() {
    let args = args("-f a -n 100 -N 5 -m 10 -L me -C /etc -x /run/s -q -4 -dr -dW -dD -db -d");
    assert_eq!((args.maxconn, args.proxy_maxconn), (Some(100), Some(5)));
    assert_eq!((args.memory_limit, args.local_peer.as_deref()), (Some(10), Some("me")));
    assert_eq!(args.directory, Some(PathBuf::from("/etc")));
    assert_eq!(args.listeners_socket, Some(PathBuf::from("/run/s")));
    assert!(args.quiet && args.ipv4_only && args.ignore_resolution_failures);
    assert!(args.zero_warning && args.diagnostic_mode && args.foreground && args.debug);
    refused("-f a -n", "-n: an argument is missing\n");
    refused("-f a -n abc", "-n: 'abc' is not a number\n");
    refused("-c -f", "-f: an argument is missing\n");
    refused("-f a -x", "-x: an argument is missing\n");
}

#[test]
fn an_argument_may_look_like_a_flag() {
    assert_eq!(args("-f -V").files, paths(&["-V"]));
    assert_eq!(args("-f a -L -V").local_peer.as_deref(), Some("-V"));
}

#[test]
fn letters_behind_a_flag_are_ignored() {
    let args = args("-cV -Wx -Dx -qV -f a");
    assert!(args.check && args.master_worker && args.daemon && args.quiet && !args.verbose);
    assert_eq!(args.given, ["-c", "-W", "-D", "-q", "-f"]);
    refused("-fok.cfg", "-f: an argument is missing\n");
}

#[test]
fn versions_end_the_reading() {
    for (line, version) in [
        ("-v", Version::Full),
        ("-vx", Version::Full),
        ("-vv", Version::Build),
        ("-vq", Version::Number),
        ("-vqs", Version::Short),
        ("-vqb", Version::Branch),
        ("-cc 1 -v --nonsense", Version::Full),
    ] {
        assert_eq!(args(line).version, Some(version), "{line}");
    }
}

#[test]
fn conditions_need_no_file() {
    assert_eq!(args("-cc streq(a,a)").condition.as_deref(), Some("streq(a,a)"));
    refused("-cc", "-cc: an argument is missing\n");
}

#[test]
fn debugging_flags_carry_their_text() {
    let args = args("-f a -dKall -dC123 -dM0,tag -dt help -dA/tmp/x.tar -dS -dQ -dQ");
    assert_eq!(args.dump_keywords.as_deref(), Some("all"));
    assert_eq!(args.dump_configuration.as_deref(), Some("123"));
    assert_eq!(args.memory_debugging.as_deref(), Some("0,tag"));
    assert_eq!(args.trace.as_deref(), Some("help"));
    assert_eq!(args.archive, Some(PathBuf::from("/tmp/x.tar")));
    assert!(args.debug);
    assert_eq!(args.given, ["-f", "-dK", "-dC", "-dM", "-dt", "-dA", "-dS", "-dQ"]);
    refused("-f a -dA", "-dA: the file name is missing\n");
}

#[test]
fn traces_are_optional() {
    assert_eq!(args("-f a -dt -V").trace.as_deref(), Some(""));
    assert_eq!(args("-f a -dth2:error").trace.as_deref(), Some("h2:error"));
}

#[test]
fn our_cluster() {
    let expected = Some(PathBuf::from("/etc/cluster.yaml"));
    assert_eq!(args("-f a --cluster /etc/cluster.yaml").cluster, expected);
    let args = args("-f a --cluster=/etc/cluster.yaml");
    assert_eq!((args.cluster, args.given), (expected, vec!["-f".into(), "--cluster".into()]));
    refused("-f a --cluster", "--cluster: an argument is missing\n");
    refused("-f a --cluster=", "--cluster: an argument is missing\n");
}

#[test]
fn what_is_unknown_is_named() {
    refused("-f a -z", "unknown flag '-z'");
    refused("-f a -s", "unknown flag '-s'");
    refused("-f a --help", "unknown flag '--help'");
    refused("-f a --clsuter x", "unknown flag '--clsuter'; did you mean --cluster?");
    refused("-f a --clusterx", "unknown flag '--clusterx'; did you mean --cluster?");
    refused("-f a -", "unknown flag '-'");
    refused("-f a foo", "'foo' is no flag; configuration files follow -f or --\n");
}

#[test]
fn without_anything_to_do_there_is_only_the_usage() {
    refused("", "Usage : ");
    refused("-V", "Usage : ");
    refused("-c", "Usage : ");
}

#[test]
fn the_usage_shows_every_flag() {
    let usage = take("").unwrap_err().text("evenkeel");
    for name in flags::names() {
        assert!(usage.contains(&format!("\n        {name}")), "{name}");
    }
}
