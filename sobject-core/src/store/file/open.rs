//! Opening a store: the file's catalogue is read, matched with the definitions, and completed.
//!
//! A new file is born with the system user, whose id is kept under `system-user`, and with the heads
//! of the ids that are made here. What the marker of a replica's file asks of an opening is in
//! `replica::marker`.

use std::sync::Arc;

use super::{
    build::build_indexes,
    entries::{
        DORMANT_KEY, FORMAT_KEY, FileCatalogue, NEXT_SPACE_KEY, SYSTEM_USER_KEY, put_json,
        put_object, read_catalogue, write,
    },
    migrate::Evolution,
};
use crate::{
    catalogue::{
        self, Catalogue, DeclaredObject, FORMAT, ObjectNo, Plan, Relations, StoredObject, plan,
    },
    engine::{Engine, Read, Space},
    error::{Error, Result},
    id::{KeyPrefix, RecordId},
    store::{
        keep::{CATALOGUE, Counter, Ids, LEASES, OWN_SPACES, Schema, Table},
        replica::pass_instance,
        rules::{default_json, defaults_of, initial_of},
    },
};

/// What a store is opened with beside its objects.
pub(crate) struct Settings {
    pub(crate) instance: [u8; 3],
    /// Records in one step of building an index.
    pub(crate) build_step: usize,
}

/// What an opening gives: the engine, and the schema of the store on it.
pub(crate) struct Opened {
    pub(crate) engine: Arc<dyn Engine>,
    pub(crate) schema: Schema,
}

/// Refuses objects that contradict themselves, before there is a file.
///
/// # Errors
/// [`Error::BadDefinition`].
pub(crate) fn check(declared: &[DeclaredObject]) -> Result<()> {
    catalogue::check(declared)?;
    let plan = plan(declared, &[], &[], 0)?;
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
    settings: &Settings,
) -> Result<Opened> {
    engine.ensure_spaces(&[CATALOGUE])?;
    let file = read_catalogue(&*engine.snapshot()?)?;
    let mut plan = plan(declared, &file.objects, &file.dormant, file.next_space)?;
    let catalogue = plan.catalogue(declared)?;
    settle_initial(&mut plan, &file.objects)?;
    let tables = tables(&plan.stored)?;
    let instance = settings.instance;
    let prefix = catalogue.find("User").map(|user| user.key_prefix).or(KeyPrefix::new("005"));
    let born = prefix.and_then(|prefix| RecordId::from_parts(prefix, instance, 0));
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
    let is_same = plan.changed.is_empty() && plan.dormant() == file.dormant;
    let has_heads = has_heads(&*engine.snapshot()?, &catalogue, instance)?;
    if is_new || !is_same || !has_heads || !file.has_passed(instance) {
        write_catalogue(&*engine, &plan, &file, &catalogue, &tables, system_user, instance)?;
    }
    build_indexes(&*engine, &tables, &mut plan.stored, settings.build_step)?;
    // The indexes are complete now.
    let tables = self::tables(&plan.stored)?;
    engine.keep_spaces(&spaces(&tables))?;
    let relations = Relations::new(&catalogue);
    let schema = Schema { catalogue, tables, relations, instance, system_user };
    Ok(Opened { engine, schema })
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
    let table = |stored: &StoredObject| {
        let object = stored.build()?;
        let (defaults, initial) = (defaults_of(&object)?, initial_of(&object, stored)?);
        Table::new(&object, stored, defaults, &initial)
    };
    stored.iter().map(table).collect()
}

/// Every space that there is to be.
fn spaces(tables: &[Table]) -> Vec<Space> {
    OWN_SPACES.into_iter().chain(tables.iter().flat_map(Table::spaces)).collect()
}

/// The heads of the ids that are made here.
fn own_heads(catalogue: &Catalogue, instance: [u8; 3]) -> impl Iterator<Item = [u8; 6]> {
    let ids = catalogue
        .objects()
        .filter_map(move |object| RecordId::from_parts(object.key_prefix, instance, 0));
    ids.map(|id| id.head())
}

/// Has the dictionary the heads of the ids that are made here, as far as it has room?
fn has_heads(read: &dyn Read, catalogue: &Catalogue, instance: [u8; 3]) -> Result<bool> {
    let ids = Ids::load(read)?;
    Ok(ids.is_full() || own_heads(catalogue, instance).all(|head| ids.head_number(head).is_some()))
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
        put_json(DORMANT_KEY, &plan.dormant(), buffer)?;
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
            let leased = counter.next(base)?.unwrap_or_default();
            let next = leased.max(*start).max(evolution.number_after(*number, *slot)?);
            buffer.put(LEASES, &counter.key(), &next.to_be_bytes());
        }
        // Heads of ids that are made here are there from birth, so that no write has to add one, and
        // reading for the system user never misses.
        let mut ids = Ids::load(base)?;
        ids.pack(base, buffer, system_user)?;
        for head in own_heads(catalogue, instance) {
            ids.number_head(buffer, head);
        }
        if is_replica && !file.has_passed(instance) {
            pass_instance(base, catalogue, tables, &ids, instance, buffer)?;
        }
        evolution.fill(plan, buffer)
    })
}
