//! Dropping what is dormant: the one way by which accepted values are destroyed.
//!
//! A drop names its object and its field, or the object alone. What is listed cannot be dropped, so
//! that a drop which stays in a program never destroys what the program uses; and what the file does
//! not have needs no drop, so that it may stay. Fields of which each user has a value are not dropped:
//! their values lie apart from the object's, and go with its records.

use super::{Plan, refused};
use crate::{
    bytes::Slot,
    catalogue::stored::{DropState, RetiredSlot, StoredObject},
    error::Result,
};

/// What is to be destroyed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DropOrder {
    pub(crate) object: String,
    /// `None` for the object with all of its records.
    pub(crate) field: Option<String>,
}

/// What a plan destroys.
#[derive(Debug)]
pub(crate) struct Destroyed {
    /// The place of the order.
    pub(crate) order: usize,
    /// Number of the object.
    pub(crate) object: usize,
    /// The slot of the field, if it has one; `None` with an object.
    pub(crate) slot: Option<Slot>,
}

impl Plan {
    /// Takes what is to be dropped out of the objects.
    pub(super) fn drop_all(&mut self, orders: &[DropOrder]) -> Result<()> {
        for (order, DropOrder { object, field }) in orders.iter().enumerate() {
            let Some(number) = self.number_of(object) else { continue };
            match field {
                Some(field) => self.drop_field(order, number, field)?,
                None => self.drop_object(order, number)?,
            }
        }
        Ok(())
    }

    fn drop_field(&mut self, order: usize, number: usize, name: &str) -> Result<()> {
        let old = self.stored[number].clone();
        let is_it = |it: &str| it.eq_ignore_ascii_case(name);
        let is_active = self.active.get(number) == Some(&true);
        let mut new = old.clone();
        let listed = new.entry.fields.iter().position(|field| is_it(&field.name));
        let dormant = new.entry.dormant.iter().position(|field| is_it(&field.place.name));
        let (declared, place) = match (listed, dormant) {
            (Some(_), _) if is_active => {
                let what = format!("field {name} is to be dropped, and is listed");
                return Err(refused(&old.entry.name, vec![what]));
            }
            (Some(n), _) => (new.declared.fields.remove(n), new.entry.fields.remove(n)),
            (None, Some(n)) => {
                let field = new.entry.dormant.remove(n);
                (field.declared, field.place)
            }
            (None, None) => {
                let had = |former: &String| is_it(former);
                let other = new.entry.places().find(|it| it.former.iter().any(had));
                let Some(other) = other else { return Ok(()) };
                let what = format!("field {name} is to be dropped, which is {} now", other.name);
                return Err(refused(&old.entry.name, vec![what]));
            }
        };
        if declared.flags.is_per_caller() {
            let name = &declared.name;
            let what = format!("field {name} is to be dropped, of which each user has a value");
            return Err(refused(&old.entry.name, vec![what]));
        }
        if let Some(slot) = place.slot {
            new.entry.retired.push(RetiredSlot { slot, field_type: declared.field_type });
        }
        self.destroyed.push(Destroyed { order, object: number, slot: place.slot });
        self.replace(old, new)
    }

    fn drop_object(&mut self, order: usize, number: usize) -> Result<()> {
        let old = self.stored[number].clone();
        let name = &old.entry.name;
        if self.active.get(number) == Some(&true) {
            let what = "the object is to be dropped, and is listed".to_owned();
            return Err(refused(name, vec![what]));
        }
        let mut new = old.clone();
        new.declared.fields.clear();
        new.entry.fields.clear();
        new.entry.dormant.clear();
        new.entry.indexes.clear();
        new.entry.dropped = Some(DropState::UnderWay);
        self.destroyed.push(Destroyed { order, object: number, slot: None });
        // Its layouts stay until its records go, with the slots that they name.
        let types = old.fields().filter_map(|(declared, place)| {
            Some(RetiredSlot { slot: place.slot?, field_type: declared.field_type })
        });
        new.entry.retired.extend(types);
        self.stored[number] = new;
        self.note_change(number, old);
        Ok(())
    }

    /// The number of the object that the file, or the plan, has by this name.
    pub(super) fn number_of(&self, name: &str) -> Option<usize> {
        let is_it = |it: &StoredObject| {
            it.entry.dropped.is_none() && it.entry.name.eq_ignore_ascii_case(name)
        };
        self.stored.iter().position(is_it)
    }
}
