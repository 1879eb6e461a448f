//! What the programs over an org have in common: which org their options name, and how they end.

use std::{io, path::Path, process::ExitCode};

use chrono::{DateTime, Utc};

use super::{
    desk,
    folder::{Org, Outcome},
};

/// The org that the options of a program name: a folder, a store file, or neither of them.
///
/// # Errors
/// Whatever is wrong with the folder or the file.
pub(crate) fn org_of(
    data: Option<&Path>,
    store: Option<&Path>,
    now: Option<DateTime<Utc>>,
) -> Outcome<Org> {
    match (data, store) {
        (Some(dir), store) => Org::load(dir, store, now),
        (None, Some(store)) => Org::open(store, now),
        (None, None) => desk::load(now),
    }
}

/// The exit status of a program, which says on standard error what went wrong.
pub(crate) fn status_of(program: &str, ended: Outcome<ExitCode>) -> ExitCode {
    match ended {
        Ok(code) => code,
        // The reader has closed the pipe, as `head` does, and wants no more.
        Err(error)
            if error.downcast_ref().map(io::Error::kind) == Some(io::ErrorKind::BrokenPipe) =>
        {
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{program}: {error}");
            ExitCode::from(2)
        }
    }
}
