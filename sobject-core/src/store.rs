//! Floor 5, the store: records under the platform's rules, on an engine.
//!
//! Works from the catalogue and knows no Rust type of a record.
//!
//! | room | what |
//! |---|---|
//! | `file` | opening, changing the objects of a file, building indexes, verify |
//! | `replica` | records as their source has them |
//! | `write` | create, update, upsert, delete, undelete and purge, with hooks; the one primitive that changes records |
//! | `read` | records by id, by index and in order; what changed; describe and layouts |
//! | `rules` | rights, values, references, keys, defaults, and the order of checks |
//! | `keep` | spaces, tables, ids, leases, the feed, the bin and what is due there, indexes of values and of words, spellings |
//!
//! A room uses those below it in this table. **Invariant:** the live space of an object holds its
//! live records and nothing else.

mod file;
mod keep;
mod open_store;
mod read;
mod replica;
mod rules;
mod write;

pub(crate) use self::{
    file::{BUILD_STEP, MAX_CASCADE, Opened, Settings, check, dormant, open, verify},
    keep::{
        BinLimits, CATALOGUE, Deletion, HeadOrder, Index, IndexRange, Schema, Table, WordRange,
        Words, cursor, cursors, next_head,
    },
    open_store::OpenStore,
    read::{
        Changed, GivenRow, Held, Layouts, Path, Reader, SERVICES, Session, Sought, Step, Stepped,
        describe, describe_global, describe_layout, describe_sobjects,
    },
    replica::{PassedKeys, PutOptions, unresolved},
    rules::{Access, Given, MAX_IDS, check_count, convert, find_key, strip},
    write::{
        Event, GivenHooks, Hook, HookBatch, Hooked, Hooks, KeyPlace, Look, Source, Upserted, Write,
    },
};
pub use self::{
    file::{Dormant, Dropped, Verified},
    read::{
        Change, ChangeKind, ChangePage, ChangeToken, FieldReader, Page, RecentlyViewed, ResumeKey,
        RowReader,
    },
    replica::{PassedOver, UnresolvedReference},
    rules::{AccessType, Stripped},
    write::Invalid,
};

#[cfg(test)]
pub(crate) use self::keep::{Ids, LEASES, OWN_SPACES};
