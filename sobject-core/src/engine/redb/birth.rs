//! How a file is born: made under another name, and given its own when it is whole.
//!
//! redb writes its magic number last, so a file whose making was cut off never opens again. So a new
//! file is made beside its path, and linked to it once everything of it is synced: a process that is
//! killed leaves no file at the path, or a whole one.
//!
//! A killed process may leave the file beside the path, named like `desk.redb.4711-0.new` by its
//! process and a number. The next birth at the path removes every such file that no process has
//! open, which the locks of redb tell. A file that is just being made is open but for a moment
//! between being created and being locked. Whoever makes it looks afterwards whether its name is
//! still there, and makes another if not.
//!
//! **Invariants:** what stands at the path already is never replaced. Nothing is removed but a file
//! with such a name that nobody has open; where the platform cannot tell, it stays.

use std::{
    ffi::{OsStr, OsString},
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind},
    ops::Bound,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use redb::{StorageBackend, StorageError, backends::FileBackend};

use crate::engine::EngineError;

/// Numbers the files that this process makes.
static NUMBER: AtomicU32 = AtomicU32::new(0);
/// What the names of files end in while they are being made.
const ENDING: &str = ".new";

/// A file that is being made. It is removed unless it is finished.
#[derive(Debug)]
pub(crate) struct Birth {
    path: PathBuf,
    /// The name that the file has meanwhile.
    new: PathBuf,
}

impl Birth {
    /// Creates an empty file beside `path`, and removes those that killed processes left there.
    pub(super) fn begin(path: &Path) -> Result<(Self, File), EngineError> {
        let Some(name) = path.file_name() else {
            return Err(EngineError::Unavailable("the path names no file".into()));
        };
        // A folder that cannot be read may still take a file.
        let _ = remove_leftovers(path, name);
        loop {
            let mut new = OsString::from(name);
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            new.push(format!(".{}-{number}{ENDING}", process::id()));
            let new = path.with_file_name(new);
            match OpenOptions::new().read(true).write(true).create_new(true).open(&new) {
                Ok(file) => return Ok((Self { path: path.to_owned(), new }, file)),
                // A process that had the same number, and was killed.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => (),
                Err(error) => return Err(StorageError::Io(error).into()),
            }
        }
    }

    /// Has another process removed the file, because it found it before it was locked?
    pub(super) fn is_lost(&self) -> bool {
        let found = fs::symlink_metadata(&self.new);
        found.is_err_and(|error| error.kind() == ErrorKind::NotFound)
    }

    /// Moves the file to its path, unless something stands there: then the file is removed, and the
    /// answer is no. Every commit to the file was synced; this syncs the names.
    pub(crate) fn finish(self) -> Result<bool, EngineError> {
        self.finish_by(|new, path| fs::hard_link(new, path))
    }

    /// [`Birth::finish`] with this way to give a file a second name.
    pub(super) fn finish_by(
        self,
        hard_link: impl FnOnce(&Path, &Path) -> io::Result<()>,
    ) -> Result<bool, EngineError> {
        match self.link(hard_link) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(StorageError::Io(error).into()),
        }
    }

    fn link(&self, hard_link: impl FnOnce(&Path, &Path) -> io::Result<()>) -> io::Result<()> {
        match hard_link(&self.new, &self.path) {
            Err(error) if has_no_links(&error) => self.take_name()?,
            linked => linked?,
        }
        let _ = fs::remove_file(&self.new);
        sync_folder(&self.path)
    }

    /// Moves the file to its path where no file can have two names.
    fn take_name(&self) -> io::Result<()> {
        // A rename replaces what it finds, so an empty file takes the name first. A kill right here
        // leaves that file, which every opening refuses.
        OpenOptions::new().write(true).create_new(true).open(&self.path)?;
        let renamed = fs::rename(&self.new, &self.path);
        if renamed.is_err() {
            let _ = fs::remove_file(&self.path);
        }
        renamed
    }
}

impl Drop for Birth {
    fn drop(&mut self) {
        // After a finished birth, the name is gone already.
        let _ = fs::remove_file(&self.new);
    }
}

/// Removes the files beside `path`, whose name is `name`, that processes were making when they were
/// killed.
fn remove_leftovers(path: &Path, name: &OsStr) -> io::Result<()> {
    for entry in fs::read_dir(folder_of(path))? {
        let entry = entry?;
        if is_of_a_birth(&entry.file_name(), name) && entry.file_type()?.is_file() {
            let leftover = entry.path();
            // While the lock is held, nobody begins to use the file.
            if let Some(_lock) = lock(&leftover) {
                let _ = fs::remove_file(&leftover);
            }
        }
    }
    Ok(())
}

/// Is it the name of a file that is being made, or was, to be named `name`?
fn is_of_a_birth(file: &OsStr, name: &OsStr) -> bool {
    let Some(rest) = file.as_encoded_bytes().strip_prefix(name.as_encoded_bytes()) else {
        return false;
    };
    let numbers = std::str::from_utf8(rest).ok();
    let numbers = numbers.and_then(|rest| rest.strip_prefix('.')?.strip_suffix(ENDING));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let numbers = numbers.and_then(|numbers| numbers.split_once('-'));
    numbers.is_some_and(|(process, number)| is_number(process) && is_number(number))
}

/// Locks a file as redb does; `None` if somebody has it open, or if that cannot be told.
fn lock(path: &Path) -> Option<FileBackend> {
    let file = OpenOptions::new().read(true).write(true).open(path).ok()?;
    let backend = FileBackend::new(file).ok()?;
    let is_locked = backend.try_lock_range(Bound::Unbounded, Bound::Unbounded);
    is_locked.is_ok_and(|is_locked| is_locked).then_some(backend)
}

/// The folder that a path is in.
fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Does the file system know no second names of a file?
fn has_no_links(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::PermissionDenied)
}

/// Makes the names of a folder outlive a power cut, where the platform lets folders be synced.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder_of(path))?.sync_all()?;
    }
    Ok(())
}
