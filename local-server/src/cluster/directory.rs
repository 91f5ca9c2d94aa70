//! The data directory of the private PostgreSQL, the directory of its socket, and files in them that only their owner
//! may read.

use std::{
    fs::{self, DirBuilder, File, Permissions},
    io::{self, ErrorKind},
    os::unix::{
        ffi::OsStrExt,
        fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, chown},
    },
    path::{Path, PathBuf},
};

use anyhow::{Error, Result, bail};
use sha2::{Digest, Sha256};

/// The file name of PostgreSQL's socket for port 5432.
pub(super) const SOCKET_NAME: &str = ".s.PGSQL.5432";

/// Maximum length of a socket's path, in bytes: `sun_path` has 104 bytes on macOS and 108 on Linux.
const SOCKET_BYTES_MAX: usize = 99;

/// Creates the data directory `given` if it is missing, and returns its absolute path.
pub(super) fn prepare_data_dir(given: &Path) -> Result<PathBuf> {
    if let Some(parent) = given.parent() {
        fs::create_dir_all(parent).map_err(unusable(parent))?;
    }
    create_private_dir(given).map_err(unusable(given))?;
    given.canonicalize().map_err(unusable(given))
}

/// Returns the directory of the cluster in `data_dir`, as `postgres -D` expects it.
pub(super) fn cluster_dir(data_dir: &Path) -> PathBuf {
    data_dir.join("pg")
}

/// Returns the major version of the PostgreSQL that created the cluster in `data_dir`; `None` without a cluster.
pub(super) fn cluster_version(data_dir: &Path) -> Result<Option<String>> {
    match fs::read_to_string(cluster_dir(data_dir).join("PG_VERSION")) {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unusable(data_dir)(error)),
    }
}

/// Returns the directory of the server's socket: in `data_dir` if its path is short and every client can parse it,
/// otherwise in `/tmp`.
pub(super) fn socket_dir(data_dir: &Path) -> PathBuf {
    let inside = data_dir.join("socket");
    let path = inside.as_os_str().as_bytes();
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-".contains(byte);
    if path.len() + 1 + SOCKET_NAME.len() <= SOCKET_BYTES_MAX && path.iter().all(plain) {
        return inside;
    }
    let hash = Sha256::digest(data_dir.as_os_str().as_bytes());
    let short = hash[..6]
        .iter()
        .fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    // Not in `TMPDIR`, because every process with this data directory must compute the same path.
    PathBuf::from(format!("/tmp/encontros-{short:012x}"))
}

/// Creates the directory of the server's socket and lets only the cluster's owner enter it, because connections through
/// the socket are trusted.
pub(super) fn prepare_socket_dir(socket_dir: &Path, data_dir: &Path) -> Result<()> {
    let owner = fs::metadata(cluster_dir(data_dir))?;
    create_private_dir(socket_dir).map_err(unusable(socket_dir))?;
    let (found, uid) = (fs::symlink_metadata(socket_dir)?, owner.uid());
    if !found.is_dir() || ![uid, 0].contains(&found.uid()) {
        let shown = socket_dir.display();
        bail!(
            "{shown} should be a directory owned by uid {uid}, for PostgreSQL's socket: remove it"
        );
    }
    if found.uid() != uid {
        chown(socket_dir, Some(uid), Some(owner.gid())).map_err(unusable(socket_dir))?;
    }
    let private = Permissions::from_mode(0o700);
    fs::set_permissions(socket_dir, private).map_err(unusable(socket_dir))
}

/// Opens a file for appending, readable by its owner only; creates it when it is missing.
pub(super) fn open_private_file(path: &Path) -> Result<File> {
    let mut options = File::options();
    options.append(true).create(true).mode(0o600);
    options.open(path).map_err(unusable(path))
}

/// Returns a function that adds `path` to an I/O error, for messages.
pub(super) fn unusable(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let shown = path.display().to_string();
    move |error| Error::new(error).context(format!("the private PostgreSQL cannot use {shown}"))
}

/// Creates a directory that only its owner may enter, unless `path` exists.
fn create_private_dir(path: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_socket_is_in_the_data_directory_while_its_path_is_short_and_plain() {
        let short = Path::new("/srv/app/.data");
        assert_eq!(socket_dir(short), short.join("socket"));
        for unsuitable in [
            format!("/srv/{}", "x".repeat(75)),
            "/a,b".to_owned(),
            "/São Paulo".to_owned(),
        ] {
            let dir = socket_dir(Path::new(&unsuitable));
            assert!(dir.starts_with("/tmp"), "{unsuitable} → {dir:?}");
            assert_eq!(
                dir,
                socket_dir(Path::new(&unsuitable)),
                "every process that shares the data computes the same path"
            );
        }
    }
}
