//! Opening a store: the file's catalogue is read, matched with the definitions, and completed.
//!
//! A new file is born with the system user, whose id is kept under `system-user`. What the mark of a
//! replica's file asks of an opening is in `replica::mark`.

use std::{
    ops::ControlFlow,
    sync::{Arc, Mutex, RwLock},
};

use serde::Serialize;

use crate::{
    catalogue::{
        Catalogue, ObjectNo,
        declared::DeclaredObject,
        problems,
        resolve::{self, Plan},
        stored::{FORMAT, StoredObject},
    },
    clock::Clock,
    engine::{Buffer, Engine, Read, Scan, Space},
    error::{Error, Result, StorageError},
    id::{KeyPrefix, RecordId},
    store::{
        Carry, Inner,
        check::default_json,
        dictionary::{self, Heads},
        evolve::{self, Evolution},
        feed,
        lease::{Counter, Leases, read_next},
        replica::mark,
        schema::{CATALOGUE, LEASES, OWN_SPACES, Table, referrers},
    },
};

/// Key of the format version.
const FORMAT_KEY: &[u8] = b"format";
/// Key of the system user's id.
const SYSTEM_USER_KEY: &[u8] = b"system-user";
/// Key of the list of objects that were not given when the file was last open.
const RESTING_KEY: &[u8] = b"resting";
/// Key of the next space that nothing ever had.
const NEXT_SPACE_KEY: &[u8] = b"next-space";
/// What the keys of the objects begin with.
const OBJECT_KEYS: &[u8] = b"object/";

/// What a store is opened with beside its objects.
pub(crate) struct Settings {
    pub(crate) clock: Box<dyn Clock>,
    pub(crate) instance: [u8; 3],
    /// Records in one step of building an index.
    pub(crate) build_step: usize,
}

/// Refuses objects that contradict themselves, before there is a file.
///
/// # Errors
/// [`Error::BadDefinition`].
pub(crate) fn check(declared: &[DeclaredObject]) -> Result<()> {
    problems::check(declared)?;
    let plan = resolve::plan(declared, &[], &[], 0)?;
    tables(&plan.stored).map(drop)
}

/// Opens a store on an engine.
///
/// # Errors
/// [`Error::BadDefinition`], [`Error::DefinitionChanged`], [`Error::NotSupported`] for a file of a
/// later format, [`Error::Corrupt`], [`Error::Storage`].
pub(crate) fn open(
    engine: Arc<dyn Engine>,
    declared: &[DeclaredObject],
    settings: Settings,
) -> Result<Inner> {
    engine.ensure_spaces(&[CATALOGUE])?;
    let file = read_catalogue(&*engine.snapshot()?)?;
    let mut plan = resolve::plan(declared, &file.objects, &file.resting, file.next_space)?;
    let catalogue = plan.catalogue(declared)?;
    settle_initial(&mut plan, &file.objects)?;
    let tables = tables(&plan.stored)?;
    let prefix = catalogue.find("User").map(|user| user.key_prefix).or(KeyPrefix::new("005"));
    let born = prefix.and_then(|prefix| RecordId::from_parts(prefix, settings.instance, 0));
    let system_user = file.system_user.or(born);
    let system_user = system_user.ok_or_else(|| Error::corrupt("there is no system user"))?;

    // What a change that was cut off left behind must not be in the way of this one.
    engine.keep_spaces(&spaces(&self::tables(&file.objects)?))?;
    {
        engine.ensure_spaces(&OWN_SPACES)?;
        let snapshot = engine.snapshot()?;
        let (catalogue, tables) = (&catalogue, &tables[..]);
        let n_known = file.objects.len();
        let is_replica = file.replica.is_some();
        Evolution { read: &*snapshot, catalogue, tables, n_known, system_user, is_replica }
            .check(&plan)?;
    }
    engine.ensure_spaces(&spaces(&tables))?;
    let is_new = file.system_user.is_none();
    let instance = settings.instance;
    let is_same = plan.changed.is_empty() && plan.resting() == file.resting;
    if is_new || !is_same || !file.has_passed(instance) {
        write_catalogue(&*engine, &plan, &file, &catalogue, &tables, system_user, instance)?;
    }
    evolve::build_indexes(&*engine, &tables, &mut plan.stored, settings.build_step)?;
    engine.keep_spaces(&spaces(&tables))?;

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
        instance,
        system_user,
        heads: RwLock::new(heads),
        carry: Mutex::new(Carry { leases: Leases::default(), sequence, stamp }),
        writer: Mutex::new(None),
    })
}

/// What old records have in a field that is added now is kept as a record would keep it, so that it
/// needs no rules when it is read.
fn settle_initial(plan: &mut Plan, old: &[StoredObject]) -> Result<()> {
    for stored in &mut plan.stored {
        let object = stored.build()?;
        let known = old.iter().find(|it| it.number == stored.number);
        for entry in &mut stored.fields {
            let is_known =
                known.is_some_and(|known| known.fields.iter().any(|it| it.slot == entry.slot));
            let field = object.find(&entry.declared.name).and_then(|idx| object.field(idx));
            if let (false, Some(field), Some(json)) = (is_known, field, &entry.initial) {
                entry.initial = Some(default_json(&object, field, json)?);
            }
        }
    }
    Ok(())
}

