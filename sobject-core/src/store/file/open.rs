//! Opening a store: the file's catalogue is read, matched with the definitions, and completed.
//!
//! A new file is born with the system user, whose id is kept under `system-user`, and with the heads
//! of the ids that are made here. What the marker of a replica's file asks of an opening is in
//! `replica::marker`.
//!
//! A change of the objects goes through these steps, and an opening that is cut off between two of
//! them is completed by the next: its demands are checked; spaces are made; the catalogue is written; records
//! are filled in and dropped ([`finish`]); indexes are built; spaces that are no longer needed go.
//!
//! **Invariants:** nothing is written before all demands are met. An opening that changes nothing
//! works out nothing that the file knows already.

use std::{collections::HashMap, sync::Arc};

use super::{
    build::build_indexes,
    entries::{
        DORMANT_KEY, DUE_KEY, FORMAT_KEY, FileCatalogue, NEXT_SPACE_KEY, SYSTEM_USER_KEY,
        UNICODE_KEY, put_json, put_object, read_catalogue, write,
    },
    finish::{finish, give_turns, list_due},
    migrate::Evolution,
    report::{Dropped, dropped},
    spellings::settle_spellings,
};
use crate::{
    bytes::same_text,
    catalogue::{
        Catalogue, DeclaredObject, DropOrder, FORMAT, FileObjects, Object, ObjectEntry, ObjectNo,
        Plan, Relations, StoredObject, plan,
    },
    engine::{Engine, Read, Space},
    error::{Error, Result},
    id::{KeyPrefix, RecordId},
    store::{
        keep::{BinLimits, Counter, Ids, LEASES, OWN_SPACES, Schema, Table, record_space},
        read::Layouts,
        replica::skip_instance,
        rules::{default_json, defaults_of, initial_of},
        write::Hooks,
    },
};

/// How many records a delete may take along or change, unless a program says otherwise.
pub(crate) const MAX_CASCADE: usize = 200_000;

/// What a store is opened with beside its objects.
pub(crate) struct Settings {
    pub(crate) instance: [u8; 3],
    /// Records in one step of building an index, and of other work on all records.
    pub(crate) build_step: usize,
    /// How many records a delete may take along or change beside the one that it names.
    pub(crate) max_cascade: usize,
    /// When records leave the recycle bin.
    pub(crate) bin: BinLimits,
    /// What is to be destroyed.
    pub(crate) drops: Vec<DropOrder>,
    /// Are objects of the file that are not listed to be there as they were last declared?
    pub(crate) every_object: bool,
    /// The version of Unicode that texts are folded by.
    pub(crate) unicode: (u8, u8, u8),
}

/// An opened store: the engine, the schema of the store on it, and what was destroyed.
pub(crate) struct Opened {
    pub(crate) engine: Arc<dyn Engine>,
    pub(crate) schema: Schema,
    pub(crate) dropped: Vec<Dropped>,
    /// The pages that the program has laid out.
    pub(crate) layouts: Layouts,
    /// What the program does when records are written.
    pub(crate) hooks: Hooks,
}

/// Refuses objects that contradict themselves, before there is a file.
///
/// # Errors
/// [`Error::BadDefinition`].
pub(crate) fn check(declared: Vec<DeclaredObject>) -> Result<()> {
    let plan = plan(declared, FileObjects::default(), &[], false)?;
    tables(&plan.catalogue()?, &plan.stored).map(drop)
}

