//! Writes: what the calls that change records do, inside one transaction.
//!
//! A call makes a [`Draft`](draft::Draft) of each record, checks it stage by stage, and moves the
//! record by [`change`].
//!
//! **Invariants:** a write goes into a buffer, and only a finished buffer reaches the engine, so a
//! refusal, an error and a panic leave nothing behind. [`change`] alone touches records.

mod batch;
mod cache;
mod change;
mod create;
mod cut;
mod draft;
mod expect;
mod hooks;
mod keyed;
mod purge;
mod remove;
mod seen;
mod spell;
mod unique;
mod update;
mod writer;

pub use self::writer::Invalid;
pub(crate) use self::{
    cache::Expected,
    change::{Change, Move, change},
    draft::{Source, not_a_record},
    expect::expect_unique,
    keyed::{KeyPlace, Upserted},
    seen::Look,
    spell::expect_taken_up,
    writer::{End, Event, GivenHooks, Hook, HookBatch, Hooked, Hooks, Write, set_system},
};
