//! The write buffer: what a write has done so far, with marks to go back to.
//!
//! Every engine shares it. A record is written into the buffer entry by entry; if it is refused,
//! the buffer goes back to the [`Mark`] before it, and the entries of the records before stand.
//! [`Overlay`](super::Overlay) reads the state of the engine with the buffer over it, so that a
//! write sees what it wrote.
//!
//! Whoever writes a key says what is known of it: [`Buffer::insert`] where there is none,
//! [`Buffer::replace`] and [`Buffer::remove`] where there is one. So the length of a space is known
//! without asking the engine for each key, and the engine finds out for nothing, when the buffer is
//! applied, whether the store contradicts itself. [`Buffer::put`] says nothing of its key; it
//! is for small spaces.
//!
//! **Invariants:** nothing reaches an engine but a finished buffer, so a refusal, an error and a
//! panic leave nothing behind. A pinned entry survives going back: it is for leases, which must
//! not be given twice even if the record that drew on one was refused.

mod order;
mod pending;

use self::pending::What;
pub(super) use self::pending::{Change, Pending, Range, Was};
use super::Space;

/// What a write has done so far.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    /// The spaces that were written to, in the order in which they were.
    spaces: Vec<Pending>,
    /// Their places by their ids, in the order of the ids.
    places: Vec<(u16, usize)>,
    /// What was done, oldest first: to which space, by its place.
    done: Vec<Done>,
}

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

    /// Sets another value of `key`, which is there.
    pub(crate) fn replace(&mut self, space: Space, key: &[u8], value: &[u8]) {
        self.set(space, What::Replace, key, value);
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

    /// Puts a value behind the last key of a space, whose keys are of eight bytes: under the number
    /// after it, which is known once the buffer is applied. Until then nobody reads it.
    pub(crate) fn append(&mut self, space: Space, value: &[u8]) {
        let place = self.place(space);
        if let (Some(pending), Ok(number)) = (self.spaces.get_mut(place), u32::try_from(place)) {
            pending.append(value);
            self.done.push(Done::Append(number));
        }
    }

    fn set(&mut self, space: Space, what: What, key: &[u8], value: &[u8]) {
        let place = self.place(space);
        if let (Some(pending), Ok(number)) = (self.spaces.get_mut(place), u32::try_from(place))
            && pending.set(what, key, value)
        {
            self.done.push(Done::Set(number));
        }
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
                Some(Done::Set(number)) => {
                    let Some(pending) = self.at(number) else { continue };
                    let space = pending.space;
                    pinned.extend(pending.take_back().map(|(key, value)| (space, key, value)));
                }
                Some(Done::Append(number)) => {
                    if let Some(pending) = self.at(number) {
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
        self.places.iter().filter_map(|(_, place)| self.spaces.get(*place))
    }

    /// What was done to a space.
    pub(super) fn pending(&self, space: Space) -> Option<&Pending> {
        let at = self.find(space).ok()?;
        self.spaces.get(self.places.get(at)?.1)
    }

    fn at(&mut self, number: u32) -> Option<&mut Pending> {
        self.spaces.get_mut(usize::try_from(number).ok()?)
    }

    /// The place of a space, which it gets with the first thing that is done to it.
    fn place(&mut self, space: Space) -> usize {
        match self.find(space) {
            Ok(at) => self.places[at].1,
            Err(at) => {
                let place = self.spaces.len();
                self.spaces.push(Pending::new(space));
                self.places.insert(at, (space.id, place));
                place
            }
        }
    }

    fn find(&self, space: Space) -> Result<usize, usize> {
        self.places.binary_search_by_key(&space.id, |(id, _)| *id)
    }
}
