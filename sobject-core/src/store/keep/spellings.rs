//! [`Spelling`]: how a value that an open picklist does not list was first written.
//!
//! An org takes such a value up as one more value of the field, an inactive one: later records that
//! give it in another case get it as it was first written, and it stands behind the values that the
//! definition lists. What was taken up stays, whatever becomes of the records that have it.
//!
//! ```text
//! key    2  object number
//!        2  slot of the field
//!        n  the value in upper case, as a text in an index
//! value  4  how many values of the field were taken up before it
//!        n  the value as it was first written, UTF-8
//!
//! key    2  object number
//!        2  slot of the field
//! value  4  how many values of the field were taken up
//! ```

use std::{
    collections::BTreeMap,
    ops::{Bound, ControlFlow},
};

use crate::{
    bytes::{Collation, Slot, push_text},
    catalogue::ObjectNo,
    engine::{Buffer, Read, Scan, try_scan},
    error::{Error, Result},
    store::keep::SPELLINGS,
};

/// Bytes of object number and slot.
const FIELD_LEN: usize = 4;
/// Bytes of the number before a value.
const PLACE_LEN: usize = 4;

/// A field of an object, by its slot.
pub(crate) type Of = (ObjectNo, Slot);

/// A value that was taken up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spelling {
    /// How many values of the field were taken up before it.
    pub(crate) place: u32,
    pub(crate) text: String,
}

/// The key of how many values of a field were taken up, with which the keys of those values begin.
fn field_key((object, slot): Of) -> Vec<u8> {
    let mut key = Vec::with_capacity(FIELD_LEN);
    key.extend_from_slice(&object.0.to_be_bytes());
    key.extend_from_slice(&slot.to_be_bytes());
    key
}

impl Spelling {
    /// The key of a value.
    pub(crate) fn key(of: Of, text: &str) -> Vec<u8> {
        let mut key = field_key(of);
        push_text(&mut key, Some(text), Collation::IgnoreCase);
        key
    }

    /// The key of how many values of a field were taken up.
    pub(crate) fn count_key(of: Of) -> Vec<u8> {
        field_key(of)
    }

    /// How a value was first written; `None` if it was not taken up.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn find(read: &dyn Read, of: Of, text: &str) -> Result<Option<Self>> {
        let mut found = None;
        read.get(SPELLINGS, &Self::key(of, text), &mut |value| found = Some(Self::decode(value)))?;
        found.map(|found| found.ok_or_else(no_spelling)).transpose()
    }

    /// What takes up a value as it is written here; `None` if it was taken up before.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn take_up(read: &dyn Read, of: Of, text: &str) -> Result<Option<NewSpelling>> {
        if Self::find(read, of, text)?.is_some() {
            return Ok(None);
        }
        let place = count(read, of)?;
        Ok(Some(NewSpelling { of, spelling: Self { place, text: text.to_owned() } }))
    }

    /// Reads what stands behind a key.
    pub(crate) fn decode(value: &[u8]) -> Option<Self> {
        let (place, text) = value.split_first_chunk()?;
        let text = std::str::from_utf8(text).ok().filter(|text| !text.is_empty())?;
        Some(Self { place: u32::from_be_bytes(*place), text: text.to_owned() })
    }

    fn encode(&self) -> Vec<u8> {
        let mut value = Vec::with_capacity(PLACE_LEN + self.text.len());
        value.extend_from_slice(&self.place.to_be_bytes());
        value.extend_from_slice(self.text.as_bytes());
        value
    }
}

/// A value that is to be taken up.
#[derive(Clone, Debug)]
pub(crate) struct NewSpelling {
    of: Of,
    spelling: Spelling,
}

impl NewSpelling {
    /// Takes the value up.
    pub(crate) fn put(&self, buffer: &mut Buffer) {
        let Self { of, spelling } = self;
        buffer.put(SPELLINGS, &Spelling::key(*of, &spelling.text), &spelling.encode());
        let n_values = spelling.place.saturating_add(1);
        buffer.put(SPELLINGS, &field_key(*of), &n_values.to_be_bytes());
    }
}

/// How many values of a field were taken up.
///
/// # Errors
/// [`Error::Corrupt`], [`Error::Storage`].
pub(crate) fn count(read: &dyn Read, of: Of) -> Result<u32> {
    let mut count = Some(0);
    read.get(SPELLINGS, &field_key(of), &mut |value| {
        count = value.try_into().ok().map(u32::from_be_bytes);
    })?;
    count.ok_or_else(no_spelling)
}

/// The field that a key is of, and whether it is the key of a value of it; `None` if it is no key.
pub(crate) fn field_of(key: &[u8]) -> Option<(Of, bool)> {
    let (object, rest) = key.split_first_chunk()?;
    let (slot, value) = rest.split_first_chunk()?;
    let of = (ObjectNo(u16::from_be_bytes(*object)), Slot::from_be_bytes(*slot));
    Some((of, !value.is_empty()))
}

