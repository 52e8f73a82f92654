//! Every flag, with what it takes and what it says in the usage text.

use std::path::PathBuf;

use super::command_line::CommandLine;
use super::{Args, OldPidSignal, Version};

/// A flag. The longest name that a word begins with is the flag meant.
pub(super) struct Flag {
    pub(super) name: &'static str,
    /// What follows it, for the usage text.
    arguments: &'static str,
    help: &'static str,
    /// Gets the text that is attached to the name.
    pub(super) take: fn(&mut Args, &str, &mut CommandLine) -> Result<(), String>,
}

/// The flag that `word` is and the text attached to it.
pub(super) fn find(word: &str) -> Option<(&'static Flag, &str)> {
    let known = FLAGS
        .iter()
        .filter_map(|flag| Some((flag, word.strip_prefix(flag.name)?)))
        .max_by_key(|(flag, _)| flag.name.len());
    // "--" and "--cluster" are whole words: nothing else begins with two dashes.
    known.filter(|(flag, attached)| {
        let whole = attached.is_empty() || (flag.name != "--" && attached.starts_with('='));
        whole || !flag.name.starts_with("--")
    })
}

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FLAGS.iter().map(|flag| flag.name)
}

/// The text shown when the command line cannot be used.
pub(super) fn usage(program: &str) -> String {
    let mut text =
        format!("Usage : {program} [-f <cfgfile|cfgdir>]* [<flag>...] [-- <cfgfile>*]\n");
    for flag in FLAGS {
        let left = format!("{}{}", flag.name, flag.arguments);
        text += &format!("        {left:<28} {}\n", flag.help);
    }
    text
}

fn path_after(attached: &str, line: &mut CommandLine) -> Result<PathBuf, String> {
    match attached.strip_prefix('=') {
        Some("") => Err("an argument is missing".to_owned()),
        Some(path) => Ok(PathBuf::from(path)),
        None => line.path(),
    }
}

fn old_pids(args: &mut Args, signal: OldPidSignal, line: &mut CommandLine) -> Result<(), String> {
    let pids = line.pids()?;
    let old = args.old_pids.get_or_insert_default();
    old.signal = signal;
    old.pids.extend(pids);
    Ok(())
}

fn set(flag: &mut bool) -> Result<(), String> {
    *flag = true;
    Ok(())
}

fn nothing(_: &mut Args, _: &str, _: &mut CommandLine) -> Result<(), String> {
    Ok(())
}

/// Whatever begins with this and is no flag of its own is debug mode, as HAProxy has it.
pub(super) const ANY_DEBUG: &str = "-d";

