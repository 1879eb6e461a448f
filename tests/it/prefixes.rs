//! Objects whose ids start alike, and objects of whose ids nobody knows how they start.

mod shared;
mod without;

use serde_json::{Value as Json, json};
use sobject_core::{KeyPrefix, RecordId};

/// The id of a record that another store made.
fn there(prefix: &str, number: u64) -> RecordId {
    RecordId::from_parts(KeyPrefix::new(prefix).unwrap(), *b"Hs0", number).unwrap()
}

/// A record as its source has it, with these values.
fn of_source(id: RecordId, values: &Json) -> Json {
    let (at, by) = ("2016-01-05T09:30:00.000+0000", there("005", 1));
    let stamps = json!({
        "Id": id, "IsDeleted": false, "CreatedDate": at, "CreatedById": by,
        "LastModifiedDate": at, "LastModifiedById": by, "SystemModstamp": at,
    });
    crate::desk::record(&stamps, values).into()
}
