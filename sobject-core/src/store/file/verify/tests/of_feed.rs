//! Damage to what is noted beside the feed: its cut, its cursors, arrivals; and to what callers saw.

use super::shop::{Case, KIND, ONE, PART_ONE, TWO};
use crate::{
    bytes::fixed_key,
    catalogue::ObjectNo,
    store::keep::{
        ARRIVALS, FEED_NOTES, FeedPlace, PER_CALLER, RECENT, Seen, arrivals, cursor_key, turn_key,
        viewer_key,
    },
};

/// A cut of the feed behind its first change, which is still there.
fn cut() -> Vec<u8> {
    let place = FeedPlace { sequence: 1, stamp: 0, object: 0, id: 1 };
    [place.encode(), 0_i64.to_be_bytes().to_vec()].concat()
}

/// Damage to what is noted beside the feed and the records.
pub(super) const OF_FEED: &[Case] = &[
    (
        "a cut of the feed in front of a change that is there",
        |it| it.insert(FEED_NOTES, &[0], &cut()),
        &["the feed has a gap: 1 follows on 1"],
    ),
    (
        "a cut of the feed that is none",
        |it| it.insert(FEED_NOTES, &[0], &[1]),
        &["the feed: where the feed was cut off is no place"],
    ),
    (
        "a note on the feed of no kind",
        |it| it.insert(FEED_NOTES, &[9], &[]),
        &["a note on the feed is none"],
    ),
    (
        "a cursor that does not decode",
        |it| it.insert(FEED_NOTES, &cursor_key("x"), &[1]),
        &["the feed: a cursor of the feed is none"],
    ),
    (
        "a cursor behind no change",
        |it| {
            let place = FeedPlace { sequence: 99, ..FeedPlace::default() };
            it.insert(FEED_NOTES, &cursor_key("x"), &place.encode());
        },
        &["the cursor `x` stands behind no change"],
    ),
    (
        "a purge of an object that is not there",
        |it| it.insert(FEED_NOTES, &[2, 0, 9], &0_i64.to_be_bytes()),
        &["a purge is noted of object 9, which is not there"],
    ),
    (
        "a replica's put without an arrival",
        |it| it.set_change(7, KIND, &[0x82]),
        &["Part__c a0Pxx0000000001EAA: a replica put it, and its arrival is not listed"],
    ),
    (
        "an arrival of an object that is not there",
        |it| it.insert(ARRIVALS, &arrivals::key(ObjectNo(9), 0, it.pack(PART_ONE)), &[]),
        &["a replica put a record of object 9, which is not there"],
    ),
    (
        "what a caller saw is not listed",
        |it| {
            let seen = Seen { turn: 5, ..Seen::NEVER };
            it.insert(PER_CALLER, &fixed_key(it.pack(TWO), it.pack(ONE)), &seen.encode());
        },
        &[
            "0 entries say what callers saw in 1 turns, not two each",
            "a0Nxx0000000001EAA: a0Nxx0000000002EAA saw it, and that is not listed",
        ],
    ),
    (
        "what a caller saw is listed and no more",
        |it| {
            it.insert(RECENT, &turn_key(it.pack(TWO), 5, it.pack(ONE)), &[0, 0]);
            it.insert(RECENT, &viewer_key(it.pack(ONE), it.pack(TWO)), &[]);
        },
        &["2 entries say what callers saw in 0 turns, not two each"],
    ),
    (
        "what a caller saw is of no object",
        |it| {
            it.insert(RECENT, &turn_key(it.pack(TWO), 5, it.pack(ONE)), &[0, 9]);
            it.insert(RECENT, &viewer_key(it.pack(ONE), it.pack(TWO)), &[]);
        },
        &[
            "2 entries say what callers saw in 0 turns, not two each",
            "a caller saw a record of object 9, which is none",
        ],
    ),
    (
        "what a caller saw is of another object",
        |it| {
            it.insert(RECENT, &turn_key(it.pack(TWO), 5, it.pack(ONE)), &[0, 1]);
            it.insert(RECENT, &viewer_key(it.pack(ONE), it.pack(TWO)), &[]);
        },
        &[
            "2 entries say what callers saw in 0 turns, not two each",
            "a0Nxx0000000001EAA: a caller saw it, and it is no record of object 1",
        ],
    ),
];
