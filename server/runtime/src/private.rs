//! What Digger writes is for the account it runs under, and for nobody else on the machine.

use std::fs::{self, DirBuilder, Permissions};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;

use rustix::fs::Mode;

/// Folders are entered by their owner alone.
const FOLDER: u32 = 0o700;
/// Files are read by their owner alone.
const FILE: u32 = 0o600;

/// How the names begin of what Digger keeps in its data directory.
const OURS: [&str; 7] = [
    "attempts",
    "digger.",
    "health",
    "incoming",
    "results",
    "shop.sqlite",
    "stage",
];

/// Makes everything this process writes from now on private, and the data directory with what stands in it. What
/// stands deeper is behind folders that are.
pub fn keep_private(data_dir: &Path) {
    rustix::process::umask(Mode::from_raw_mode(0o077));
    let made = DirBuilder::new()
        .recursive(true)
        .mode(FOLDER)
        .create(data_dir);
    if let Err(error) = made.and_then(|()| tighten(data_dir)) {
        tracing::warn!(
            %error,
            "Other accounts of this machine may read {}: its rights could not be changed",
            data_dir.display()
        );
    }
}

fn tighten(data_dir: &Path) -> std::io::Result<()> {
    fs::set_permissions(data_dir, Permissions::from_mode(FOLDER))?;
    for entry in fs::read_dir(data_dir)? {
        let entry = entry?;
        // What else stands there, if somebody chose a folder with other things in it, is theirs.
        let name = entry.file_name();
        if !OURS
            .iter()
            .any(|ours| name.to_string_lossy().starts_with(ours))
        {
            continue;
        }
        let kind = entry.file_type()?;
        let mode = if kind.is_dir() { FOLDER } else { FILE };
        // A link keeps the rights of what it leads to.
        if !kind.is_symlink() {
            fs::set_permissions(entry.path(), Permissions::from_mode(mode))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_directory_that_is_there_is_closed_with_what_it_holds() {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("data");
        fs::create_dir_all(data.join("stage")).unwrap();
        fs::write(data.join("digger.sqlite"), "").unwrap();
        fs::write(data.join("theirs.sh"), "").unwrap();
        for (name, mode) in [
            ("", 0o755),
            ("stage", 0o777),
            ("digger.sqlite", 0o644),
            ("theirs.sh", 0o755),
        ] {
            fs::set_permissions(data.join(name), Permissions::from_mode(mode)).unwrap();
        }
        keep_private(&data);
        fs::write(data.join("later"), "").unwrap();
        let mode = |name: &str| fs::metadata(data.join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!(
            ["", "stage", "digger.sqlite", "later", "theirs.sh"].map(mode),
            [0o700, 0o700, 0o600, 0o600, 0o755]
        );
    }
}
