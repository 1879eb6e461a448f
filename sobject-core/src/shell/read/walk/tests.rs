//! What a walk has in memory at a time.

use super::*;
use crate::{Record, SObject, Session, Store};

/// A document, found by its name.
#[derive(SObject, Debug)]
#[sobject(name = "Document__c", key_prefix = "a0D")]
struct Document {
    #[field(create, filter, sort, name_field, length = 10)]
    name: String,
    #[field(create, custom)]
    body: Vec<u8>,
}

#[test]
fn large_records_behind_many_small_ones_are_read_a_few_at_a_time() {
    const LARGE: usize = 20_000;
    let db = Store::in_memory(&[Document::OBJECT]).unwrap().system();
    // The order of the names is another than that of the ids.
    let documents: Vec<_> = (0..540)
        .map(|n| {
            let place = n * 7 % 540;
            let body = vec![0; if place < 240 { 10 } else { LARGE }];
            DocumentCreate::new(format!("{place:03}"), body)
        })
        .collect();
    for documents in documents.chunks(200) {
        db.create_many(documents).unwrap().into_iter().for_each(|made| assert!(made.is_ok()));
    }
    let bytes = |document: &Record<Document>| document.body.len();
    let most_at_once = |walk: Walk<Session, Record<Document>>| {
        let (mut records, mut names, mut most) = (walk.into_iter(), Vec::new(), 0);
        while let Some(document) = records.next() {
            let document = document.unwrap();
            let rest: usize = records.chunk.as_slice().iter().map(bytes).sum();
            most = most.max(bytes(&document) + rest);
            names.push(document.fields.name);
        }
        (most, names)
    };
    let (most, names) = most_at_once(db.walk_range(Document::FIELDS.name, ..));
    assert!(names.iter().enumerate().all(|(place, name)| *name == format!("{place:03}")));
    assert_eq!(names.len(), 540);
    // As many bytes as a chunk has, and a piece of records.
    assert!(most <= CHUNK_BYTES + 32 * LARGE, "{most} bytes at once");
    let (most, names) = most_at_once(db.walk());
    assert_eq!(names.len(), 540);
    assert!(most <= CHUNK_BYTES + LARGE + 200, "{most} bytes at once");
}
