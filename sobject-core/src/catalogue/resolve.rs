//! From definitions and the file's catalogue to the catalogue of an open store.
//!
//! Objects that the file has keep their numbers, slots and spaces; new ones get the next free.
//! Fields are matched by name, so their order in the struct may change freely. Any other change
//! of a definition is refused in words, and the file stays as it is.

use std::collections::HashSet;

use crate::{
    catalogue::{
        Catalogue, Field, Object, ObjectNo, RecordSpaces, Slot, StoredField,
        autonumber::AutoNumber,
        stored::{DeclaredField, FieldEntry, ObjectHead, StoredObject},
    },
    definition::{Calls, Definition, FieldDefinition, FieldIdx, SYSTEM_FIELDS},
    error::{Error, Result},
    id::KeyPrefix,
    value::{FieldType, Storage},
};

/// The first space that belongs to an object; those below are the store's own.
pub(crate) const FIRST_OBJECT_SPACE: u16 = 16;

/// Longest text that a field may hold, in characters.
const MAX_LENGTH: u32 = 131_072;
/// Most digits that an int may have.
const MAX_DIGITS: u8 = 9;

/// The catalogue of a store, and the objects that the file does not have yet.
pub(crate) struct Resolved {
    pub(crate) catalogue: Catalogue,
    /// Every object as the file keeps it, by number.
    pub(crate) stored: Vec<StoredObject>,
    /// How many of them the file has already.
    pub(crate) n_known: usize,
}

/// Matches definitions with the objects of the file, which are ordered by number.
///
/// # Errors
/// [`Error::BadDefinition`], [`Error::DefinitionChanged`], [`Error::Corrupt`].
pub(crate) fn resolve(
    definitions: &[&Definition],
    mut stored: Vec<StoredObject>,
) -> Result<Resolved> {
    check_together(definitions)?;
    let n_known = stored.len();
    for old in &stored {
        let definition = definitions.iter().find(|it| it.name == old.head.name);
        let changes = match definition {
            Some(definition) => old.differences(definition),
            None => vec!["the file has the object, but it was not given to open it".to_owned()],
        };
        if !changes.is_empty() {
            return Err(Error::DefinitionChanged { object: old.head.name.clone(), changes });
        }
    }
    let mut next_space = stored.iter().map(first_free_space).fold(FIRST_OBJECT_SPACE, u16::max);
    for definition in definitions {
        if !stored.iter().any(|old| old.head.name == definition.name) {
            let number = u16::try_from(stored.len()).map_err(|_| too_many(definition))?;
            stored.push(number_object(definition, number, &mut next_space)?);
        }
    }
    let mut objects = Vec::with_capacity(stored.len());
    for old in &stored {
        if usize::from(old.number) != objects.len() {
            return Err(Error::corrupt("the numbers of the objects have gaps"));
        }
        let definition = definitions.iter().find(|it| it.name == old.head.name);
        let definition =
            definition.ok_or_else(|| Error::corrupt("an object without definition"))?;
        objects.push(build(definition, old)?);
    }
    Ok(Resolved { catalogue: Catalogue::new(objects), stored, n_known })
}

fn first_free_space(object: &StoredObject) -> u16 {
    let indexes = object.fields.iter().filter_map(|field| field.index);
    indexes.chain([object.live, object.bin]).max().unwrap_or(0).saturating_add(1)
}

fn too_many(definition: &Definition) -> Error {
    let problems = vec!["the store has no numbers left for its records and indexes".to_owned()];
    Error::BadDefinition { object: definition.name.to_owned(), problems }
}

