//! The write buffer: what a write has done so far, with marks to go back to.
//!
//! Every engine shares it. A record is written into the buffer entry by entry; if it is refused,
//! the buffer goes back to the [`Mark`] before it, and the entries of the records before stand.
//! [`Overlay`](super::Overlay) reads the state of the engine with the buffer over it, so that a
//! write sees what it wrote.
//!
//! Whoever writes a key says what is known of it: [`Buffer::insert`] where there is none,
//! [`Buffer::replace_with`] and [`Buffer::remove`] where there is one. So the length of a space is known
//! without asking the engine for each key, and the engine finds out for nothing, when the buffer is
//! applied, whether the store contradicts itself. [`Buffer::put`] says nothing of its key; it
//! is for small spaces.
//!
//! **Invariants:** nothing reaches an engine but a finished buffer, so a refusal, an error and a
//! panic leave nothing behind. A pinned entry survives going back: it is for leases, which must
//! not be given twice even if the record that drew on one was refused.

mod order;
mod pending;

use std::convert::Infallible;

use self::pending::What;
pub(super) use self::pending::{Change, Pending, Range, Was};
use super::Space;

/// What a write has done so far.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    /// The spaces that were written to, in the order in which they were.
    spaces: Vec<Pending>,
    /// Their places by their ids; [`NOWHERE`] for a space that was not written to.
    places: Vec<u32>,
    /// What was done, oldest first: to which space, by its place.
    done: Vec<Done>,
}

/// Stands in [`Buffer::places`] for a space that was not written to. There are fewer spaces.
const NOWHERE: u32 = u32::MAX;

/// Something that was done to a space, by its place.
#[derive(Clone, Copy, Debug)]
enum Done {
    Set(u32),
    Append(u32),
}

/// A moment in the life of a buffer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark(usize);

impl Buffer {
    /// Nothing is to be written.
    pub(crate) fn is_empty(&self) -> bool {
        let is_empty = |it: &Pending| it.changes().next().is_none() && it.appended().len() == 0;
        self.spaces.iter().all(is_empty)
    }

    /// Sets the value of `key`, which is not there.
    pub(crate) fn insert(&mut self, space: Space, key: &[u8], value: &[u8]) {
        self.set(space, What::Insert, key, value);
    }

    /// [`Buffer::insert`] of the value that `value` puts behind the bytes it is given. These are where
    /// the buffer keeps it, so that it is made there and not copied.
    ///
    /// # Errors
    /// Those of `value`, and then nothing is done.
    pub(crate) fn insert_with<E>(
        &mut self,
        space: Space,
        key: &[u8],
        value: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.set_with(space, What::Insert, |bytes| bytes.extend_from_slice(key), value)
    }

    /// [`Buffer::insert`] of the key that `key` puts behind the bytes it is given.
    pub(crate) fn insert_key_with(
        &mut self,
        space: Space,
        key: impl FnOnce(&mut Vec<u8>),
        value: &[u8],
    ) {
        let Ok(()) = self.set_with(space, What::Insert, key, copy(value));
    }

    /// Sets another value of `key`, which is there.
    #[cfg(test)]
    pub(crate) fn replace(&mut self, space: Space, key: &[u8], value: &[u8]) {
        self.set(space, What::Replace, key, value);
    }

    /// Sets another value of `key`, which is there: the one that `value` puts behind the bytes it is
    /// given.
    ///
    /// # Errors
    /// Those of `value`, and then nothing is done.
    pub(crate) fn replace_with<E>(
        &mut self,
        space: Space,
        key: &[u8],
        value: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.set_with(space, What::Replace, |bytes| bytes.extend_from_slice(key), value)
    }

    /// Removes `key`, which is there.
    pub(crate) fn remove(&mut self, space: Space, key: &[u8]) {
        self.set(space, What::Remove, key, &[]);
    }

    /// Sets the value of `key`, whether it is there or not. To tell the length of the space then costs
    /// a read.
    pub(crate) fn put(&mut self, space: Space, key: &[u8], value: &[u8]) {
        self.set(space, What::Put, key, value);
    }

