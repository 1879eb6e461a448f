//! Opening a store: the file's catalogue is read, matched with the definitions, and completed.
//!
//! A new file is born with the system user, whose id is kept under `system-user`.

use std::{
    ops::ControlFlow,
    sync::{Arc, Mutex, RwLock},
};

use crate::{
    catalogue::{
        resolve::{Resolved, resolve},
        stored::{FORMAT, StoredObject},
    },
    clock::Clock,
    definition::Definition,
    engine::{Buffer, Engine, EngineError, Read, Scan},
    error::{Error, Result, StorageError},
    id::{KeyPrefix, RecordId},
    store::{
        Carry, Inner,
        dictionary::{self, Heads},
        feed,
        lease::Leases,
        schema::{CATALOGUE, OWN_SPACES, Table, referrers},
    },
};

/// Key of the format version.
const FORMAT_KEY: &[u8] = b"format";
/// Key of the system user's id.
const SYSTEM_USER_KEY: &[u8] = b"system-user";
/// What the keys of the objects begin with.
const OBJECT_KEYS: &[u8] = b"object/";

/// What a store is opened with beside its objects.
pub(crate) struct Settings {
    pub(crate) clock: Box<dyn Clock>,
    pub(crate) instance: [u8; 3],
}

/// Opens a store on an engine.
///
/// # Errors
/// [`Error::BadDefinition`], [`Error::DefinitionChanged`], [`Error::NotSupported`] for a file of a
/// later format, [`Error::Corrupt`], [`Error::Storage`].
pub(crate) fn open(
    engine: Arc<dyn Engine>,
    definitions: &[&Definition],
    settings: Settings,
) -> Result<Inner> {
    engine.ensure_spaces(&[CATALOGUE])?;
    let file = read_catalogue(&*engine.snapshot()?)?;
    let Resolved { catalogue, stored, n_known } = resolve(definitions, file.objects)?;
    let tables: Vec<_> = catalogue
        .objects()
        .iter()
        .zip(&stored)
        .map(|(object, stored)| Table::new(object, stored))
        .collect();
    let spaces: Vec<_> =
        OWN_SPACES.into_iter().chain(tables.iter().flat_map(Table::spaces)).collect();
    engine.ensure_spaces(&spaces)?;

    let prefix = catalogue.find("User").map(|user| user.key_prefix).or(KeyPrefix::new("005"));
    let born = prefix.and_then(|prefix| RecordId::from_parts(prefix, settings.instance, 0));
    let system_user = file.system_user.or(born);
    let system_user = system_user.ok_or_else(|| Error::corrupt("there is no system user"))?;
    if n_known < stored.len() || file.system_user.is_none() {
        write_catalogue(&*engine, &stored[n_known..], system_user)?;
    }

    let snapshot = engine.snapshot()?;
    let heads = Arc::new(Heads::load(&*snapshot)?);
    let (sequence, stamp) = feed::end(&*snapshot)?;
    drop(snapshot);
    Ok(Inner {
        referrers: referrers(&catalogue, &tables),
        engine,
        catalogue,
        tables,
        clock: settings.clock,
        instance: settings.instance,
        system_user,
        heads: RwLock::new(heads),
        carry: Mutex::new(Carry { leases: Leases::default(), sequence, stamp }),
        writer: Mutex::new(None),
    })
}

/// The catalogue as the file has it.
struct FileCatalogue {
    objects: Vec<StoredObject>,
    system_user: Option<RecordId>,
}

fn read_catalogue(read: &dyn Read) -> Result<FileCatalogue> {
    let mut format = None;
    read.get(CATALOGUE, FORMAT_KEY, &mut |value| format = serde_json::from_slice(value).ok())?;
    let mut file = FileCatalogue { objects: Vec::new(), system_user: None };
    match format {
        None if read.len(CATALOGUE)? == 0 => return Ok(file),
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

fn write_catalogue(engine: &dyn Engine, new: &[StoredObject], system_user: RecordId) -> Result<()> {
    let json = |value: &dyn Fn() -> serde_json::Result<Vec<u8>>| {
        value().map_err(|error| Error::Storage(StorageError(Box::new(error))))
    };
    let mut entries = vec![
        (FORMAT_KEY.to_vec(), json(&|| serde_json::to_vec(&FORMAT))?),
        (SYSTEM_USER_KEY.to_vec(), json(&|| serde_json::to_vec(&system_user))?),
    ];
    for object in new {
        let key = [OBJECT_KEYS, format!("{:04}", object.number).as_bytes()].concat();
        entries.push((key, json(&|| serde_json::to_vec(object))?));
    }
    engine.write(&mut |base| {
        let mut buffer = Buffer::default();
        for (key, value) in &entries {
            buffer.put(CATALOGUE, key, value);
        }
        let mut heads = Arc::new(Heads::load(base).map_err(|error| EngineError(Box::new(error)))?);
        // The system user's head is there from birth, so that reading for it never misses.
        dictionary::pack(&mut heads, base, &mut buffer, system_user)
            .map_err(|error| EngineError(Box::new(error)))?;
        Ok(buffer)
    })?;
    Ok(())
}
