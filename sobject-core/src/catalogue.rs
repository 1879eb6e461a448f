//! Floor 4, the catalogue: the objects of a store, with what was declared of them and what the store
//! added.
//!
//! A definition says what was declared. The store adds the object's number, a slot for each stored
//! field, and the spaces that hold its records and index entries. [`stored`] is the form of the
//! catalogue in the file; [`resolve`] makes a catalogue from the definitions and the file.
//!
//! What a file has and a program does not list is *dormant*: an object, or a field of one that is
//! listed. It keeps its number, its place in rows and its indexes, and comes back when it is listed.
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
    relations::Relations,
    resolve::{Demand, DemandKind, DropOrder, FIRST_OBJECT_SPACE, FileObjects, Plan, plan},
    stored::{
        DropState, FORMAT, FileObject, FillValue, Filling, IndexEntry, IndexKind, ObjectEntry,
        StoredObject, system_slot,
    },
};
