//! Rows are read back as they were written, by their own layout; bytes that are no row are refused.

use proptest::{collection::vec, prelude::*, sample::subsequence, test_runner::RngSeed};

use super::*;

/// A slot's storage and a value for it.
fn value() -> impl Strategy<Value = (Storage, OwnedCell)> {
    let integer = |value: i64| OwnedCell::Fixed(value.cast_unsigned());
    let filled = prop_oneof![
        any::<bool>().prop_map(|value| (Storage::Bool, OwnedCell::Fixed(value.into()))),
        any::<i32>().prop_map(move |value| (Storage::Int, integer(value.into()))),
        any::<i32>().prop_map(move |value| (Storage::Date, integer(value.into()))),
        any::<i64>().prop_map(move |value| (Storage::DateTime, integer(value))),
        any::<u64>().prop_map(|bits| (Storage::Double, OwnedCell::Fixed(bits))),
        any::<i64>().prop_map(move |value| (Storage::Long, integer(value))),
        (0..86_400_000_i64).prop_map(move |value| (Storage::Time, integer(value))),
        vec(any::<u8>(), 0..20).prop_map(|it| (Storage::Bytes, OwnedCell::Bytes(it.into()))),
        any::<u64>().prop_map(|packed| (Storage::Id, OwnedCell::Fixed(packed))),
        any::<String>().prop_map(|text| (Storage::Text, OwnedCell::Text(text.into()))),
        Just((Storage::Text, OwnedCell::Text("".into()))),
    ];
    (filled, proptest::bool::weighted(0.3)).prop_map(|((storage, value), is_null)| {
        (storage, if is_null { OwnedCell::Null } else { value })
    })
}

/// Values by slot, and the slots of a layout in the order of its bitmap.
fn rows() -> impl Strategy<Value = (Vec<(Storage, OwnedCell)>, Vec<Slot>)> {
    vec(value(), 1..20).prop_flat_map(|values| {
        let slots: Vec<Slot> = (0..).take(values.len()).collect();
        let some = subsequence(slots.clone(), 0..=slots.len()).prop_shuffle();
        (Just(values), some)
    })
}

/// A slot that no layout has, and that reads as a value.
const ADDED: Slot = 30;

/// The values that slots which a layout lacks read as.
fn missing() -> Vec<(Slot, OwnedCell)> {
    vec![(ADDED, OwnedCell::Text("new".into()))]
}

/// The layout of these slots, and the row of these values.
fn encode(values: &[(Storage, OwnedCell)], slots: &[Slot]) -> (Layout, Vec<u8>) {
    let storage = |slot: Slot| values[usize::from(slot)].0;
    let slots: Vec<_> = slots.iter().map(|slot| (*slot, storage(*slot))).collect();
    let layout = Layout::new(3, &slots, missing());
    let cells: Vec<_> = values.iter().map(|(_, value)| value.as_cell()).collect();
    let mut row = Vec::new();
    layout.encode(&cells, &mut row).unwrap();
    (layout, row)
}

/// Reads everything that can be read from a row.
fn read_all(row: RowRef<'_>, n_slots: usize) -> Vec<Result<OwnedCell, BadRow>> {
    (0..).take(n_slots).map(|slot| row.cell(slot).map(OwnedCell::from)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_row_comes_back_and_a_slot_that_its_layout_lacks_is_null((values, slots) in rows()) {
        let (layout, bytes) = encode(&values, &slots);
        prop_assert_eq!(layout_version(&bytes), Some(3));
        let row = RowRef::new(&bytes, &layout).unwrap();
        // Reads two slots more than there are, as if fields had been added since the row was
        // written.
        let read = read_all(row, values.len() + 2);
        for (slot, read) in (0..).zip(read) {
            let expected = match values.get(usize::from(slot)) {
                Some((_, value)) if slots.contains(&slot) => value.clone(),
                _ => OwnedCell::Null,
            };
            prop_assert_eq!(row.cell(slot).unwrap().is_null(), expected == OwnedCell::Null);
            prop_assert_eq!(read, Ok(expected));
        }
    }

    #[test]
    fn a_slot_that_a_layout_lacks_reads_as_what_the_layout_says((values, slots) in rows()) {
        let (layout, bytes) = encode(&values, &slots);
        let row = RowRef::new(&bytes, &layout).unwrap();
        prop_assert_eq!(row.cell(ADDED), Ok(Cell::Text("new")));
        prop_assert!(!row.cell(ADDED).unwrap().is_null());
    }

    #[test]
    fn the_same_values_make_the_same_bytes((values, slots) in rows()) {
        prop_assert_eq!(encode(&values, &slots).1, encode(&values, &slots).1);
    }

    #[test]
    fn a_row_of_another_length_or_version_is_refused(
        (values, slots) in rows(),
        cut in any::<prop::sample::Index>(),
        added in vec(any::<u8>(), 1..20),
    ) {
        let (layout, bytes) = encode(&values, &slots);
        let cut = &bytes[..cut.index(bytes.len())];
        prop_assert!(RowRef::new(cut, &layout).is_err());
        prop_assert!(RowRef::new(&[bytes.clone(), added].concat(), &layout).is_err());
        let other = Layout { version: 4, ..layout };
        prop_assert!(RowRef::new(&bytes, &other).is_err());
    }

    #[test]
    fn garbled_bytes_are_read_as_some_row_or_refused(
        (values, slots) in rows(),
        garbled in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let (layout, mut bytes) = encode(&values, &slots);
        for (place, byte) in garbled {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let Ok(row) = RowRef::new(&bytes, &layout) else { return Ok(()) };
        for ((storage, _), read) in values.iter().zip(read_all(row, values.len())) {
            let is_of_its_kind = match read {
                Ok(OwnedCell::Text(_)) => *storage == Storage::Text,
                Ok(OwnedCell::Bytes(_)) => *storage == Storage::Bytes,
                Ok(OwnedCell::Fixed(_)) => !matches!(storage, Storage::Text | Storage::Bytes),
                Ok(OwnedCell::Null) | Err(BadRow) => true,
            };
            prop_assert!(is_of_its_kind);
        }
    }

    #[test]
    fn any_bytes_at_all_are_read_or_refused(
        (values, slots) in rows(),
        mut bytes in vec(any::<u8>(), 0..200),
    ) {
        let (layout, _) = encode(&values, &slots);
        if let Some(version) = bytes.first_chunk_mut() {
            *version = 3_u16.to_be_bytes();
        }
        let n_read = RowRef::new(&bytes, &layout).map(|row| read_all(row, values.len()).len());
        prop_assert!(matches!(n_read, Err(BadRow)) || n_read == Ok(values.len()));
    }
}