/// In the order of the management guide, section 3; ours last.
const FLAGS: &[Flag] = &[
    Flag {
        name: "--",
        arguments: " <cfgfile>*",
        help: "all that follows are configuration files or directories",
        take: |args, _, line| {
            args.files.extend(line.words.by_ref().map(PathBuf::from));
            Ok(())
        },
    },
    Flag {
        name: "-f",
        arguments: " <cfgfile|cfgdir>",
        help: "loads a file, or the *.cfg files of a directory; may be repeated",
        take: |args, _, line| {
            args.files.push(line.path()?);
            Ok(())
        },
    },
    Flag {
        name: "-C",
        arguments: " <dir>",
        help: "changes to this directory before loading files",
        take: |args, _, line| {
            args.directory = Some(line.path()?);
            Ok(())
        },
    },
    Flag {
        name: "-D",
        arguments: "",
        help: "goes daemon",
        take: |args, _, _| set(&mut args.daemon),
    },
    Flag {
        name: "-L",
        arguments: " <name>",
        help: "sets the local peer name (default: the hostname)",
        take: |args, _, line| {
            args.local_peer = Some(line.text()?);
            Ok(())
        },
    },
    Flag {
        name: "-N",
        arguments: " <limit>",
        help: "sets the default maximum number of connections per proxy",
        take: |args, _, line| {
            args.proxy_maxconn = Some(line.number()?);
            Ok(())
        },
    },
    Flag {
        name: "-V",
        arguments: "",
        help: "verbose mode (disables quiet mode)",
        take: |args, _, _| set(&mut args.verbose),
    },
    Flag {
        name: "-W",
        arguments: "",
        help: "master-worker mode",
        take: |args, _, _| set(&mut args.master_worker),
    },
    Flag {
        name: "-Ws",
        arguments: "",
        help: "master-worker mode with systemd notify support",
        take: |args, _, _| {
            args.systemd_notify = true;
            set(&mut args.master_worker)
        },
    },
    Flag {
        name: "-4",
        arguments: "",
        help: "lets resolvers consider IPv4 responses only",
        take: |args, _, _| set(&mut args.ipv4_only),
    },
    Flag {
        name: "-c",
        arguments: "",
        help: "only checks the configuration and exits",
        take: |args, _, _| set(&mut args.check),
    },
    Flag {
        name: "-cc",
        arguments: " <condition>",
        help: "evaluates a condition and exits: 0 true, 1 false, 2 error",
        take: |args, _, line| {
            args.condition = Some(line.text()?);
            Ok(())
        },
    },
    Flag {
        name: ANY_DEBUG,
        arguments: "",
        help: "debug mode, in the foreground",
        take: |args, _, _| set(&mut args.debug),
    },
    Flag {
        name: "-dA",
        arguments: "<file>",
        help: "collects libraries into a tar file",
        take: |args, attached, _| {
            if attached.is_empty() {
                return Err("the file name is missing".to_owned());
            }
            args.archive = Some(PathBuf::from(attached));
            Ok(())
        },
    },
    Flag {
        name: "-dC",
        arguments: "[<key>]",
        help: "dumps the configuration, anonymised if there is a key",
        take: |args, attached, _| {
            args.dump_configuration = Some(attached.to_owned());
            Ok(())
        },
    },
    Flag {
        name: "-dD",
        arguments: "",
        help: "diagnostic mode: warns about suspicious statements",
        take: |args, _, _| set(&mut args.diagnostic_mode),
    },
    Flag { name: "-dF", arguments: "", help: "disables fast-forward", take: nothing },
    Flag { name: "-dG", arguments: "", help: "disables getaddrinfo()", take: nothing },
    Flag { name: "-dI", arguments: "", help: "enables insecure fork", take: nothing },
    Flag {
        name: "-dK",
        arguments: "<class,...>",
        help: "dumps the registered keywords of these classes ('help' for a list)",
        take: |args, attached, _| {
            args.dump_keywords = Some(attached.to_owned());
            Ok(())
        },
    },
    Flag { name: "-dL", arguments: "", help: "dumps the loaded object files", take: nothing },
    Flag {
        name: "-dM",
        arguments: "[<byte>,<option>,...]",
        help: "debugs memory",
        take: |args, attached, _| {
            args.memory_debugging = Some(attached.to_owned());
            Ok(())
        },
    },
    Flag { name: "-dR", arguments: "", help: "disables SO_REUSEPORT", take: nothing },
    Flag { name: "-dS", arguments: "", help: "disables splice()", take: nothing },
    Flag { name: "-dT", arguments: "", help: "disables kernel TLS", take: nothing },
    Flag {
        name: "-dV",
        arguments: "",
        help: "disables verification of servers' certificates",
        take: nothing,
    },
    Flag {
        name: "-dW",
        arguments: "",
        help: "fails if any warning is emitted",
        take: |args, _, _| set(&mut args.zero_warning),
    },
    Flag { name: "-dZ", arguments: "", help: "disables zero-copy forwarding", take: nothing },
    Flag {
        name: "-db",
        arguments: "",
        help: "stays in the foreground",
        take: |args, _, _| set(&mut args.foreground),
    },
    Flag { name: "-dc", arguments: "", help: "lists the CPUs in use", take: nothing },
    Flag { name: "-de", arguments: "", help: "disables epoll", take: nothing },
    Flag { name: "-dk", arguments: "", help: "disables kqueue", take: nothing },
    Flag { name: "-dp", arguments: "", help: "disables poll", take: nothing },
    Flag {
        name: "-dr",
        arguments: "",
        help: "ignores failures to resolve server addresses",
        take: |args, _, _| set(&mut args.ignore_resolution_failures),
    },
    Flag {
        name: "-dt",
        arguments: "[<trace>,...]",
        help: "activates traces on standard error",
        take: |args, attached, line| {
            let traces = match attached {
                "" => line.optional().unwrap_or_default(),
                attached => attached.to_owned(),
            };
            args.trace = Some(traces);
            Ok(())
        },
    },
    Flag { name: "-dv", arguments: "", help: "disables event ports", take: nothing },
    Flag {
        name: "-m",
        arguments: " <megabytes>",
        help: "limits the usable memory",
        take: |args, _, line| {
            args.memory_limit = Some(line.number()?);
            Ok(())
        },
    },
    Flag {
        name: "-n",
        arguments: " <limit>",
        help: "sets the maximum total number of connections",
        take: |args, _, line| {
            args.maxconn = Some(line.number()?);
            Ok(())
        },
    },
    Flag {
        name: "-p",
        arguments: " <file>",
        help: "writes the pids of all processes to this file",
        take: |args, _, line| {
            args.pid_file = Some(line.path()?);
            Ok(())
        },
    },
    Flag {
        name: "-q",
        arguments: "",
        help: "quiet mode: displays no messages",
        take: |args, _, _| set(&mut args.quiet),
    },
    Flag {
        name: "-S",
        arguments: " <bind>[,<option>...]",
        help: "binds the master CLI",
        take: |args, _, line| {
            let words = line.text()?;
            args.master_socket = Some(words.split(',').map(str::to_owned).collect());
            Ok(())
        },
    },
    Flag {
        name: "-sf",
        arguments: " <pid>*",
        help: "asks old processes to finish once started",
        take: |args, _, line| old_pids(args, OldPidSignal::Finish, line),
    },
    Flag {
        name: "-st",
        arguments: " <pid>*",
        help: "terminates old processes once started",
        take: |args, _, line| old_pids(args, OldPidSignal::Terminate, line),
    },
    Flag {
        name: "-v",
        arguments: "",
        help: "displays the version",
        take: |args, attached, _| {
            args.version = Some(match attached {
                "q" => Version::Number,
                "qs" => Version::Short,
                "qb" => Version::Branch,
                _ => Version::Full,
            });
            Ok(())
        },
    },
    Flag {
        name: "-vv",
        arguments: "",
        help: "displays the version and how it was built (-vq, -vqs, -vqb: bare forms)",
        take: |args, _, _| {
            args.version = Some(Version::Build);
            Ok(())
        },
    },
    Flag {
        name: "-x",
        arguments: " <unix_socket>",
        help: "gets listening sockets from this socket",
        take: |args, _, line| {
            args.listeners_socket = Some(line.path()?);
            Ok(())
        },
    },
    Flag {
        name: "--cluster",
        arguments: " <file>",
        help: "joins the cluster that this YAML file describes",
        take: |args, attached, line| {
            args.cluster = Some(path_after(attached, line)?);
            Ok(())
        },
    },
];
