//! The catalogue's entries in the file: JSON values in a space of their own.
//!
//! | key | value |
//! |---|---|
//! | `format` | the version of the file's format |
//! | `unicode` | the version of Unicode that texts in indexes were folded by, such as `[17, 0, 0]` |
//! | `system-user` | the id of the store's own user |
//! | `dormant` | by object number: was the object not listed when the file was last open? |
//! | `next-space` | the next space that nothing ever had |
//! | `due` | are the records in the bins listed that wait for their times? |
//! | `replica` | what `replica::marker` says |
//! | `object/00000` … | what the store has decided for an object, as `catalogue::stored` draws it |
//! | `declared/00000` … | what was last declared of it, as `catalogue::declared` draws it |

use std::ops::ControlFlow;

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    catalogue::{FORMAT, FileObject, FileObjects, ObjectEntry, StoredObject},
    engine::{self, Buffer, Engine, Read, Scan, has_any, try_scan},
    error::{Error, Result, StorageError, StorageErrorKind},
    id::RecordId,
    store::{keep::CATALOGUE, replica::MARKER_KEY},
};

/// Key of the format version.
pub(super) const FORMAT_KEY: &[u8] = b"format";
/// Key of the version of Unicode.
pub(super) const UNICODE_KEY: &[u8] = b"unicode";
/// Key of the system user's id.
pub(super) const SYSTEM_USER_KEY: &[u8] = b"system-user";
/// Key of the list of objects that were not listed when the file was last open.
pub(super) const DORMANT_KEY: &[u8] = b"dormant";
/// Key of the next space that nothing ever had.
pub(super) const NEXT_SPACE_KEY: &[u8] = b"next-space";
/// Key of whether the records in the bins are listed that wait for their times.
pub(super) const DUE_KEY: &[u8] = b"due";
/// What the keys of the objects begin with.
const OBJECT_KEYS: &str = "object/";
/// What the keys of their descriptions begin with.
const DECLARED_KEYS: &str = "declared/";

/// The catalogue as the file has it.
#[derive(Default)]
pub(super) struct FileCatalogue {
    pub(super) objects: FileObjects,
    /// The version of Unicode that texts in indexes were folded by.
    pub(super) unicode: Option<(u8, u8, u8)>,
    pub(super) system_user: Option<RecordId>,
    /// Are the records in the bins listed that wait for their times?
    pub(super) lists_due: bool,
    /// What the file says of the replica whose records it holds, if it does.
    pub(super) replica: Option<String>,
}

impl FileCatalogue {
    /// Are the counters beyond all numbers that ids of this instance have in the file?
    pub(super) fn has_skipped(&self, instance: [u8; 3]) -> bool {
        self.replica.as_ref().is_none_or(|skipped| skipped.as_bytes() == instance)
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
    let (mut entries, mut descriptions) = (Vec::new(), Vec::new());
    try_scan(read, CATALOGUE, Scan::ALL, |key, value| {
        if key.starts_with(OBJECT_KEYS.as_bytes()) {
            entries.push(parse::<ObjectEntry>(key, value)?);
        } else if key.starts_with(DECLARED_KEYS.as_bytes()) {
            descriptions.push((key.to_vec(), value.to_vec()));
        } else if key == UNICODE_KEY {
            file.unicode = Some(parse(key, value)?);
        } else if key == SYSTEM_USER_KEY {
            file.system_user = Some(parse(key, value)?);
        } else if key == DORMANT_KEY {
            file.objects.dormant = parse(key, value)?;
        } else if key == NEXT_SPACE_KEY {
            file.objects.next_space = parse(key, value)?;
        } else if key == DUE_KEY {
            file.lists_due = parse(key, value)?;
        } else if key == MARKER_KEY {
            file.replica = Some(parse(key, value)?);
        }
        Ok::<_, Error>(ControlFlow::Continue(()))
    })?;
    let is_one = |entry: &ObjectEntry, key: &[u8]| key == key_of(DECLARED_KEYS, entry.number);
    let descriptions_fit = entries.len() == descriptions.len()
        && entries.iter().zip(&descriptions).all(|(entry, (key, _))| is_one(entry, key));
    if !descriptions_fit {
        return Err(Error::corrupt("the catalogue has an object without its description"));
    }
    let objects = entries.into_iter().zip(descriptions);
    let objects = objects.map(|(entry, (_, declared))| FileObject { entry, declared });
    file.objects.objects = objects.collect();
    Ok(file)
}

fn parse<T: DeserializeOwned>(key: &[u8], value: &[u8]) -> Result<T> {
    serde_json::from_slice(value).map_err(|error| {
        let key = String::from_utf8_lossy(key);
        Error::corrupt(format!("the catalogue's entry {key} cannot be read: {error}"))
    })
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

/// Writes both entries of an object.
///
/// # Errors
/// [`Error::Storage`] if they cannot be written as JSON, which cannot be.
pub(super) fn put_object(object: &StoredObject, buffer: &mut Buffer) -> Result<()> {
    let declared = object.declared.to_json()?;
    buffer.put(CATALOGUE, &key_of(DECLARED_KEYS, object.entry.number), &declared);
    put_entry(&object.entry, buffer)
}

/// Writes what the store has decided for an object.
///
/// # Errors
/// [`Error::Storage`] if it cannot be written as JSON, which cannot be.
pub(super) fn put_entry(entry: &ObjectEntry, buffer: &mut Buffer) -> Result<()> {
    put_json(&key_of(OBJECT_KEYS, entry.number), entry, buffer)
}

/// The key of an object's entry: the number has five digits, so that keys are in the order of the
/// numbers.
fn key_of(keys: &str, number: u16) -> Vec<u8> {
    format!("{keys}{number:05}").into_bytes()
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
