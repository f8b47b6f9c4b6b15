//! Files in a folder of this machine.
//!
//! A file is finished under a temporary name below `incoming`, in the same file system, and then gets its place
//! in one step that never replaces anything. Every step is safe on the disk before the next one.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use tempfile::TempPath;

use crate::content::{Sum, pump};
use crate::{Content, FilesError, Key, Kind, Put, Unfinished};

/// Where unfinished files are, below the root. No key of ours begins with it.
const INCOMING: &str = "incoming";

/// How often a place is tried when somebody removes its folder meanwhile, because it was empty.
const TRIES: u32 = 32;

/// The form in a folder.
#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
    store: LocalFileSystem,
}

impl Folder {
    pub(crate) fn open(root: &Path) -> Result<Self, FilesError> {
        let failed =
            |error| FilesError::of_disk("use the folder", &root.display().to_string(), error);
        fs::create_dir_all(root.join(INCOMING)).map_err(failed)?;
        let root = fs::canonicalize(root).map_err(failed)?;
        let store = LocalFileSystem::new_with_prefix(&root).map_err(|error| {
            FilesError::of_store("use the folder", &root.display().to_string(), error)
        })?;
        Ok(Self { root, store })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn store(&self) -> &dyn ObjectStore {
        &self.store
    }

    pub(crate) async fn put(
        self: &Arc<Self>,
        key: &Key,
        file: &Path,
        content: &Content,
    ) -> Result<Put, FilesError> {
        let (folder, file, content) = (Arc::clone(self), file.to_owned(), content.clone());
        blocking("store", key, move |key| folder.place(key, &file, &content)).await
    }

    pub(crate) async fn put_bytes(
        self: &Arc<Self>,
        key: &Key,
        bytes: Vec<u8>,
    ) -> Result<Put, FilesError> {
        let folder = Arc::clone(self);
        blocking("store", key, move |key| {
            let content = Content::of_bytes(&bytes);
            let (part, _) = folder.part(&mut bytes.as_slice())?;
            let mut part = Some(part);
            folder.give_name(key, &content, |target| name_part(&mut part, target))
        })
        .await
    }

    pub(crate) async fn delete(self: &Arc<Self>, key: &Key) -> Result<(), FilesError> {
        let folder = Arc::clone(self);
        blocking("delete", key, move |key| {
            match fs::remove_file(folder.path(key)) {
                Err(error) if !is_absent(&error) => return Err(error.into()),
                _ => {}
            }
            // Folders that became empty go as well; the first that is not ends it.
            let mut above = Path::new(key.as_str()).parent();
            while let Some(name) = above.filter(|name| !name.as_os_str().is_empty()) {
                if fs::remove_dir(folder.root.join(name)).is_err() {
                    break;
                }
                above = name.parent();
            }
            Ok(())
        })
        .await
    }

    pub(crate) async fn remove_unfinished(
        self: &Arc<Self>,
        before: Timestamp,
    ) -> Result<Unfinished, FilesError> {
        let folder = self.root.join(INCOMING);
        let named = folder.display().to_string();
        let work = move || {
            let mut gone = Unfinished::default();
            for entry in fs::read_dir(&folder)? {
                let entry = entry?;
                if is_older(entry.metadata(), before)? {
                    fs::remove_file(entry.path()).or_else(ignore_absent)?;
                    gone.removed += 1;
                }
            }
            Ok(gone)
        };
        tokio::task::spawn_blocking(work)
            .await
            .map_err(io::Error::other)
            .flatten()
            .map_err(|error| FilesError::of_disk("clean up", &named, error))
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.root.join(key.as_str())
    }

    /// The file's second name, or a copy where file systems differ or know no second names.
    fn place(&self, key: &Key, file: &Path, content: &Content) -> Result<Put, Trouble> {
        let mut opened = File::open(file).map_err(|error| match error.kind() {
            // Without this the store would seem to lack the file.
            ErrorKind::NotFound => Trouble::Changed,
            _ => Trouble::Disk(error),
        })?;
        let mut sum = Sum::default();
        pump(&mut opened, &mut sum)?;
        expect(content, &sum.finish())?;
        opened.sync_all()?;
        match self.give_name(key, content, |target| fs::hard_link(file, target)) {
            Err(Trouble::Disk(error)) if needs_copy(&error) => {}
            outcome => return outcome,
        }
        let (part, copied) = self.part(&mut File::open(file)?)?;
        expect(content, &copied)?;
        let mut part = Some(part);
        self.give_name(key, content, |target| name_part(&mut part, target))
    }

    /// A copy below `incoming`, safe on the disk. It disappears unless it is given a name.
    fn part(&self, from: &mut impl io::Read) -> io::Result<(TempPath, Content)> {
        let mut part = tempfile::Builder::new()
            .prefix("part-")
            .tempfile_in(self.root.join(INCOMING))?;
        let sum = copy(from, part.as_file_mut())?;
        Ok((part.into_temp_path(), sum))
    }

    /// The last step: one call that either makes the name or finds it taken.
    fn give_name(
        &self,
        key: &Key,
        content: &Content,
        mut name: impl FnMut(&Path) -> io::Result<()>,
    ) -> Result<Put, Trouble> {
        let target = self.path(key);
        let folder = target.parent().unwrap_or(&self.root);
        let mut tries = 0;
        loop {
            tries += 1;
            make_folder(folder)?;
            match name(&target) {
                Ok(()) => {
                    // The name must survive a power cut as well as the bytes do.
                    sync(folder)?;
                    return Ok(Put::Stored);
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    let mut sum = Sum::default();
                    pump(&mut File::open(&target)?, &mut sum)?;
                    if sum.finish() != *content {
                        return Err(Trouble::Taken);
                    }
                    sync(folder)?;
                    return Ok(Put::AlreadyThere);
                }
                // Whoever deleted a neighbour took the folder with it, because it was empty.
                Err(error) if error.kind() == ErrorKind::NotFound && tries < TRIES => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// Gives a temporary file its name, and keeps it for another try where that fails.
fn name_part(part: &mut Option<TempPath>, target: &Path) -> io::Result<()> {
    let Some(path) = part.take() else {
        return Ok(());
    };
    path.persist_noclobber(target).map_err(|failed| {
        *part = Some(failed.path);
        failed.error
    })
}

/// What can go wrong while a file gets its place.
enum Trouble {
    Disk(io::Error),
    Taken,
    Changed,
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

async fn blocking<T: Send + 'static>(
    action: &'static str,
    key: &Key,
    work: impl FnOnce(&Key) -> Result<T, Trouble> + Send + 'static,
) -> Result<T, FilesError> {
    let own = key.clone();
    let done = tokio::task::spawn_blocking(move || work(&own)).await;
    match done.unwrap_or_else(|error| Err(Trouble::Disk(io::Error::other(error)))) {
        Ok(done) => Ok(done),
        Err(Trouble::Disk(error)) => Err(FilesError::of_disk(action, key.as_str(), error)),
        Err(Trouble::Taken) => Err(FilesError::new(Kind::Taken, action, key.as_str())),
        Err(Trouble::Changed) => Err(FilesError::new(Kind::Changed, action, key.as_str())),
    }
}

fn expect(wanted: &Content, found: &Content) -> Result<(), Trouble> {
    if wanted == found {
        Ok(())
    } else {
        Err(Trouble::Changed)
    }
}

/// Copies and hashes everything, and waits until it is safe.
fn copy(from: &mut impl io::Read, to: &mut File) -> io::Result<Content> {
    struct Both<'a>(&'a mut File, Sum);
    impl io::Write for Both<'_> {
        fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
            let written = self.0.write(piece)?;
            self.1.add(&piece[..written]);
            Ok(written)
        }
        fn flush(&mut self) -> io::Result<()> {
            self.0.flush()
        }
    }
    let mut both = Both(to, Sum::default());
    pump(from, &mut both)?;
    both.0.sync_all()?;
    Ok(both.1.finish())
}

/// Makes a folder and those above it, each of them safe on the disk.
fn make_folder(folder: &Path) -> io::Result<()> {
    match fs::create_dir(folder) {
        Ok(()) => folder.parent().map_or(Ok(()), sync),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => match fs::metadata(folder) {
            Ok(found) if !found.is_dir() => Err(error),
            // Removed again since; the caller tries anew.
            Err(gone) if gone.kind() != ErrorKind::NotFound => Err(gone),
            _ => Ok(()),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let above = folder.parent().ok_or(error)?;
            make_folder(above)?;
            match make_folder(folder) {
                // Removed again meanwhile, because it was empty; the caller tries anew.
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
                made => made,
            }
        }
        Err(error) => Err(error),
    }
}

fn sync(folder: &Path) -> io::Result<()> {
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        // Somebody removed our file and the folder already.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        synced => synced,
    }
}

fn needs_copy(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::CrossesDevices
            | ErrorKind::Unsupported
            | ErrorKind::PermissionDenied
            | ErrorKind::TooManyLinks
    )
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn ignore_absent(error: io::Error) -> io::Result<()> {
    if is_absent(&error) {
        Ok(())
    } else {
        Err(error)
    }
}

/// A file that is gone meanwhile is not older than anything.
fn is_older(metadata: io::Result<Metadata>, before: Timestamp) -> io::Result<bool> {
    match metadata {
        Ok(metadata) => {
            let modified = Timestamp::try_from(metadata.modified()?).map_err(io::Error::other)?;
            Ok(metadata.is_file() && modified < before)
        }
        Err(error) if is_absent(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_is_full_is_noticed_while_copying() {
        let mut full = File::options().write(true).open("/dev/full").unwrap();
        let error = copy(&mut &b"cells"[..], &mut full).unwrap_err();
        let error = FilesError::of_disk("store", "results/run_1/1/a.xlsx", error);
        assert_eq!(*error.kind(), Kind::Full);
        assert!(!error.kind().can_pass());
    }

    #[test]
    fn a_copy_without_a_name_disappears() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::open(root.path()).unwrap();
        let (part, content) = folder.part(&mut &b"cells"[..]).unwrap();
        assert_eq!(fs::read(&part).unwrap(), b"cells");
        assert_eq!(content, Content::of_bytes(b"cells"));
        drop(part);
        assert_eq!(fs::read_dir(root.path().join(INCOMING)).unwrap().count(), 0);
    }

    #[test]
    fn a_copy_is_named_once_and_replaces_nothing() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::open(root.path()).unwrap();
        let key = Key::new("results/run_1/1/a.xlsx").unwrap();
        let put = |text: &[u8]| {
            let (part, content) = folder.part(&mut &*text).unwrap();
            let mut part = Some(part);
            folder.give_name(&key, &content, |target| name_part(&mut part, target))
        };
        assert!(matches!(put(b"cells"), Ok(Put::Stored)));
        assert!(matches!(put(b"cells"), Ok(Put::AlreadyThere)));
        assert!(matches!(put(b"other"), Err(Trouble::Taken)));
        assert_eq!(fs::read(root.path().join(key.as_str())).unwrap(), b"cells");
        assert_eq!(fs::read_dir(root.path().join(INCOMING)).unwrap().count(), 0);
    }

    #[test]
    fn where_second_names_are_impossible_the_file_is_copied() {
        for kind in [ErrorKind::CrossesDevices, ErrorKind::PermissionDenied] {
            assert!(needs_copy(&io::Error::from(kind)), "{kind:?}");
        }
        assert!(!needs_copy(&io::Error::from(ErrorKind::StorageFull)));
    }
}