/// The tables of objects as the file has them, by number.
fn tables(stored: &[StoredObject]) -> Result<Vec<Table>> {
    stored.iter().map(|stored| Table::new(&stored.build()?, stored)).collect()
}

/// Every space that there is to be.
fn spaces(tables: &[Table]) -> Vec<Space> {
    OWN_SPACES.into_iter().chain(tables.iter().flat_map(Table::spaces)).collect()
}

/// The catalogue as the file has it.
#[derive(Default)]
struct FileCatalogue {
    objects: Vec<StoredObject>,
    /// By number: which objects were not given when the file was last open.
    resting: Vec<bool>,
    next_space: u16,
    system_user: Option<RecordId>,
    /// The mark of a file that holds records of a replica.
    replica: Option<String>,
}

impl FileCatalogue {
    /// Have the counters passed what the file knows of ids of this instance?
    fn has_passed(&self, instance: [u8; 3]) -> bool {
        self.replica.as_ref().is_none_or(|passed| passed.as_bytes() == instance)
    }

    /// Is an object given that was not when the file was last open?
    fn has_any_anew(&self, plan: &Plan) -> bool {
        let rested = |number| self.resting.get(number).copied().unwrap_or(true);
        plan.active.iter().enumerate().any(|(number, active)| *active && rested(number))
    }
}

fn read_catalogue(read: &dyn Read) -> Result<FileCatalogue> {
    let mut format = None;
    read.get(CATALOGUE, FORMAT_KEY, &mut |value| format = serde_json::from_slice(value).ok())?;
    let mut file = FileCatalogue::default();
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
        } else if key == RESTING_KEY {
            serde_json::from_slice(value).map(|resting| file.resting = resting)
        } else if key == NEXT_SPACE_KEY {
            serde_json::from_slice(value).map(|space| file.next_space = space)
        } else if key == mark::KEY {
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

/// Writes what differs in the catalogue, and what the records must be filled in with, at once.
fn write_catalogue(
    engine: &dyn Engine,
    plan: &Plan,
    file: &FileCatalogue,
    catalogue: &Catalogue,
    tables: &[Table],
    system_user: RecordId,
    instance: [u8; 3],
) -> Result<()> {
    write(engine, |base, buffer| {
        put_json(FORMAT_KEY, &FORMAT, buffer)?;
        put_json(SYSTEM_USER_KEY, &system_user, buffer)?;
        put_json(RESTING_KEY, &plan.resting(), buffer)?;
        put_json(NEXT_SPACE_KEY, &plan.next_space, buffer)?;
        for object in plan.changed.iter().filter_map(|number| plan.stored.get(*number)) {
            put_object(object, buffer)?;
        }
        let (n_known, is_replica) = (tables.len(), file.replica.is_some());
        let evolution =
            Evolution { read: base, catalogue, tables, n_known, system_user, is_replica };
        for (number, slot, start) in &plan.counters {
            let Some(object) = plan.stored.get(*number) else { continue };
            let counter = Counter::AutoNumber(ObjectNo(object.number), *slot);
            // What was given before, or stands there by chance, is not given again.
            let leased = read_next(counter, base)?.unwrap_or_default();
            let next = leased.max(*start).max(evolution.number_after(*number, *slot)?);
            buffer.put(LEASES, &counter.key(), &next.to_be_bytes());
        }
        // The system user's head is there from birth, so that reading for it never misses.
        let mut heads = Arc::new(Heads::load(base)?);
        dictionary::pack(&mut heads, base, buffer, system_user)?;
        if is_replica && (!file.has_passed(instance) || file.has_any_anew(plan)) {
            mark::pass_instance(base, catalogue, tables, instance, buffer)?;
        }
        evolution.fill(plan, buffer)
    })
}

/// A write of the store itself, apart from any caller: what `f` puts into the buffer is written if
/// it succeeds.
///
/// # Errors
/// Those of `f`; [`Error::Storage`].
pub(crate) fn write(
    engine: &dyn Engine,
    f: impl Fn(&dyn Read, &mut Buffer) -> Result<()>,
) -> Result<()> {
    let mut stopped = Ok(());
    engine.write(&mut |base| {
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
pub(crate) fn put_object(object: &StoredObject, buffer: &mut Buffer) -> Result<()> {
    let key = [OBJECT_KEYS, format!("{:04}", object.number).as_bytes()].concat();
    put_json(&key, object, buffer)
}

fn put_json(key: &[u8], value: &impl Serialize, buffer: &mut Buffer) -> Result<()> {
    let json = serde_json::to_vec(value).map_err(|e| Error::Storage(StorageError(Box::new(e))))?;
    buffer.put(CATALOGUE, key, &json);
    Ok(())
}
