//! [`HeadOrder`]: the order of ids, told by their packed forms.
//!
//! Heads are numbered by first sight, so packed ids of one head are ordered as their ids are, and those
//! of several heads are not. **Invariant:** for two ids of one store, the order of
//! [`HeadOrder::place_of`] is that of their texts.

use super::{Ids, NUMBER_BITS, SIDE_HEAD, head_of, serial};
use crate::{
    engine::{Read, has_any},
    error::Result,
    store::keep::SIDE,
};

/// The places of the heads of ids among each other.
#[derive(Clone, Debug)]
pub(crate) struct HeadOrder {
    /// By the number of the head less one.
    places: Vec<u16>,
}

impl Ids {
    /// The order of the heads; `None` if there are ids in the side dictionary, whose packed forms tell
    /// nothing of their texts.
    ///
    /// # Errors
    /// [`Error::Storage`](crate::Error::Storage).
    pub(crate) fn head_order(&self, read: &dyn Read) -> Result<Option<HeadOrder>> {
        if has_any(read, SIDE)? {
            return Ok(None);
        }
        let heads = (0..usize::from(SIDE_HEAD)).map_while(|place| self.head_at(place));
        let mut by_text: Vec<_> = heads.zip(0_usize..).collect();
        by_text.sort_unstable();
        let mut places = vec![0; by_text.len()];
        for (place, (_, number)) in (0_u16..).zip(by_text) {
            if let Some(it) = places.get_mut(number) {
                *it = place;
            }
        }
        Ok(Some(HeadOrder { places }))
    }

    fn head_at(&self, place: usize) -> Option<[u8; 6]> {
        let committed = self.committed.get(place);
        committed.or_else(|| self.new.get(place.checked_sub(self.n_committed)?).copied())
    }
}

impl HeadOrder {
    /// A number that is ordered as the id with this packed form is.
    #[inline]
    pub(crate) fn place_of(&self, packed: u64) -> u64 {
        let number = usize::from(head_of(packed)).wrapping_sub(1);
        let place = self.places.get(number).copied().unwrap_or(u16::MAX);
        u64::from(place) << NUMBER_BITS | serial(packed)
    }
}

/// The packed ids of the next head behind that of a packed id; `None` if it has the last.
pub(crate) fn next_head(packed: u64) -> Option<u64> {
    head_of(packed).checked_add(1).map(|head| u64::from(head) << NUMBER_BITS)
}
