//! Rows: the values of a record as bytes.
//!
//! ```text
//! 2      layout version, from 1
//! n/8    null bitmap of the n values, rounded up to whole bytes: bit i % 8 of byte i / 8, counted
//!        from the lowest, is set if value i is null
//! …      the values of fixed width at the offsets of the layout; zeros if null
//! 4 × v  where each of the v texts ends, counted from the first byte of the first text
//! …      the texts, one after the other; no bytes if null (values of bytes are laid out like texts)
//! ```
//!
//! | stored as | bytes | what |
//! |---|---|---|
//! | bool | 1 | 0 or 1 |
//! | int | 4 | two's complement |
//! | long | 8 | two's complement |
//! | double | 8 | IEEE 754 |
//! | date | 4 | days since 1970-01-01, two's complement |
//! | date-time | 8 | milliseconds since 1970-01-01T00:00:00Z, two's complement |
//! | time | 4 | milliseconds since midnight |
//! | id | 8 | packed id: 16 bits of head, 48 of number |
//! | text | any | UTF-8 |
//! | bytes | any | as they are |
//!
//! The record's id is the key of the row and is not in the row. A [`Layout`] says where the values
//! of one version are; every row is read by the layout of its own version, so that rows of older
//! versions can still be read. If that layout lacks a slot, because its field was added later, the
//! field reads as the value that was chosen for older records when it was added: null, unless the
//! field cannot be null.
//!
//! **Invariant:** a layout never changes once a row was written with it.

#![expect(
    clippy::inline_always,
    reason = "a decode is these few lines for each field; as calls they cost three times as much"
)]
#![expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "a place is read where it lies: copied out first, a read costs a fifth more"
)]

use super::{BadRow, Cell, OwnedCell};
use crate::value::Storage;

/// The number by which an object's rows know a field. A slot is never given to another field.
pub(crate) type Slot = u16;

/// Bytes of the layout version.
const VERSION_LEN: usize = 2;
/// Bytes of the number that says where a text ends.
const END_LEN: usize = 4;

/// Where the values are in the rows of one version of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    version: u16,
    /// The values of fixed width, in the order of the null bitmap.
    fixed: Vec<(Slot, Place)>,
    /// The texts and bytes, in the order of the null bitmap.
    variable: Vec<(Slot, Place)>,
    /// By slot; `None` for slots that the layout lacks.
    places: Vec<Option<Place>>,
    /// The values that slots which the layout lacks read as, where these are not null.
    missing: Vec<(Slot, OwnedCell)>,
    /// The same places by the number of the field in the object, for readers that do not know
    /// slots.
    fields: Vec<Option<Place>>,
    /// The offset of the first number that says where a text ends.
    ends: usize,
    /// The offset of the first text, which is the length of a row without texts.
    texts: usize,
}

/// Where one value is in a row.
// It is kept small, since decoding a row reads one for each field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The offset of the value, or for a text that of the number that says where it ends.
    offset: u32,
    null_byte: u16,
    null_bit: u8,
    storage: Storage,
}

impl Place {
    fn offset(self) -> usize {
        self.offset as usize
    }

    fn null_byte(self) -> usize {
        self.null_byte.into()
    }

    /// Marks the value of a row as null.
    fn set_null(&self, row: &mut [u8]) {
        if let Some(byte) = row.get_mut(self.null_byte()) {
            *byte |= self.null_bit;
        }
    }

    /// Writes the bits of a value of fixed width, or for a text where it ends. `None` if the row is
    /// too short.
    fn put(&self, row: &mut [u8], bits: u64) -> Option<()> {
        let at = row.get_mut(self.offset()..)?;
        // Each width is written on its own, since copying as many bytes as a number says is a call.
        let bits = bits.to_be_bytes();
        match width(self.storage) {
            Some(1) => *at.first_chunk_mut()? = *bits.last_chunk::<1>()?,
            Some(8) => *at.first_chunk_mut()? = bits,
            _ => *at.first_chunk_mut()? = *bits.last_chunk::<END_LEN>()?,
        }
        Some(())
    }
}

/// Bytes of a value of fixed width; `None` for text.
const fn width(storage: Storage) -> Option<usize> {
    match storage {
        Storage::Bool => Some(1),
        Storage::Int | Storage::Date | Storage::Time => Some(4),
        Storage::Long | Storage::Double | Storage::DateTime | Storage::Id => Some(8),
        Storage::Text | Storage::Bytes => None,
    }
}

