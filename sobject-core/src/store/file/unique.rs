//! Finding values that several records have, where a field is to be unique, in bounded memory.
//!
//! The values of a table can be more than memory holds, so records are compared by a hash of their
//! values, a part of the hashes at a time; only values whose hash is there twice are compared
//! themselves.

use std::{
    collections::BTreeMap,
    hash::{BuildHasher, RandomState},
};

use crate::error::Result;

/// Receives a record by its packed id, with its value; whether to go on with the next.
pub(super) type TakeValue<'f> = &'f mut dyn FnMut(u64, &[u8]) -> Result<bool>;

/// The first records that share a value, by packed id: about `n_named` of them. `each_value` calls
/// what it is given with every record that has a value, of `n_records` at most, and always with the
/// same; `max_hashes` are held at a
/// time, one for each record.
///
/// # Errors
/// Those of `each_value`.
pub(super) fn sharing(
    n_records: u64,
    max_hashes: u64,
    n_named: usize,
    each_value: &dyn Fn(TakeValue<'_>) -> Result<()>,
) -> Result<Vec<u64>> {
    let n_parts = n_records / max_hashes.max(1) + 1;
    let state = RandomState::new();
    for part in 0..n_parts {
        let mut hashes = Vec::new();
        each_value(&mut |_, value| {
            let hash = state.hash_one(value);
            if hash % n_parts == part {
                hashes.push(hash);
            }
            Ok(true)
        })?;
        hashes.sort_unstable();
        let mut twice = Vec::new();
        for pair in hashes.windows(2).filter(|pair| pair[0] == pair[1]) {
            if twice.last() != pair.first() {
                twice.push(pair[0]);
            }
        }
        drop(hashes);
        // Few values are held at a time; that they share a hash alone hardly ever happens.
        for suspects in twice.chunks(n_named.max(1)) {
            let mut holders: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
            let mut found = Vec::new();
            each_value(&mut |id, value| {
                if suspects.binary_search(&state.hash_one(value)).is_ok()
                    && let Some(holder) = holders.insert(value.to_vec(), id)
                {
                    found.extend([holder, id]);
                }
                Ok(found.len() < n_named)
            })?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
    }
    Ok(Vec::new())
}
