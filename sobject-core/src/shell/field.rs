//! Handles: a value for each field that names it in filters and orders. The handle's type says
//! which object the field is of, what it holds, and whether it may be filtered, grouped and sorted
//! by.

use std::{fmt, marker::PhantomData};

use chrono::{DateTime, Utc};

use super::query::{Own, Way};
use crate::{
    definition::{Definition, FieldIdx},
    id::{Id, RecordId},
    permissions::FieldName,
    shell::sobject::SObject,
};

/// The field has the property.
#[derive(Debug)]
pub enum Yes {}

/// The field lacks the property.
#[derive(Debug)]
pub enum No {}

/// A field of the object `O` that holds a `T`; `F`, `G` and `S` are [`Yes`] or [`No`] for filter,
/// group and sort.
///
/// `X::FIELDS` holds the handles of an object `X`. With [`Through`](crate::Through) as its way, it is a field of a
/// record that references lead to from the object: [`Field::to`] makes such a handle.
pub struct Field<O, T, F, G, S, W = Own> {
    idx: FieldIdx,
    way: W,
    types: PhantomData<Types<O, T, F, G, S>>,
}

/// A function type, so that a handle is Send, Sync and 'static even if its parameters are not.
type Types<O, T, F, G, S> = fn() -> (O, T, F, G, S);

impl<O, T, F, G, S> Field<O, T, F, G, S> {
    /// The handle of the field declared at place `n`, counted from 0. Only generated code calls
    /// this: nothing checks that the type parameters fit the field.
    #[doc(hidden)]
    pub const fn declared(n: u16) -> Self {
        Self::new(FieldIdx::declared(n))
    }

    /// The handle of the field at `idx`.
    const fn new(idx: FieldIdx) -> Self {
        Self { idx, way: Own, types: PhantomData }
    }
}

impl<O, T, F, G, S, W> Field<O, T, F, G, S, W> {
    /// A handle of a field to which references lead.
    pub(super) const fn by_way(idx: FieldIdx, way: W) -> Self {
        Self { idx, way, types: PhantomData }
    }

    /// The number of the field in its own object, system fields first.
    pub const fn idx(&self) -> FieldIdx {
        self.idx
    }
}

impl<O: SObject, T, F, G, S, W: Way> Field<O, T, F, G, S, W> {
    /// The field's API name.
    pub fn name(&self) -> &'static str {
        field_name(self.object(), self.idx)
    }

    /// The definition of the object that has the field.
    pub(super) fn object(&self) -> &'static Definition {
        self.way.object().unwrap_or(O::OBJECT)
    }

    /// The names of the relationships that lead to it.
    pub(super) fn parents(&self) -> &[&'static str] {
        self.way.parents()
    }
}

impl<O: SObject, T, F, G, S> From<Field<O, T, F, G, S>> for FieldName {
    fn from(field: Field<O, T, F, G, S>) -> Self {
        Self { object: O::NAME.to_owned(), field: field.name().to_owned() }
    }
}

/// The API name of a field of an object.
fn field_name(object: &'static Definition, idx: FieldIdx) -> &'static str {
    crate::definition::SYSTEM_FIELDS
        .iter()
        .chain(object.fields)
        .nth(idx.get())
        .map_or("", |field| field.name)
}

impl<O, T, F, G, S, W: Copy> Clone for Field<O, T, F, G, S, W> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<O, T, F, G, S, W: Copy> Copy for Field<O, T, F, G, S, W> {}

impl<O: SObject, T, F, G, S, W: Way> fmt::Debug for Field<O, T, F, G, S, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(O::NAME)?;
        for parent in self.parents() {
            write!(f, ".{parent}")?;
        }
        write!(f, ".{}", self.name())
    }
}

/// Holds for fields that may stand in a filter.
#[diagnostic::on_unimplemented(
    message = "this field cannot be filtered",
    label = "not a `filter` field",
    note = "if its object page says Filter, add `filter` to its `#[field(..)]`"
)]
pub trait Filterable {}

#[diagnostic::do_not_recommend]
impl Filterable for Yes {}

/// Holds for fields that may be grouped by.
#[diagnostic::on_unimplemented(
    message = "this field cannot be grouped by",
    label = "not a `group` field",
    note = "if its object page says Group, add `group` to its `#[field(..)]`"
)]
pub trait Groupable {}

#[diagnostic::do_not_recommend]
impl Groupable for Yes {}

/// Holds for fields that may be sorted by.
#[diagnostic::on_unimplemented(
    message = "this field cannot be sorted by",
    label = "not a `sort` field",
    note = "if its object page says Sort, add `sort` to its `#[field(..)]`"
)]
pub trait Sortable {}

#[diagnostic::do_not_recommend]
impl Sortable for Yes {}

/// Handles of the system fields. `X::FIELDS` dereferences to this, so that `X::FIELDS.created_date`
/// is written like a declared field. A store refuses system fields that the object does not have.
pub struct SystemFields<O> {
    /// Id.
    pub id: Field<O, Id<O>, Yes, Yes, Yes>,
    /// IsDeleted.
    pub is_deleted: Field<O, bool, Yes, Yes, Yes>,
    /// CreatedDate.
    pub created_date: Field<O, DateTime<Utc>, Yes, No, Yes>,
    /// CreatedById. It holds a plain [`RecordId`], as LastModifiedById does, because the program
    /// defines the object of users itself.
    pub created_by_id: Field<O, RecordId, Yes, Yes, Yes>,
    /// LastModifiedDate.
    pub last_modified_date: Field<O, DateTime<Utc>, Yes, No, Yes>,
    /// LastModifiedById.
    pub last_modified_by_id: Field<O, RecordId, Yes, Yes, Yes>,
    /// SystemModstamp.
    pub system_modstamp: Field<O, DateTime<Utc>, Yes, No, Yes>,
}

impl<O: 'static> SystemFields<O> {
    /// The handles, to which generated code dereferences `X::FIELDS`. Hidden, because rustdoc would
    /// list this constant on the page of each `XFields`.
    #[doc(hidden)]
    pub const ALL: &'static Self = &Self {
        id: Field::new(FieldIdx::ID),
        is_deleted: Field::new(FieldIdx::IS_DELETED),
        created_date: Field::new(FieldIdx::CREATED_DATE),
        created_by_id: Field::new(FieldIdx::CREATED_BY_ID),
        last_modified_date: Field::new(FieldIdx::LAST_MODIFIED_DATE),
        last_modified_by_id: Field::new(FieldIdx::LAST_MODIFIED_BY_ID),
        system_modstamp: Field::new(FieldIdx::SYSTEM_MODSTAMP),
    };
}

impl<O: SObject> fmt::Debug for SystemFields<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SystemFields<{}>", O::NAME)
    }
}