/// Opens a store on an engine.
///
/// # Errors
/// [`Error::BadDefinition`], [`Error::DefinitionChanged`], [`Error::NotSupported`] for a file of a
/// later format, [`Error::Corrupt`], [`Error::Storage`].
pub(crate) fn open(
    engine: Arc<dyn Engine>,
    declared: Vec<DeclaredObject>,
    settings: &Settings,
) -> Result<Opened> {
    let step = settings.build_step;
    engine.ensure_spaces(&OWN_SPACES)?;
    let mut file = read_catalogue(&*engine.snapshot()?)?;
    finish_what_was_cut(&*engine, &mut file.objects, step)?;

    if !file.lists_due {
        let bins = bins_of(file.objects.objects.iter().map(|it| &it.entry));
        list_due(&*engine, bins.into_iter(), file.replica.is_some(), step)?;
        // Turns are older than these lists, so a file that has no turns has no lists.
        let there = file.objects.objects.iter().map(|it| &it.entry);
        let there = there.filter(|entry| entry.dropped.is_none());
        let objects =
            there.map(|it| (ObjectNo(it.number), [record_space(it.live), record_space(it.bin)]));
        give_turns(&*engine, &objects.collect::<Vec<_>>(), step)?;
    }
    let mut declared = declared;
    if settings.every_object {
        add_stored(&mut declared, &file.objects, &settings.drops)?;
    }
    let objects = std::mem::take(&mut file.objects);
    let (n_known, was_dormant) = (objects.objects.len(), objects.dormant.clone());
    let is_folded_otherwise = file.unicode.is_some_and(|unicode| unicode != settings.unicode);
    let mut plan = plan(declared, objects, &settings.drops, is_folded_otherwise)?;
    let catalogue = plan.catalogue()?;
    settle_values(&mut plan, &catalogue)?;
    let mut tables = tables(&catalogue, &plan.stored)?;
    let before = tables_before(&plan)?;

    let instance = settings.instance;
    let prefix = catalogue.find("User").and_then(|user| user.key_prefix).or(KeyPrefix::new("005"));
    let born = prefix.and_then(|prefix| RecordId::from_parts(prefix, instance, 0));
    let system_user = file.system_user.or(born);
    let system_user = system_user.ok_or_else(|| Error::corrupt("there is no system user"))?;

    // What a change that was cut off left behind must not be in the way of this one.
    let known = tables.iter().take(n_known).enumerate();
    let known = known.map(|(number, table)| before.get(&number).unwrap_or(table));
    engine.keep_spaces(&spaces(known))?;
    let is_replica = file.replica.is_some();
    let gone = {
        let (read, catalogue, tables) = (&*engine.snapshot()?, &catalogue, &*tables);
        let evolution =
            Evolution { read, catalogue, tables, n_known, system_user, is_replica, step };
        evolution.check(&plan)?;
        dropped(&evolution, &plan, &settings.drops, &before)?
    };
    let is_changed = !plan.changed.is_empty();
    if is_changed {
        engine.ensure_spaces(&spaces(tables.iter()))?;
    }
    let is_same = !is_changed
        && plan.dormant() == was_dormant
        && file.system_user.is_some()
        && file.lists_due
        && file.unicode == Some(settings.unicode)
        && file.has_skipped(instance);
    if !is_same || !has_heads(&*engine.snapshot()?, &catalogue, instance)? {
        let written = Written { plan: &plan, file: &file, catalogue: &catalogue, tables: &tables };
        write_catalogue(&*engine, &written, system_user, settings)?;
    }

    let bins = bins_of(plan.stored.iter().map(|stored| &stored.entry));
    let bin = |number: ObjectNo| bins.get(&number).copied();
    for object in catalogue.by_number() {
        let number = usize::from(object.number.0);
        let (Some(table), Some(stored)) = (tables.get_mut(number), plan.stored.get_mut(number))
        else {
            return Err(Error::corrupt(format!("{}: an object without a table", object.name)));
        };
        if finish(&*engine, object, table, &mut stored.entry, &bin, step)? {
            *table = table_of(object, stored)?;
        }
    }
    if build_indexes(&*engine, &tables, &mut plan.stored, step)? {
        tables.iter_mut().for_each(Table::complete_indexes);
    }
    if is_changed {
        engine.keep_spaces(&spaces(tables.iter()))?;
    }
    let relations = Relations::new(&catalogue);
    let (max_cascade, bin) = (settings.max_cascade, settings.bin);
    let schema = Schema { catalogue, tables, relations, instance, max_cascade, bin, system_user };
    Ok(Opened {
        engine,
        schema,
        dropped: gone,
        layouts: Layouts::default(),
        hooks: Hooks::default(),
    })
}

/// Adds the objects of the file that are neither declared nor to be dropped, as they were last
/// declared.
fn add_stored(
    declared: &mut Vec<DeclaredObject>,
    file: &FileObjects,
    drops: &[DropOrder],
) -> Result<()> {
    for object in file.objects.iter().filter(|it| it.entry.dropped.is_none()) {
        let name = &object.entry.name;
        let is_dropped =
            drops.iter().any(|drop| drop.field.is_none() && same_text(&drop.object, name));
        if !is_dropped && !declared.iter().any(|it| same_text(&it.head.name, name)) {
            declared.push(object.parse()?.declared);
        }
    }
    Ok(())
}

/// The spaces of the deleted records of the objects that were not dropped.
fn bins_of<'e>(entries: impl Iterator<Item = &'e ObjectEntry>) -> HashMap<ObjectNo, Space> {
    let there = entries.filter(|entry| entry.dropped.is_none());
    there.map(|entry| (ObjectNo(entry.number), record_space(entry.bin))).collect()
}

/// Does what an opening that was cut off has left to do.
fn finish_what_was_cut(engine: &dyn Engine, objects: &mut FileObjects, step: usize) -> Result<()> {
    let entries = objects.objects.iter().map(|file| &file.entry);
    let bins = bins_of(entries);
    for file in &mut objects.objects {
        if file.entry.is_unfinished() {
            let stored = file.parse()?;
            let object = stored.build()?;
            let table = table_of(&object, &stored)?;
            let bin = |number: ObjectNo| bins.get(&number).copied();
            finish(engine, &object, &table, &mut file.entry, &bin, step)?;
        }
    }
    Ok(())
}

