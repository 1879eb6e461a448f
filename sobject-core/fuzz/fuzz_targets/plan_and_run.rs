//! Queries that are made of any bytes, planned and run on a small store.

#![no_main]

#[path = "../property.rs"]
mod property;

use std::sync::OnceLock;

use self::property::Shelf;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    static SHELF: OnceLock<Shelf> = OnceLock::new();
    let shelf = SHELF.get_or_init(Shelf::new);
    shelf.holds(&property::query_of(bytes));
    if let Ok(text) = std::str::from_utf8(bytes) {
        shelf.holds(text);
    }
});
