//! How a file is born: made under another name, and given its own when it is whole.
//!
//! redb writes its magic number last, so a file whose making was cut off never opens again. So a new
//! file is made beside its path, and linked to it once everything of it is synced: a process that is
//! killed leaves no file at the path, or a whole one. What it may leave beside it is a file named
//! like `desk.redb.4711-0.new`, which is in nobody's way and may be removed.
//!
//! **Invariant:** what stands at the path already is never replaced.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use redb::StorageError;

use crate::engine::EngineError;

/// Numbers the files that this process makes.
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A file that is being made. It is removed unless it is finished.
#[derive(Debug)]
pub(crate) struct Birth {
    path: PathBuf,
    /// The name that the file has meanwhile.
    new: PathBuf,
}

impl Birth {
    pub(super) fn begin(path: &Path) -> Result<(Self, File), EngineError> {
        let Some(name) = path.file_name() else {
            return Err(EngineError::Unavailable("the path names no file".into()));
        };
        loop {
            let mut new = OsString::from(name);
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            new.push(format!(".{}-{number}.new", process::id()));
            let new = path.with_file_name(new);
            match OpenOptions::new().read(true).write(true).create_new(true).open(&new) {
                Ok(file) => return Ok((Self { path: path.to_owned(), new }, file)),
                // A process that had the same number, and was killed.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => (),
                Err(error) => return Err(StorageError::Io(error).into()),
            }
        }
    }

    /// Gives the file its name, unless something has it: then the file is gone. Every commit to it
    /// was synced; this syncs the names.
    pub(crate) fn finish(self) -> Result<bool, EngineError> {
        match self.link() {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(StorageError::Io(error).into()),
        }
    }

    fn link(&self) -> io::Result<()> {
        match fs::hard_link(&self.new, &self.path) {
            Err(error) if has_no_links(&error) => {
                // The name is taken first, so that nothing else is replaced. A kill right here
                // leaves an empty file, which every opening refuses.
                OpenOptions::new().write(true).create_new(true).open(&self.path)?;
                fs::rename(&self.new, &self.path)?;
            }
            linked => linked?,
        }
        let _ = fs::remove_file(&self.new);
        sync_folder(&self.path)
    }
}

impl Drop for Birth {
    fn drop(&mut self) {
        // After a finished birth, the name is gone already.
        let _ = fs::remove_file(&self.new);
    }
}

/// Does the file system know no second names of a file?
fn has_no_links(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::PermissionDenied)
}

/// Makes the names of a folder outlive a power cut, where the platform lets folders be synced.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}