/// Gives a new object its slots and spaces.
fn number_object(
    definition: &Definition,
    number: u16,
    next_space: &mut u16,
) -> Result<StoredObject> {
    let mut take_space = || -> Result<u16> {
        let space = *next_space;
        *next_space = space.checked_add(1).ok_or_else(|| too_many(definition))?;
        Ok(space)
    };
    let (live, bin) = (take_space()?, take_space()?);
    let mut fields = Vec::with_capacity(definition.fields.len());
    let mut next_slot = SYSTEM_SLOTS.end;
    for field in definition.fields {
        let slot = (!field.flags.is_per_caller()).then_some(next_slot);
        if slot.is_some() {
            next_slot += 1;
        }
        let index = if is_indexed(field) { Some(take_space()?) } else { None };
        fields.push(FieldEntry { declared: DeclaredField::from(field), slot, index });
    }
    let layouts = vec![(0..next_slot).collect()];
    Ok(StoredObject { number, live, bin, head: ObjectHead::from(definition), fields, layouts })
}

/// The slots of the system fields that rows hold: those from CreatedDate to SystemModstamp.
const SYSTEM_SLOTS: std::ops::Range<Slot> = 0..5;

/// The slot of a system field that rows hold.
pub(crate) const fn system_slot(idx: FieldIdx) -> Slot {
    idx.0 - FieldIdx::CREATED_DATE.0
}

/// References, names and lookups have an index. The references of the system fields have none:
/// the users that they name cannot be deleted, so nothing needs to find them backwards.
fn is_indexed(field: &FieldDefinition) -> bool {
    field.field_type == FieldType::Reference
        || field.flags.is_name_field()
        || field.flags.is_id_lookup()
}

/// Puts an object together from its definition and what the file says of it.
fn build(definition: &Definition, old: &StoredObject) -> Result<Object> {
    let bad = |problem: String| Error::BadDefinition {
        object: definition.name.to_owned(),
        problems: vec![problem],
    };
    let mut fields = Vec::with_capacity(SYSTEM_FIELDS.len() + definition.fields.len());
    for (place, field) in (0..).map(FieldIdx).zip(SYSTEM_FIELDS) {
        let stored = match (place, field.field_type.storage()) {
            (FieldIdx::ID | FieldIdx::IS_DELETED, _) | (_, None) => None,
            (_, Some(storage)) => {
                Some(StoredField { slot: system_slot(place), storage, index: None })
            }
        };
        fields.push(Field::new(field, None, stored));
    }
    if let Some(id) = fields.first_mut() {
        id.label = format!("{} ID", definition.label);
    }
    for field in definition.fields {
        let entry = old.fields.iter().find(|entry| entry.declared.name == field.name);
        let entry = entry.ok_or_else(|| Error::corrupt("a field without an entry"))?;
        let storage = field.field_type.storage();
        let stored = entry.slot.zip(storage).map(|(slot, storage)| StoredField {
            slot,
            storage,
            index: entry.index,
        });
        let autonumber = field.autonumber.map(AutoNumber::parse).transpose().map_err(bad)?;
        fields.push(Field::new(field, autonumber, stored));
    }
    let prefix = KeyPrefix::new(definition.key_prefix);
    Ok(Object::new(
        ObjectNo(old.number),
        [definition.name, definition.label, definition.plural],
        prefix.ok_or_else(|| bad("the key prefix is not three letters or digits".to_owned()))?,
        definition.calls,
        fields,
        RecordSpaces { live: old.live, bin: old.bin },
    ))
}

/// Checks the definitions one by one and against each other.
fn check_together(definitions: &[&Definition]) -> Result<()> {
    let mut names = HashSet::new();
    let mut prefixes = HashSet::new();
    for definition in definitions {
        let mut problems = problems_of(definition);
        if !names.insert(definition.name.to_ascii_lowercase()) {
            problems.push("another object has the same name".to_owned());
        }
        if !prefixes.insert(definition.key_prefix) {
            problems.push(format!("another object has the key prefix {}", definition.key_prefix));
        }
        if !problems.is_empty() {
            return Err(Error::BadDefinition { object: definition.name.to_owned(), problems });
        }
    }
    Ok(())
}

