//! The catalogue: the objects of a store, with what was declared of them and what the store added.
//!
//! A definition says what was declared. The store adds the object's number, a slot for each stored
//! field, and the spaces that hold its records and index entries. [`stored`] is the form of the
//! catalogue in the file; [`resolve`] makes a catalogue from the definitions and the file.
//!
//! **Invariants:** fields are known by their names and slots. A slot is never given to another
//! field of the object, nor a number to another object, nor a space to another use. The catalogue
//! of an open store does not change.

mod autonumber;
mod declared;
mod described;
mod field;
mod object;
mod objects;
mod problems;
mod relations;
mod resolve;
mod stored;

pub(crate) use self::{
    autonumber::AutoNumber,
    declared::{DeclaredObject, DeclaredValue},
    field::{Field, LONG_DIGITS, StoredField},
    object::{Object, ObjectNo},
    objects::Catalogue,
    problems::check,
    relations::Relations,
    resolve::{Demand, DemandKind, FIRST_OBJECT_SPACE, Fill, Plan, plan},
    stored::{FORMAT, IndexEntry, IndexKind, StoredObject, system_slot},
};
