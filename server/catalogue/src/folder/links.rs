//! Which files a folder has, links followed, each once and none from outside.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Folders inside folders.
const DEEPEST: usize = 8;

/// What was found so far.
struct Walk<'a> {
    folder: &'a Path,
    /// The folder without links on the way to it.
    root: PathBuf,
    /// Where files and folders really are, so that each is met once.
    met: BTreeSet<PathBuf>,
    files: BTreeMap<PathBuf, bool>,
    /// Links and how deep they stand: followed last, so that whatever has a path of its own keeps it.
    links: Vec<(PathBuf, usize)>,
}

/// Every report file below a folder by its path in it, and whether it is a link to something outside.
pub(super) fn below(folder: &Path) -> BTreeMap<PathBuf, bool> {
    let Ok(root) = folder.canonicalize() else {
        return BTreeMap::new();
    };
    let mut walk = Walk {
        folder,
        met: BTreeSet::from([root.clone()]),
        root,
        files: BTreeMap::new(),
        links: Vec::new(),
    };
    walk.read(Path::new(""), DEEPEST);
    while !walk.links.is_empty() {
        let mut links = std::mem::take(&mut walk.links);
        links.sort();
        for (path, depth) in links {
            walk.follow(path, depth);
        }
    }
    walk.files
}

impl Walk<'_> {
    /// Reads a folder by its path below the first one.
    fn read(&mut self, path: &Path, depth: usize) {
        let Ok(entries) = fs::read_dir(self.folder.join(path)) else {
            return;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            // Editors and version control keep their own files beside ours, with a dot in front.
            if name.to_string_lossy().starts_with('.') {
                continue;
            }
            let path = path.join(&name);
            match entry.file_type() {
                Ok(kind) if kind.is_symlink() => self.links.push((path, depth)),
                Ok(kind) => self.take(path, kind.is_dir(), depth),
                Err(_) => {}
            }
        }
    }

    fn take(&mut self, path: PathBuf, is_folder: bool, depth: usize) {
        if !is_folder && !is_report(&path) {
            return;
        }
        // What is gone in this moment is not there.
        let Ok(real) = self.folder.join(&path).canonicalize() else {
            return;
        };
        if !real.starts_with(&self.root) || !self.met.insert(real) {
            return;
        }
        if !is_folder {
            self.files.insert(path, false);
        } else if depth > 0 {
            self.read(&path, depth - 1);
        }
    }

    fn follow(&mut self, path: PathBuf, depth: usize) {
        let full = self.folder.join(&path);
        let (Ok(real), Ok(metadata)) = (full.canonicalize(), fs::metadata(&full)) else {
            return;
        };
        if real.starts_with(&self.root) {
            self.take(path, metadata.is_dir(), depth);
        } else if metadata.is_dir() || is_report(&path) {
            self.files.insert(path, true);
        }
    }
}

fn is_report(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "sql")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn found(folder: &Path) -> Vec<(String, bool)> {
        below(folder)
            .into_iter()
            .map(|(path, is_outside)| (path.to_string_lossy().into_owned(), is_outside))
            .collect()
    }

    #[test]
    fn each_file_is_there_once_and_nothing_from_outside() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("queries");
        fs::create_dir_all(folder.join("sales/.hidden")).unwrap();
        fs::write(place.path().join("secret.sql"), "").unwrap();
        for name in [
            "one.sql",
            "sales/two.sql",
            "sales/notes.txt",
            "sales/.hidden/three.sql",
        ] {
            fs::write(folder.join(name), "").unwrap();
        }
        for number in 0..4 {
            symlink(".", folder.join(format!("again{number}"))).unwrap();
            symlink("..", folder.join(format!("sales/up{number}"))).unwrap();
        }
        symlink("one.sql", folder.join("a_link.sql")).unwrap();
        symlink("sales", folder.join("a_folder")).unwrap();
        // As Kubernetes mounts files: the real one stands in a hidden folder.
        symlink("sales/.hidden/three.sql", folder.join("three.sql")).unwrap();
        symlink(place.path().join("secret.sql"), folder.join("outside.sql")).unwrap();
        symlink(place.path(), folder.join("outside")).unwrap();
        symlink("nowhere.sql", folder.join("broken.sql")).unwrap();
        symlink("/etc/hostname", folder.join("name.txt")).unwrap();
        let expected = [
            ("one.sql", false),
            ("outside", true),
            ("outside.sql", true),
            ("sales/two.sql", false),
            ("three.sql", false),
        ];
        let expected: Vec<(String, bool)> = expected
            .map(|(path, is_outside)| (path.to_owned(), is_outside))
            .into();
        assert_eq!(found(&folder), expected);
        assert_eq!(found(&place.path().join("no_such")), []);
    }
}
