//! Child processes of the private PostgreSQL: their environment, and the reason of a failure.

use std::{
    ffi::OsString,
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{ExitStatus, Output, Stdio},
};

use tokio::process::Command;

/// The arguments of `unshare` that run a program in a user namespace: outside it the process is root's, so that it may
/// enter root's directories; inside it PostgreSQL, which refuses to run as root, sees another uid.
const UNSHARE: [&str; 3] = ["--user", "--map-user=65534", "--map-group=65534"];

/// Builds a command that runs `program` in a process group of its own, so that Ctrl-C in the terminal does not signal
/// it. Its environment contains only `PATH` (the caller's environment may contain secrets) and a locale with English
/// messages.
pub(super) fn isolated(program: &Path, path: Option<&OsString>) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("LC_ALL", "C");
    command.envs(path.map(|path| ("PATH", path)));
    command.stdin(Stdio::null()).process_group(0);
    command
}

/// Builds a command like [`isolated`] that runs `program` in a user namespace by `unshare`.
pub(super) fn unshared(program: &Path, path: Option<&OsString>) -> Command {
    let mut command = isolated(Path::new("unshare"), path);
    command.args(UNSHARE).arg(program);
    command
}

/// Whether `unshare --user` works on this machine.
pub(super) async fn unshare_works(path: Option<&OsString>) -> bool {
    let tried = unshared(Path::new("true"), path).output().await;
    tried.is_ok_and(|output| output.status.success())
}

/// Returns the reason why the program with this `output` failed, in one line.
pub(super) fn failure_of(output: &Output) -> String {
    failure_reason(output.status, &String::from_utf8_lossy(&output.stderr))
}

/// Returns the reason why a program failed, in one line: the signal that killed it, else the first error in its
/// messages, else their last line.
pub(super) fn failure_reason(status: ExitStatus, messages: &str) -> String {
    if status.signal().is_some() {
        return status.to_string();
    }
    let mut last = None;
    for line in messages
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let error = ["FATAL:", "PANIC:", "error:"]
            .iter()
            .find_map(|mark| line.split_once(mark));
        match error {
            // The response to our own connection attempt; the reason follows.
            Some((_, why)) if why.contains("the database system is starting up") => {}
            Some((_, why)) => return why.trim().to_owned(),
            None => last = Some(line),
        }
    }
    last.map_or_else(|| status.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_of_a_failure_is_its_first_error() {
        let (failed, killed) = (ExitStatus::from_raw(256), ExitStatus::from_raw(9));
        let log = "LOG:  hello\n7 FATAL:  the database system is starting up\n\
                   7 FATAL:  No space left\n8 PANIC:  cannot abort\nremoving data\n";
        assert_eq!(failure_reason(failed, log), "No space left");
        assert_eq!(
            failure_reason(failed, "initdb: error: not as root\nhint: log in"),
            "not as root"
        );
        assert_eq!(
            failure_reason(failed, "cannot open libxml2.so\n\n"),
            "cannot open libxml2.so"
        );
        assert_eq!(failure_reason(failed, ""), "exit status: 1");
        assert_eq!(failure_reason(killed, log), "signal: 9 (SIGKILL)");
    }
}
