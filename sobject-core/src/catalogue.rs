//! The catalogue: the objects of a store, checked and numbered.
//!
//! A definition says what was declared; the catalogue adds what the store decided: the object's
//! number, a slot for each stored field, and the spaces that records and index entries live in.
//! [`stored`] is its form in the file, [`resolve`] makes it from definitions and the file.
//!
//! **Invariants:** fields are known by name and slot, and a slot is never used for another field;
//! nor is an object's number or a space. The catalogue of an open store does not change.

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
    relations::{Child, Relations},
    resolve::{Demand, DemandKind, FIRST_OBJECT_SPACE, Fill, Plan, plan},
    stored::{FORMAT, IndexEntry, IndexKind, StoredObject, system_slot},
};