/// What contradicts itself in a definition, a sentence each.
///
/// The derive finds all of this at compile time; a definition written by hand meets it here.
fn problems_of(definition: &Definition) -> Vec<String> {
    let mut problems = Vec::new();
    if !is_api_name(definition.name) {
        problems.push(format!("`{}` is not an API name", definition.name));
    }
    if KeyPrefix::new(definition.key_prefix).is_none() {
        problems.push(format!(
            "the key prefix `{}` is not three of 0-9, A-Z and a-z",
            definition.key_prefix
        ));
    }
    let mut names: HashSet<String> =
        SYSTEM_FIELDS.iter().map(|field| field.name.to_ascii_lowercase()).collect();
    for field in definition.fields {
        if !is_api_name(field.name) {
            problems.push(format!("`{}` is not an API name", field.name));
        }
        if !names.insert(field.name.to_ascii_lowercase()) {
            problems.push(format!("field {} is there twice, or is a system field", field.name));
        }
        push_field_problems(field, definition.calls, &mut problems);
    }
    if definition.fields.iter().filter(|field| field.flags.is_name_field()).count() > 1 {
        problems.push("more than one field is the name field".to_owned());
    }
    problems
}

fn push_field_problems(field: &FieldDefinition, calls: Calls, problems: &mut Vec<String>) {
    let flags = field.flags;
    let mut problem = |wrong: bool, what: &str| {
        if wrong {
            problems.push(format!("field {}: {what}", field.name));
        }
    };
    let storage = field.field_type.storage();
    problem(storage.is_none(), &format!("the type {} is not supported", field.field_type.name()));
    problem(field.field_type == FieldType::Id, "only the system field Id has the type id");
    problem(
        (field.field_type == FieldType::Reference) == field.references.is_empty(),
        "a reference, and nothing else, names the objects that it leads to",
    );
    problem(field.length > MAX_LENGTH, "the length is more than 131072 characters");
    problem(field.digits > MAX_DIGITS, "an int has at most 9 digits");
    problem(field.length > 0 && storage != Some(Storage::Text), "only text has a length");
    problem(field.digits > 0 && storage != Some(Storage::Int), "only an int has digits");
    if let Some(format) = field.autonumber {
        problem(storage != Some(Storage::Text), "an auto-number is a string");
        problem(
            flags.is_create() || flags.is_update(),
            "an auto-number is given by the store, so it has neither create nor update",
        );
        if let Err(reason) = AutoNumber::parse(format) {
            problem(true, &reason);
        }
    }
    if flags.is_per_caller() {
        problem(
            !matches!(field.name, "LastViewedDate" | "LastReferencedDate")
                || field.field_type != FieldType::DateTime,
            "only the date-times LastViewedDate and LastReferencedDate are per caller",
        );
        problem(
            !flags.is_nillable() || flags.is_create() || flags.is_update(),
            "a per-caller field is nillable, and has neither create nor update",
        );
    }
    let has_default =
        field.autonumber.is_some() || field.field_type == FieldType::Boolean || is_owner(field);
    problem(
        flags.is_defaulted_on_create() && !has_default,
        "defaulted on create is not supported here: the store has defaults for booleans (false), \
         auto-numbers and OwnerId (the caller) only",
    );
    problem(
        calls.is_create()
            && !flags.is_create()
            && !flags.is_nillable()
            && !flags.is_defaulted_on_create(),
        "no record could be created: the field is required, but cannot be given on create",
    );
}

/// OwnerId, which the caller becomes when a create leaves it out.
fn is_owner(field: &FieldDefinition) -> bool {
    field.name == "OwnerId" && field.references.contains(&"User")
}

/// A letter, then letters, digits and single underscores, not ending in one; custom names end in
/// `__c`.
fn is_api_name(name: &str) -> bool {
    let plain = name.strip_suffix("__c").unwrap_or(name);
    plain.starts_with(|c: char| c.is_ascii_alphabetic())
        && plain.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !plain.ends_with('_')
        && !plain.contains("__")
}