/// What old records have in a field that is added or may no longer be null is kept as a record would
/// keep it, so that it needs no rules when it is read.
fn settle_values(plan: &mut Plan, catalogue: &Catalogue) -> Result<()> {
    for number in &plan.changed {
        let none = || Error::corrupt(format!("there is no object {number}"));
        let stored = plan.stored.get_mut(*number).ok_or_else(none)?;
        let object = catalogue.get(ObjectNo(stored.entry.number)).ok_or_else(none)?;
        let settle = |slot, json: &mut _| -> Result<()> {
            let none = || Error::corrupt(format!("{}: slot {slot} is no field's", object.name));
            *json = default_json(object, object.field_in(slot).ok_or_else(none)?, json)?;
            Ok(())
        };
        for value in stored.entry.filling.iter_mut().flat_map(|it| &mut it.values) {
            settle(value.slot, &mut value.value)?;
        }
        for (_, slot) in plan.added.iter().filter(|(added, _)| added == number) {
            let mut fields = stored.entry.fields.iter_mut();
            let place = fields.find(|place| place.slot == Some(*slot));
            if let Some(initial) = place.and_then(|place| place.initial.as_mut()) {
                settle(*slot, initial)?;
            }
        }
    }
    Ok(())
}

/// The tables of the objects of a catalogue, by number.
fn tables(catalogue: &Catalogue, stored: &[StoredObject]) -> Result<Vec<Table>> {
    let objects = catalogue.by_number().zip(stored);
    objects.map(|(object, stored)| table_of(object, stored)).collect()
}

/// The tables of the objects that change, as they were, by number.
fn tables_before(plan: &Plan) -> Result<HashMap<usize, Table>> {
    let table = |stored: &StoredObject| {
        Ok((usize::from(stored.entry.number), table_of(&stored.build()?, stored)?))
    };
    plan.before.iter().map(table).collect()
}

fn table_of(object: &Object, stored: &StoredObject) -> Result<Table> {
    Table::new(object, stored, defaults_of(object)?, &initial_of(object, stored)?)
}

/// Every space that there is to be.
fn spaces<'t>(tables: impl Iterator<Item = &'t Table>) -> Vec<Space> {
    OWN_SPACES.into_iter().chain(tables.flat_map(Table::spaces)).collect()
}

/// The heads of the ids that are made here.
fn own_heads(catalogue: &Catalogue, instance: [u8; 3]) -> impl Iterator<Item = [u8; 6]> {
    let ids = catalogue
        .objects()
        .filter_map(move |object| RecordId::from_parts(object.key_prefix?, instance, 0));
    ids.map(|id| id.head())
}

/// Has the dictionary the heads of the ids that are made here, as far as it has room?
fn has_heads(read: &dyn Read, catalogue: &Catalogue, instance: [u8; 3]) -> Result<bool> {
    let ids = Ids::load(read)?;
    Ok(ids.is_full() || own_heads(catalogue, instance).all(|head| ids.head_number(head).is_some()))
}

/// What is written of a catalogue.
struct Written<'w> {
    plan: &'w Plan,
    file: &'w FileCatalogue,
    catalogue: &'w Catalogue,
    tables: &'w [Table],
}

/// Writes what differs in the catalogue, with what is left to do on the records.
fn write_catalogue(
    engine: &dyn Engine,
    written: &Written<'_>,
    system_user: RecordId,
    settings: &Settings,
) -> Result<()> {
    let Written { plan, file, catalogue, tables } = *written;
    let instance = settings.instance;
    write(engine, |base, buffer| {
        put_json(FORMAT_KEY, &FORMAT, buffer)?;
        put_json(UNICODE_KEY, &settings.unicode, buffer)?;
        put_json(SYSTEM_USER_KEY, &system_user, buffer)?;
        put_json(DUE_KEY, &true, buffer)?;
        put_json(DORMANT_KEY, &plan.dormant(), buffer)?;
        put_json(NEXT_SPACE_KEY, &plan.next_space, buffer)?;
        for number in &plan.changed {
            let none = || Error::corrupt(format!("there is no object {number}"));
            put_object(plan.stored.get(*number).ok_or_else(none)?, buffer)?;
        }
        let (n_known, is_replica) = (tables.len(), file.replica.is_some());
        let (read, step) = (base, settings.build_step);
        let evolution =
            Evolution { read, catalogue, tables, n_known, system_user, is_replica, step };
        for (number, slot, start) in &plan.counters {
            let object = u16::try_from(*number).map_err(|_| Error::corrupt("too many objects"))?;
            let counter = Counter::AutoNumber(ObjectNo(object), *slot);
            // What was given before, or stands there by chance, is not given again.
            let leased = counter.next(base)?.unwrap_or_default();
            let next = leased.max(*start).max(evolution.number_after(*number, *slot)?);
            buffer.put(LEASES, &counter.key(), &next.to_be_bytes());
        }
        let is_folded_otherwise = file.unicode.is_some_and(|unicode| unicode != settings.unicode);
        settle_spellings(plan, is_folded_otherwise, base, buffer)?;
        // Heads of ids that are made here are there from birth, so that no write has to add one, and
        // reading for the system user never misses.
        let mut ids = Ids::load(base)?;
        ids.pack(base, buffer, system_user)?;
        for head in own_heads(catalogue, instance) {
            ids.number_head(buffer, head);
        }
        if is_replica && !file.has_skipped(instance) {
            skip_instance(base, catalogue, tables, &ids, instance, buffer)?;
        }
        Ok(())
    })
}
