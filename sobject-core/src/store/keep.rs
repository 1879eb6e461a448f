//! What the store keeps and how it is drawn in bytes: spaces, tables, ids, leases, the feed, the recycle
//! bin and what is due there, indexes of values and of words, what callers have seen, and how unlisted
//! values were first written.
//!
//! **Invariants:** these rooms know no rule of the platform and no caller. They are given what to
//! read from and what to write into.

mod along;
mod bin;
mod due;
mod feed;
mod ids;
mod index;
mod lease;
mod schema;
mod seen;
mod spaces;
mod spellings;
mod state;
mod table;
mod words;

pub(crate) use self::{
    along::{Along, Taken},
    bin::Deletion,
    due::Due,
    feed::{
        Entry, Kind, arrivals,
        notes::{
            Cut, FeedPlace, Note, Stands, cursor, cursor_key, cursors, note_purged, purged_until,
        },
    },
    ids::{HeadOrder, Heads, Ids, can_be_drawn, head_of, next_head, packed_id},
    index::{Index, IndexRange},
    lease::{Counter, FIRST, Leases, MAX_NUMBER},
    schema::{BinLimits, Schema},
    seen::{
        NEVER, Seen, Turn, put_seen, seen, seen_together, turn_key, turns_before, viewer_key,
        viewers,
    },
    spaces::{
        ALONG, ARRIVALS, CATALOGUE, EMPTIED, FEED, FEED_NOTES, HEADS, IN_BIN, LEASES, OWN_SPACES,
        PER_CALLER, RECENT, SIDE, SIDE_BY_TEXT, SPELLINGS, record_space,
    },
    spellings::{Spelling, field_of, fold_anew, keys_of},
    state::WriterState,
    table::Table,
    words::{WordRange, Words},
};