/// Every key of a field; those of all fields of the object if there is no slot.
///
/// # Errors
/// [`Error::Storage`].
pub(crate) fn keys_of(
    read: &dyn Read,
    object: ObjectNo,
    slot: Option<Slot>,
) -> Result<Vec<Vec<u8>>> {
    let from = field_key((object, slot.unwrap_or_default()));
    let next_slot = slot.and_then(|slot| slot.checked_add(1)).map(|slot| (object, slot));
    let to = next_slot.or(object.0.checked_add(1).map(|next| (ObjectNo(next), 0)));
    let to = to.map(field_key);
    let to = to.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
    let mut keys = Vec::new();
    try_scan(read, SPELLINGS, Scan { from: Bound::Included(&from), to, ..Scan::ALL }, |key, _| {
        keys.push(key.to_vec());
        Ok::<_, Error>(ControlFlow::Continue(()))
    })?;
    Ok(keys)
}

/// Gives every value the key that it has by the present folding of case.
///
/// # Errors
/// [`Error::Corrupt`], [`Error::Storage`].
pub(crate) fn fold_anew(read: &dyn Read, buffer: &mut Buffer) -> Result<()> {
    let mut values: BTreeMap<Vec<u8>, Vec<u8>> = BTreeMap::new();
    try_scan(read, SPELLINGS, Scan::ALL, |key, value| {
        let (of, is_value) = field_of(key).ok_or_else(no_spelling)?;
        if is_value {
            let text = Spelling::decode(value).ok_or_else(no_spelling)?.text;
            // What is one value now was first written as the earlier of the two.
            let earliest = values.entry(Spelling::key(of, &text)).or_insert_with(|| value.to_vec());
            if value < &earliest[..] {
                *earliest = value.to_vec();
            }
            buffer.remove(SPELLINGS, key);
        }
        Ok::<_, Error>(ControlFlow::Continue(()))
    })?;
    for (key, value) in values {
        buffer.put(SPELLINGS, &key, &value);
    }
    Ok(())
}

fn no_spelling() -> Error {
    Error::corrupt("what is kept of a picklist value is none")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Engine, RedbEngine};

    const OF: Of = (ObjectNo(3), 9);

    /// A state with these entries.
    fn with_entries(entries: &[(&[u8], &[u8])], f: impl Fn(&dyn Read) -> Result<()>) {
        let engine = RedbEngine::in_memory().unwrap();
        engine.ensure_spaces(&[SPELLINGS]).unwrap();
        let mut buffer = Buffer::default();
        for (key, value) in entries {
            buffer.insert(SPELLINGS, key, value);
        }
        let base = engine.snapshot().unwrap();
        f(&crate::engine::Overlay { base: &*base, buffer: &buffer }).unwrap();
    }

    #[test]
    fn values_that_folding_makes_one_are_as_the_first_was_written() {
        // By rules under which case and ß are nothing special.
        let key = |text: &[u8]| [&[0, 3, 0, 9, 1], text, &[0, 0]].concat();
        let entry = |place: u8, text: &str| [&[0, 0, 0, place], text.as_bytes()].concat();
        let entries = [
            (vec![0, 3, 0, 9], vec![0, 0, 0, 4]),
            (key(b"mass"), entry(2, "mass")),
            (key("maß".as_bytes()), entry(1, "maß")),
            (key(b"MASS"), entry(3, "MASS")),
            (key(b"OTHER"), entry(0, "Other")),
        ];
        let entries: Vec<_> = entries.iter().map(|(key, value)| (&key[..], &value[..])).collect();
        with_entries(&entries, |read| {
            let mut buffer = Buffer::default();
            fold_anew(read, &mut buffer)?;
            let folded = crate::engine::Overlay { base: read, buffer: &buffer };
            let mut kept = Vec::new();
            try_scan(&folded, SPELLINGS, Scan::ALL, |key, value| {
                kept.push((key.to_vec(), value.to_vec()));
                Ok::<_, Error>(ControlFlow::Continue(()))
            })?;
            let expected = [
                (vec![0, 3, 0, 9], vec![0, 0, 0, 4]),
                (key(b"MASS"), entry(1, "maß")),
                (key(b"OTHER"), entry(0, "Other")),
            ];
            assert_eq!(kept, expected);
            let found = Spelling::find(&folded, OF, "Mass")?.map(|it| it.text);
            assert_eq!(found.as_deref(), Some("maß"));
            Ok(())
        });
    }

    #[test]
    fn the_keys_of_a_field_are_those_of_no_other() {
        let mut buffer = Buffer::default();
        let engine = RedbEngine::in_memory().unwrap();
        engine.ensure_spaces(&[SPELLINGS]).unwrap();
        let base = engine.snapshot().unwrap();
        let others =
            [(ObjectNo(2), u16::MAX), (ObjectNo(3), 8), (ObjectNo(3), 10), (ObjectNo(4), 0)];
        for of in [OF].into_iter().chain(others) {
            for text in ["a", "\u{10FFFF}"] {
                let read = crate::engine::Overlay { base: &*base, buffer: &buffer };
                let new = Spelling::take_up(&read, of, text).unwrap().expect("a new value");
                new.put(&mut buffer);
            }
        }
        let read = crate::engine::Overlay { base: &*base, buffer: &buffer };
        let field = keys_of(&read, OF.0, Some(OF.1)).unwrap();
        assert_eq!(field.len(), 3);
        assert!(field.iter().all(|key| field_of(key).is_some_and(|(of, _)| of == OF)));
        assert_eq!(keys_of(&read, OF.0, None).unwrap().len(), 9);
        assert_eq!(keys_of(&read, ObjectNo(2), Some(u16::MAX)).unwrap().len(), 3);
        assert_eq!(Spelling::find(&read, OF, "A").unwrap().map(|it| it.place), Some(0));
    }
}
