//! The keys of one space in order, each with the entry that says what becomes of it.
//!
//! A list of short sorted lists: a key behind all others is pushed, which is what most keys of a
//! store do; any other is found by two binary searches and moves few slots. So the order is there
//! at any time, and costs about what sorting once at the end would.
//!
//! A slot has the head of its key beside it, so that most comparisons stay in the list.
//!
//! **Invariant:** no list is empty, and the slots of all lists in turn ascend strictly.

use std::cmp::Ordering;

use crate::engine::head::Head;

/// Most slots in a list. Half of one list moves for a key in the middle.
const MOST: usize = 128;

/// One key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub(super) head: Head,
    /// The number of the entry that holds the key.
    pub(super) entry: u32,
}

/// Where a slot is, or would be: the list, and the place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    list: usize,
    slot: usize,
}

/// The keys of one space in order.
#[derive(Debug, Default)]
pub(super) struct Order {
    lists: Vec<Vec<Slot>>,
}

impl Order {
    /// The place of a key, or else the place that it would have. `tie` compares a key whose head is
    /// the same, given by its entry, with the key.
    pub(super) fn find(&self, head: Head, tie: impl Fn(u32) -> Ordering) -> Result<Place, Place> {
        let number = head.number();
        let is_before = |slot: &Slot| {
            let other = slot.head.number();
            if other == number { tie(slot.entry).is_lt() } else { other < number }
        };
        let greatest = self.lists.last().and_then(|slots| slots.last());
        if greatest.is_none_or(is_before) {
            return Err(self.end());
        }
        // The last list that begins before the key, or else the first.
        let begins_before = |list: &Vec<Slot>| list.first().is_some_and(is_before);
        let list = self.lists.partition_point(begins_before).saturating_sub(1);
        let slots = self.lists.get(list).map_or(&[][..], Vec::as_slice);
        let slot = slots.partition_point(is_before);
        // Behind the last slot of the list, the key may be the first of the next.
        let place = Place { list, slot };
        let next = self.get(self.normal(place));
        match next.filter(|next| next.head == head && tie(next.entry).is_eq()) {
            Some(_) => Ok(self.normal(place)),
            None => Err(place),
        }
    }

    /// Puts a slot where [`Order::find`] says that it would be.
    pub(super) fn insert(&mut self, place: Place, slot: Slot) {
        if place == self.end() && self.lists.last().is_none_or(|last| last.len() >= MOST) {
            // A second list is likely to be filled like the first.
            let mut list = Vec::with_capacity(if self.lists.is_empty() { 1 } else { MOST });
            list.push(slot);
            self.lists.push(list);
            return;
        }
        // The end is the place behind the last slot of the last list.
        let list = place.list.min(self.lists.len().saturating_sub(1));
        let Some(slots) = self.lists.get_mut(list) else { return };
        let at = if list == place.list { place.slot } else { slots.len() };
        slots.insert(at, slot);
        if slots.len() > MOST {
            let upper = slots.split_off(MOST / 2);
            self.lists.insert(list + 1, upper);
        }
    }

    /// Takes a slot out.
    pub(super) fn remove(&mut self, place: Place) {
        let Some(slots) = self.lists.get_mut(place.list) else { return };
        if place.slot < slots.len() {
            slots.remove(place.slot);
        }
        if slots.is_empty() {
            self.lists.remove(place.list);
        }
    }

    /// The slot at a place.
    pub(super) fn get(&self, place: Place) -> Option<Slot> {
        self.lists.get(place.list)?.get(place.slot).copied()
    }

    /// Names another entry in the slot at a place.
    pub(super) fn set_entry(&mut self, place: Place, entry: u32) {
        if let Some(slot) = self.lists.get_mut(place.list).and_then(|it| it.get_mut(place.slot)) {
            slot.entry = entry;
        }
    }

    /// The place of the first slot.
    #[expect(clippy::unused_self, reason = "it is a place of this order")]
    pub(super) fn start(&self) -> Place {
        Place { list: 0, slot: 0 }
    }

    /// The place behind the last slot.
    pub(super) fn end(&self) -> Place {
        Place { list: self.lists.len(), slot: 0 }
    }

    /// The place after one that has a slot.
    pub(super) fn after(&self, place: Place) -> Place {
        self.normal(Place { slot: place.slot + 1, ..place })
    }

    /// The place before one, if there is any.
    pub(super) fn before(&self, place: Place) -> Option<Place> {
        if let Some(slot) = place.slot.checked_sub(1) {
            return Some(Place { slot, ..place });
        }
        let list = place.list.checked_sub(1)?;
        let slot = self.lists.get(list)?.len().checked_sub(1)?;
        Some(Place { list, slot })
    }

    /// The same place, but behind the last slot of a list it is the first of the next.
    pub(super) fn normal(&self, place: Place) -> Place {
        if self.lists.get(place.list).is_some_and(|slots| place.slot >= slots.len()) {
            return Place { list: place.list + 1, slot: 0 };
        }
        place
    }

    /// How many slots there are from one place up to another.
    pub(super) fn count(&self, from: Place, to: Place) -> usize {
        let lists = self.lists.get(from.list..to.list).unwrap_or_default();
        (lists.iter().map(Vec::len).sum::<usize>() + to.slot).saturating_sub(from.slot)
    }
}