impl Layout {
    /// The layout of `version` with these slots, in the order of the null bitmap. `missing` has the
    /// values that other slots read as, where these are not null.
    pub(crate) fn new(
        version: u16,
        slots: &[(Slot, Storage)],
        missing: Vec<(Slot, OwnedCell)>,
    ) -> Self {
        let n_places = slots.iter().map(|(slot, _)| usize::from(*slot) + 1).max().unwrap_or(0);
        let mut places = vec![None; n_places];
        let mut offset = VERSION_LEN + slots.len().div_ceil(8);
        // Values of fixed width come first, then the ends of the texts.
        for text in [false, true] {
            for (n, &(slot, storage)) in slots.iter().enumerate() {
                if width(storage).is_none() == text {
                    places[usize::from(slot)] = Some(Place {
                        // There are at most 2^16 slots, so these numbers stay far below their
                        // limits.
                        offset: u32::try_from(offset).unwrap_or(u32::MAX),
                        null_byte: u16::try_from(VERSION_LEN + n / 8).unwrap_or(u16::MAX),
                        null_bit: 1 << (n % 8),
                        storage,
                    });
                    offset += width(storage).unwrap_or(END_LEN);
                }
            }
        }
        let all = slots.iter().filter_map(|(slot, _)| Some((*slot, places[usize::from(*slot)]?)));
        let (fixed, variable): (Vec<_>, Vec<_>) =
            all.partition(|(_, place)| width(place.storage).is_some());
        let ends = offset - variable.len() * END_LEN;
        let fields = Vec::new();
        Self { version, fixed, variable, places, missing, fields, ends, texts: offset }
    }

    /// Adds the places by field number: `slots` has the slot of each field of the object.
    pub(crate) fn with_fields(mut self, slots: &[Slot]) -> Self {
        self.fields = slots.iter().map(|slot| self.place(*slot).copied()).collect();
        self
    }

    /// Writes the row of these cells, which are in the order of slots, behind what is in `bytes`. A
    /// slot that there is no cell for is null.
    ///
    /// `None` if all texts together have more than four gigabytes; part of the row is written then.
    pub(crate) fn encode(&self, cells: &[Cell<'_>], bytes: &mut Vec<u8>) -> Option<()> {
        let start = bytes.len();
        bytes.resize(start + self.texts, 0);
        let row = bytes.get_mut(start..)?;
        *row.first_chunk_mut()? = self.version.to_be_bytes();
        for (slot, place) in &self.fixed {
            match cells.get(usize::from(*slot)) {
                None | Some(Cell::Null) => place.set_null(row),
                Some(Cell::Fixed(bits)) => place.put(row, *bits)?,
                Some(Cell::Text(_) | Cell::Bytes(_)) => (),
            }
        }
        for (slot, place) in &self.variable {
            let value = match cells.get(usize::from(*slot)) {
                Some(Cell::Text(text)) => text.as_bytes(),
                Some(Cell::Bytes(bytes)) => bytes,
                Some(Cell::Fixed(_)) => &[],
                None | Some(Cell::Null) => {
                    place.set_null(bytes.get_mut(start..)?);
                    &[]
                }
            };
            bytes.extend_from_slice(value);
            let row = bytes.get_mut(start..)?;
            let end = u32::try_from(row.len() - self.texts).ok()?;
            place.put(row, end.into())?;
        }
        Some(())
    }

    fn place(&self, slot: Slot) -> Option<&Place> {
        self.places.get(usize::from(slot))?.as_ref()
    }

    /// The value that a slot which the layout lacks reads as.
    #[cold]
    fn missing(&self, slot: Slot) -> Cell<'_> {
        let missing = self.missing.iter().find(|(it, _)| *it == slot);
        missing.map_or(Cell::Null, |(_, cell)| cell.as_cell())
    }
}

/// The layout of [`RowRef::NONE`].
static NOTHING: Layout = Layout {
    version: 0,
    fixed: Vec::new(),
    variable: Vec::new(),
    places: Vec::new(),
    missing: Vec::new(),
    fields: Vec::new(),
    ends: 0,
    texts: 0,
};

/// The version of the layout that a row was written with.
pub(crate) fn layout_version(row: &[u8]) -> Option<u16> {
    row.first_chunk().copied().map(u16::from_be_bytes)
}

/// A row read in place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowRef<'a> {
    bytes: &'a [u8],
    layout: &'a Layout,
    /// The `fields` of the layout, kept here too because decoding uses them most.
    fields: &'a [Option<Place>],
}

impl<'a> RowRef<'a> {
    /// The row that holds no field.
    pub(crate) const NONE: Self = Self { bytes: &[], layout: &NOTHING, fields: &[] };

    /// Checks that the bytes have the version and the length of this layout.
    pub(crate) fn new(bytes: &'a [u8], layout: &'a Layout) -> Result<Self, BadRow> {
        let row = Self { bytes, layout, fields: &layout.fields };
        let fits = bytes.len() >= layout.texts
            && layout_version(bytes) == Some(layout.version)
            && bytes.len() == layout.texts + row.end_before(layout.texts)?;
        if fits { Ok(row) } else { Err(BadRow) }
    }

