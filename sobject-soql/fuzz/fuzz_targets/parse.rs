//! Any text, as a query and as a search in each dialect.

#![no_main]

#[path = "../property.rs"]
mod property;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let count = property::holds(text);
    // In two dialects, as a query and as a search.
    assert_eq!(count.read + count.refused, 4);
});