    /// [`Buffer::put`] in a way that going back to a mark does not undo.
    pub(crate) fn pin(&mut self, space: Space, key: &[u8], value: &[u8]) {
        self.set(space, What::Pin, key, value);
    }

    /// [`Buffer::append_with`] of a value that there is.
    #[cfg(test)]
    pub(crate) fn append(&mut self, space: Space, value: &[u8]) {
        self.append_with(space, |bytes| bytes.extend_from_slice(value));
    }

    /// Puts the value that `value` puts behind the bytes it is given behind the last key of a space,
    /// whose keys are of eight bytes: under the number after it, which is known once the buffer is
    /// applied. Until then nobody reads it.
    pub(crate) fn append_with(&mut self, space: Space, value: impl FnOnce(&mut Vec<u8>)) {
        let place = self.place(space);
        if let Some(pending) = self.at(place) {
            pending.append(value);
            self.done.push(Done::Append(place));
        }
    }

    fn set(&mut self, space: Space, what: What, key: &[u8], value: &[u8]) {
        let key = |bytes: &mut Vec<u8>| bytes.extend_from_slice(key);
        let Ok(()) = self.set_with(space, what, key, copy(value));
    }

    fn set_with<E>(
        &mut self,
        space: Space,
        what: What,
        key: impl FnOnce(&mut Vec<u8>),
        value: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        let place = self.place(space);
        if let Some(pending) = self.at(place)
            && pending.set(what, key, value)?
        {
            self.done.push(Done::Set(place));
        }
        Ok(())
    }

    /// This moment.
    pub(crate) fn mark(&self) -> Mark {
        Mark(self.done.len())
    }

    /// Takes back what was done since `mark`.
    pub(crate) fn back_to(&mut self, mark: Mark) {
        let mut pinned = Vec::new();
        while self.done.len() > mark.0 {
            match self.done.pop() {
                Some(Done::Set(place)) => {
                    let Some(pending) = self.at(place) else { continue };
                    let space = pending.space;
                    pinned.extend(pending.take_back().map(|(key, value)| (space, key, value)));
                }
                Some(Done::Append(place)) => {
                    if let Some(pending) = self.at(place) {
                        pending.take_back_appended();
                    }
                }
                None => return,
            }
        }
        for (space, key, value) in pinned.into_iter().rev() {
            self.pin(space, &key, &value);
        }
    }

    /// What was done, space by space in the order of their ids.
    pub(super) fn spaces(&self) -> impl Iterator<Item = &Pending> {
        self.places.iter().filter_map(|place| self.spaces.get(usize::try_from(*place).ok()?))
    }

    /// What was done to a space.
    pub(super) fn pending(&self, space: Space) -> Option<&Pending> {
        let place = *self.places.get(usize::from(space.id))?;
        self.spaces.get(usize::try_from(place).ok()?)
    }

    fn at(&mut self, place: u32) -> Option<&mut Pending> {
        self.spaces.get_mut(usize::try_from(place).ok()?)
    }

    /// The place of a space, which it gets with the first thing that is done to it.
    fn place(&mut self, space: Space) -> u32 {
        match self.places.get(usize::from(space.id)) {
            Some(place) if *place != NOWHERE => *place,
            _ => self.add(space),
        }
    }

    #[cold]
    fn add(&mut self, space: Space) -> u32 {
        let id = usize::from(space.id);
        let place = u32::try_from(self.spaces.len()).unwrap_or(NOWHERE);
        self.spaces.push(Pending::new(space));
        self.places.resize(self.places.len().max(id + 1), NOWHERE);
        self.places[id] = place;
        place
    }
}

/// Puts a value behind other bytes.
fn copy(value: &[u8]) -> impl FnOnce(&mut Vec<u8>) -> Result<(), Infallible> {
    |bytes| {
        bytes.extend_from_slice(value);
        Ok(())
    }
}
