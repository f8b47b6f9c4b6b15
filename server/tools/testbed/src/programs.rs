//! Where the servers' programs are.
//!
//! Distributions keep server programs out of PATH, so the usual places are looked through as well.

use std::path::{Path, PathBuf};

/// A folder that has all the programs of one installation: first one in PATH, then the newest version
/// in the usual places.
///
/// `places` may have one `*` as a whole part of a path.
pub(crate) fn folder_with(programs: &[&str], places: &[&str]) -> Option<PathBuf> {
    let in_path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&in_path)
        .chain(places.iter().flat_map(|place| matching(place)))
        .find(|folder| {
            programs
                .iter()
                .all(|program| is_program(&folder.join(program)))
        })
}

/// The first of these programs in PATH or in one of the places.
pub(crate) fn program(names: &[&str], places: &[&str]) -> Option<PathBuf> {
    names.iter().find_map(|name| {
        let folder = folder_with(&[*name], places)?;
        Some(folder.join(name))
    })
}

fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

/// The folders a place stands for, the newest version first.
fn matching(place: &str) -> Vec<PathBuf> {
    let Some((before, after)) = place.split_once('*') else {
        return vec![PathBuf::from(place)];
    };
    let (parent, prefix) = before.rsplit_once('/').unwrap_or(("", before));
    let mut versions: Vec<(Vec<u32>, PathBuf)> = std::fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let version = name.strip_prefix(prefix)?;
            Some((
                numbers(version),
                PathBuf::from(format!("{parent}/{name}{after}")),
            ))
        })
        .collect();
    versions.sort();
    versions
        .into_iter()
        .rev()
        .map(|(_, folder)| folder)
        .collect()
}

/// `16.2` as 16, 2: a text would sort 9 behind 16.
fn numbers(version: &str) -> Vec<u32> {
    version
        .split('.')
        .map(|part| part.parse().unwrap_or(0))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_comes_first() {
        let folder = tempfile::tempdir().unwrap();
        for version in ["9.6", "15", "16.2"] {
            std::fs::create_dir_all(folder.path().join(format!("pg-{version}/bin"))).unwrap();
        }
        let place = format!("{}/pg-*/bin", folder.path().display());
        let found: Vec<String> = matching(&place)
            .iter()
            .map(|path| {
                path.strip_prefix(folder.path())
                    .unwrap()
                    .display()
                    .to_string()
            })
            .collect();
        assert_eq!(found, ["pg-16.2/bin", "pg-15/bin", "pg-9.6/bin"]);
    }

    #[test]
    fn a_program_that_is_nowhere_is_not_found() {
        assert_eq!(
            program(&["no-such-server"], &["/usr/lib/no-such-server/*/bin"]),
            None
        );
        assert!(program(&["no-such-shell", "sh"], &[]).is_some());
    }
}