    /// Its bytes.
    pub(crate) fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Its length in bytes.
    pub(crate) fn n_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Where the value of a field is, by the number of the field; `None` if the layout lacks it.
    #[inline(always)]
    pub(crate) fn place_of(&self, field: usize) -> Option<&'a Place> {
        self.fields.get(field)?.as_ref()
    }

    fn place(&self, slot: Slot) -> Option<&'a Place> {
        self.layout.place(slot)
    }

    #[inline(always)]
    fn bit(&self, place: &Place) -> bool {
        self.bytes.get(place.null_byte()).is_none_or(|byte| byte & place.null_bit != 0)
    }

    /// The bytes of a value of fixed width, whose place must have this storage; `None` for null.
    #[inline(always)]
    pub(crate) fn fixed<const N: usize>(
        &self,
        place: &Place,
        storage: Storage,
    ) -> Result<Option<[u8; N]>, BadRow> {
        if place.storage != storage {
            return Err(BadRow);
        }
        // Reading the bytes before looking at the null bit spares a branch that the processor
        // cannot predict.
        let bytes = self.chunk(place.offset())?;
        Ok((!self.bit(place)).then_some(bytes))
    }

    /// The bits in this slot, with integers sign-extended; `None` for null.
    ///
    /// The bits of a text say where the text ends.
    pub(crate) fn bits(&self, slot: Slot) -> Result<Option<u64>, BadRow> {
        let Some(place) = self.place(slot) else {
            return Ok(match self.layout.missing(slot) {
                Cell::Fixed(bits) => Some(bits),
                _ => None,
            });
        };
        let bits = match place.storage {
            Storage::Bool => u64::from(self.chunk::<1>(place.offset())?[0]),
            Storage::Int | Storage::Date | Storage::Time | Storage::Text | Storage::Bytes => {
                i64::from(i32::from_be_bytes(self.chunk(place.offset())?)).cast_unsigned()
            }
            Storage::Long | Storage::Double | Storage::DateTime | Storage::Id => {
                u64::from_be_bytes(self.chunk(place.offset())?)
            }
        };
        Ok((!self.bit(place)).then_some(bits))
    }

    /// The text at this place; `None` for null.
    pub(crate) fn text(&self, place: &Place) -> Result<Option<&'a str>, BadRow> {
        let text = self.variable(place, Storage::Text)?;
        text.map(std::str::from_utf8).transpose().map_err(|_| BadRow)
    }

    /// The bytes at this place; `None` for null.
    pub(crate) fn bytes(&self, place: &Place) -> Result<Option<&'a [u8]>, BadRow> {
        self.variable(place, Storage::Bytes)
    }

    /// The bytes of a text or of bytes, whose place must have this storage; `None` for null.
    fn variable(&self, place: &Place, storage: Storage) -> Result<Option<&'a [u8]>, BadRow> {
        if place.storage != storage {
            return Err(BadRow);
        }
        if self.bit(place) {
            return Ok(None);
        }
        let start = self.end_before(place.offset())?;
        let end = self.end_at(place.offset())?;
        let texts = self.bytes.get(self.layout.texts..).ok_or(BadRow)?;
        texts.get(start..end).map(Some).ok_or(BadRow)
    }

    /// The cell in this slot.
    pub(crate) fn cell(&self, slot: Slot) -> Result<Cell<'a>, BadRow> {
        let Some(place) = self.place(slot) else { return Ok(self.layout.missing(slot)) };
        Ok(match place.storage {
            Storage::Text => self.text(place)?.map_or(Cell::Null, Cell::Text),
            Storage::Bytes => self.variable(place, Storage::Bytes)?.map_or(Cell::Null, Cell::Bytes),
            _ => self.bits(slot)?.map_or(Cell::Null, Cell::Fixed),
        })
    }

    #[inline(always)]
    fn chunk<const N: usize>(&self, at: usize) -> Result<[u8; N], BadRow> {
        self.bytes.get(at..).and_then(<[u8]>::first_chunk).copied().ok_or(BadRow)
    }

    /// The end of the text whose end is written at `offset`.
    fn end_at(&self, offset: usize) -> Result<usize, BadRow> {
        usize::try_from(u32::from_be_bytes(self.chunk(offset)?)).map_err(|_| BadRow)
    }

    /// The start of the text whose end is written at `offset`: the end of the text before it.
    fn end_before(&self, offset: usize) -> Result<usize, BadRow> {
        if offset == self.layout.ends { Ok(0) } else { self.end_at(offset - END_LEN) }
    }
}

#[cfg(test)]
mod tests;
