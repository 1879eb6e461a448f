//! The feed's end that nobody needs any more: cursors, which hold it, and cutting it off.
//!
//! **Invariant:** what a cursor has not read is never cut off, nor is what a window of getUpdated or
//! getDeleted may ask for, nor the last entry. A step of cutting is a transaction that also notes how
//! far it came, so cutting may end after any of them.

use std::ops::ControlFlow;

use super::Write;
use crate::{
    error::Result,
    store::{
        keep::{Cut, Entry, FEED, FEED_NOTES, FeedPlace, arrivals, cursor_key, cursors},
        read::{ChangeToken, reach},
    },
};

impl Write<'_> {
    /// Keeps a cursor of this name behind what a token has read, wherever it was before.
    ///
    /// # Errors
    /// [`Error::BadChangeToken`](crate::Error::BadChangeToken),
    /// [`Error::ChangesCutOff`](crate::Error::ChangesCutOff);
    /// [`Error::Corrupt`](crate::Error::Corrupt), [`Error::Storage`](crate::Error::Storage).
    pub(crate) fn set_cursor(&mut self, name: &str, token: &ChangeToken) -> Result<()> {
        let place = self.read(|reader| token.place(reader.read))?;
        self.buffer.put(FEED_NOTES, &cursor_key(name), &place.encode());
        Ok(())
    }

    /// Removes the cursor of this name; whether there was one.
    ///
    /// # Errors
    /// [`Error::Storage`](crate::Error::Storage).
    pub(crate) fn remove_cursor(&mut self, name: &str) -> Result<bool> {
        let key = cursor_key(name);
        let is_there = self.read(|reader| reader.read.get(FEED_NOTES, &key, &mut |_| ()))?;
        if is_there {
            self.buffer.remove(FEED_NOTES, &key);
        }
        Ok(is_there)
    }

    /// Cuts off entries with stamps before one that nobody needs, at most `step` of them, and as many
    /// arrivals. How many entries these were, and whether there may be more to do.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt), [`Error::Storage`](crate::Error::Storage).
    pub(crate) fn cut_feed(&mut self, before: i64, step: usize) -> Result<(usize, bool)> {
        let before = before.min(reach(self.now));
        let mut cut = self.read(|reader| Cut::read(reader.read))?.unwrap_or_default();
        let places = self.read(|reader| cursors(reader.read))?;
        let read_by_all = places.iter().map(|(_, place)| place.sequence).min();
        let (last, _) = self.read(|reader| Entry::last(reader.read))?;
        // The last entry stays.
        let to = read_by_all.unwrap_or(u64::MAX).min(last.saturating_sub(1));

        let mut gone: Vec<u64> = Vec::new();
        let after = cut.place.sequence;
        self.read(|reader| {
            Entry::scan(reader.read, after, &mut |sequence, entry| {
                if sequence > to || entry.stamp >= before || gone.len() >= step {
                    return Ok(ControlFlow::Break(()));
                }
                cut.place = FeedPlace::behind(sequence, &entry);
                gone.push(sequence);
                Ok(ControlFlow::Continue(()))
            })
        })?;
        for sequence in &gone {
            self.buffer.remove(FEED, &sequence.to_be_bytes());
        }

        let mut keys = Vec::new();
        for object in self.schema.catalogue.by_number() {
            let room = step - keys.len();
            keys.extend(
                self.read(|reader| {
                    arrivals::keys_before(reader.read, object.number, before, room)
                })?,
            );
            if keys.len() >= step {
                break;
            }
        }
        for key in &keys {
            arrivals::remove(&mut self.buffer, key);
        }

        if gone.is_empty() && keys.is_empty() {
            return Ok((0, false));
        }
        cut.arrivals = cut.arrivals.max(before);
        cut.put(&mut self.buffer);
        Ok((gone.len(), gone.len() >= step || keys.len() >= step))
    }
}
