//! The catalogue's entries in the file: JSON values in a space of their own.
//!
//! | key | value |
//! |---|---|
//! | `format` | the version of the file's format |
//! | `system-user` | the id of the store's own user |
//! | `dormant` | by object number: was the object not listed when the file was last open? |
//! | `next-space` | the next space that nothing ever had |
//! | `replica` | what `replica::marker` says |
//! | `object/0000` … | an object, as `catalogue::stored` draws it |

use std::ops::ControlFlow;

use serde::Serialize;

use crate::{
    catalogue::{FORMAT, StoredObject},
    engine::{self, Buffer, Engine, Read, Scan, has_any},
    error::{Error, Result, StorageError, StorageErrorKind},
    id::RecordId,
    store::{keep::CATALOGUE, replica::MARKER_KEY},
};

/// Key of the format version.
pub(super) const FORMAT_KEY: &[u8] = b"format";
/// Key of the system user's id.
pub(super) const SYSTEM_USER_KEY: &[u8] = b"system-user";
/// Key of the list of objects that were not listed when the file was last open.
pub(super) const DORMANT_KEY: &[u8] = b"dormant";
/// Key of the next space that nothing ever had.
pub(super) const NEXT_SPACE_KEY: &[u8] = b"next-space";
/// What the keys of the objects begin with.
const OBJECT_KEYS: &[u8] = b"object/";

/// The catalogue as the file has it.
#[derive(Default)]
pub(super) struct FileCatalogue {
    pub(super) objects: Vec<StoredObject>,
    /// By number: which objects were not listed when the file was last open.
    pub(super) dormant: Vec<bool>,
    pub(super) next_space: u16,
    pub(super) system_user: Option<RecordId>,
    /// The mark of a file that holds records of a replica.
    pub(super) replica: Option<String>,
}

impl FileCatalogue {
    /// Have the counters passed what the file knows of ids of this instance?
    pub(super) fn has_passed(&self, instance: [u8; 3]) -> bool {
        self.replica.as_ref().is_none_or(|passed| passed.as_bytes() == instance)
    }
}

/// Reads the catalogue's entries.
///
/// # Errors
/// [`Error::NotSupported`] for a file of another format; [`Error::Corrupt`], [`Error::Storage`].
pub(super) fn read_catalogue(read: &dyn Read) -> Result<FileCatalogue> {
    let mut format = None;
    read.get(CATALOGUE, FORMAT_KEY, &mut |value| format = serde_json::from_slice(value).ok())?;
    let mut file = FileCatalogue::default();
    match format {
        None if !has_any(read, CATALOGUE)? => return Ok(file),
        Some(FORMAT) => (),
        Some(format) => {
            return Err(Error::NotSupported {
                object: String::new(),
                what: format!("a file of format {format}; this version reads format {FORMAT}"),
            });
        }
        None => return Err(Error::corrupt("the file is not a store")),
    }
    let mut broken = None;
    read.scan(CATALOGUE, Scan::ALL, &mut |key, value| {
        let parsed = if key.starts_with(OBJECT_KEYS) {
            serde_json::from_slice(value).map(|object| file.objects.push(object))
        } else if key == SYSTEM_USER_KEY {
            serde_json::from_slice(value).map(|id| file.system_user = Some(id))
        } else if key == DORMANT_KEY {
            serde_json::from_slice(value).map(|dormant| file.dormant = dormant)
        } else if key == NEXT_SPACE_KEY {
            serde_json::from_slice(value).map(|space| file.next_space = space)
        } else if key == MARKER_KEY {
            serde_json::from_slice(value).map(|instance| file.replica = Some(instance))
        } else {
            Ok(())
        };
        broken = parsed.err().map(|error| (String::from_utf8_lossy(key).into_owned(), error));
        if broken.is_none() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    match broken {
        Some((key, error)) => {
            Err(Error::corrupt(format!("the catalogue's entry {key} cannot be read: {error}")))
        }
        None => Ok(file),
    }
}

/// A write of the store itself, apart from any caller: what `f` puts into the buffer is written if
/// it succeeds.
///
/// # Errors
/// Those of `f`; [`Error::Storage`].
pub(super) fn write(
    engine: &dyn Engine,
    f: impl Fn(&dyn Read, &mut Buffer) -> Result<()>,
) -> Result<()> {
    let mut stopped = Ok(());
    engine::write(engine, &mut |base| {
        let mut buffer = Buffer::default();
        stopped = f(base, &mut buffer);
        Ok(if stopped.is_ok() { buffer } else { Buffer::default() })
    })?;
    stopped
}

/// Writes an object's entry.
///
/// # Errors
/// [`Error::Storage`] if it cannot be written as JSON, which cannot be.
pub(super) fn put_object(object: &StoredObject, buffer: &mut Buffer) -> Result<()> {
    let key = [OBJECT_KEYS, format!("{:04}", object.number).as_bytes()].concat();
    put_json(&key, object, buffer)
}

/// Writes one entry.
///
/// # Errors
/// [`Error::Storage`] if it cannot be written as JSON, which cannot be.
pub(super) fn put_json(key: &[u8], value: &impl Serialize, buffer: &mut Buffer) -> Result<()> {
    let json = serde_json::to_vec(value)
        .map_err(|error| Error::Storage(StorageError::new(StorageErrorKind::Other, error)))?;
    buffer.put(CATALOGUE, key, &json);
    Ok(())
}
