//! The choice of the user that PostgreSQL runs as: it refuses to run as root.

use std::{
    ffi::OsString,
    fs::{self, File},
    io,
    os::unix::fs::{MetadataExt, chown},
    path::Path,
};

use anyhow::{Result, bail};

use super::{
    directory::{cluster_dir, unusable},
    process::unshare_works,
};

/// The uid and gid of `nobody`, a user without privileges, on Linux.
const NOBODY: u32 = 65534;

/// The users that PostgreSQL's processes can run as.
pub(super) enum RunAs {
    /// The user of local-server's own process.
    CurrentUser,
    /// Root, in a user namespace that shows PostgreSQL another uid. The processes can also enter directories that only
    /// root may enter.
    Unshared,
    /// Another user, if local-server runs as root.
    User { uid: u32, gid: u32 },
}

impl RunAs {
    /// Chooses the owner of the cluster or, before it is created (`new_cluster`), of the data directory. If both belong
    /// to root and `unshare` does not work, a new data directory is given to `nobody`.
    pub(super) async fn choose(
        data_dir: &Path,
        new_cluster: bool,
        path: Option<&OsString>,
    ) -> Result<RunAs> {
        let cluster = cluster_dir(data_dir);
        let owner = fs::metadata(if new_cluster { data_dir } else { &cluster })?;
        let (uid, gid, shown) = (owner.uid(), owner.gid(), cluster.display());
        match current_uid(data_dir).map_err(unusable(data_dir))? {
            0 if uid != 0 => Ok(RunAs::User { uid, gid }),
            0 if unshare_works(path).await => Ok(RunAs::Unshared),
            0 if new_cluster => {
                let (uid, gid) = (NOBODY, NOBODY);
                chown(data_dir, Some(uid), Some(gid)).map_err(unusable(data_dir))?;
                Ok(RunAs::User { uid, gid })
            }
            0 => bail!(
                "{shown} belongs to root, PostgreSQL refuses to run as root, and `unshare --user` does \
                 not work here: allow it, or `chown -R {NOBODY}:{NOBODY} {}`",
                data_dir.display()
            ),
            current if new_cluster || current == uid => Ok(RunAs::CurrentUser),
            _ => bail!("{shown} belongs to uid {uid}: start as that user"),
        }
    }
}

/// Returns the uid of the current process: the owner of a file that it creates in `data_dir`, which also checks that
/// `data_dir` is writable.
fn current_uid(data_dir: &Path) -> io::Result<u32> {
    let probe = data_dir.join("probe");
    if probe.exists() {
        fs::remove_file(&probe)?;
    }
    let uid = File::create_new(&probe)?.metadata()?.uid();
    fs::remove_file(&probe)?;
    Ok(uid)
}
