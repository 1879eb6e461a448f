//! Stripping: takes the fields out of records that the caller may not read, create or update.
//!
//! This is the platform's `stripInaccessible`. It has two uses. Input from elsewhere is reduced to
//! the fields that the caller may write, and records that were read in system mode are reduced to
//! the fields that a user may read.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::{
    catalogue::Object,
    definition::FieldIdx,
    error::{Call, Result},
    store::rules::{
        access::{Access, Purpose},
        input::ATTRIBUTES,
    },
};

/// What the caller needs the fields of a record for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccessType {
    /// To be read.
    Readable,
    /// To be given in a create.
    Createable,
    /// To be given in an update.
    Updateable,
    /// To be given in an upsert, which may be a create or an update.
    Upsertable,
}

/// Records without the fields that were not accessible, and the names of these fields.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Stripped {
    /// The records, in their order.
    pub records: Vec<Map<String, Json>>,
    /// The fields that were taken out of at least one record, by object, in the order of its
    /// fields.
    pub removed_fields: BTreeMap<String, Vec<String>>,
    /// The places of the records that were changed, counted from 0.
    pub modified: Vec<usize>,
}

/// Strips records of an object. Id stays in any case, and so does `attributes`, which is no field.
///
/// # Errors
/// Those of [`Access::check_call`], and of [`Access::find_fields`] for names that are no field.
pub(crate) fn strip(
    object: &Object,
    access: &Access,
    access_type: AccessType,
    mut records: Vec<Map<String, Json>>,
) -> Result<Stripped> {
    check_object(object, access, access_type)?;
    let is_accessible = |idx: FieldIdx| {
        let Some(field) = object.field(idx) else { return false };
        let may_give = |purpose| {
            !field.flags.is_describe_only() && access.may_give(object, purpose, idx, field)
        };
        idx == FieldIdx::ID
            || match access_type {
                AccessType::Readable => access.reads(object, idx),
                AccessType::Createable => may_give(Purpose::Create),
                AccessType::Updateable => may_give(Purpose::Update),
                AccessType::Upsertable => may_give(Purpose::Create) && may_give(Purpose::Update),
            }
    };
    let mut removed = vec![false; object.fields.len()];
    let mut modified = Vec::new();
    let all = Access::SYSTEM;
    for (place, record) in records.iter_mut().enumerate() {
        // A name that is no field of the object is a mistake, whatever the caller's rights are.
        all.find_fields(object, record.keys().map(String::as_str).filter(|it| *it != ATTRIBUTES))?;
        let n_fields = record.len();
        record.retain(|name, _| {
            let Some(idx) = object.find(name) else { return true };
            let is_kept = is_accessible(idx);
            if let (false, Some(removed)) = (is_kept, removed.get_mut(idx.get())) {
                *removed = true;
            }
            is_kept
        });
        if record.len() < n_fields {
            modified.push(place);
        }
    }
    let names = object.fields().filter(|(idx, _)| removed.get(idx.get()) == Some(&true));
    let names: Vec<_> = names.map(|(_, field)| field.name.clone()).collect();
    let removed_fields = Some((object.name.clone(), names)).filter(|(_, names)| !names.is_empty());
    Ok(Stripped { records, removed_fields: removed_fields.into_iter().collect(), modified })
}

/// Refuses a caller without the right to the object, who would be left with no field.
fn check_object(object: &Object, access: &Access, access_type: AccessType) -> Result<()> {
    match access_type {
        AccessType::Readable => access.check_read(object),
        AccessType::Createable => access.check_call(object, Call::Create),
        AccessType::Updateable => access.check_call(object, Call::Update),
        AccessType::Upsertable => {
            access.check_call(object, Call::Create)?;
            access.check_call(object, Call::Update)
        }
    }
}
