//! Following a store: getUpdated and getDeleted, the changes behind a token, and cutting the feed off.

mod budget;
mod changes;
mod compaction;
mod covered;
mod crash;
mod followers;
mod of_replicas;
mod recent;
mod windows;

use std::ops::Range;

use sobject_core::{
    Deleted, Id, SObject, Updated,
    chrono::{DateTime, TimeDelta, Utc},
    standard::User,
};

use crate::desk::{Desk, at};

/// A moment of the first of May, by its time of day.
fn may(time: &str) -> DateTime<Utc> {
    at(&format!("2026-05-01T{time}Z"))
}

/// A window of the first of May.
fn window(start: &str, end: &str) -> Range<DateTime<Utc>> {
    may(start)..may(end)
}

/// Sets the clock of a desk to a time of the first of May.
fn set(desk: &Desk, time: &str) {
    desk.clock.set(may(time));
}

fn updated<T: SObject>(desk: &Desk, start: &str, end: &str) -> Vec<Id<T>> {
    let answer: Updated<Id<T>> = desk.db.get_updated::<T>(window(start, end)).expect("an answer");
    answer.ids
}

fn deleted<T: SObject>(desk: &Desk, start: &str, end: &str) -> Vec<(Id<T>, DateTime<Utc>)> {
    let answer: Deleted<Id<T>> = desk.db.get_deleted::<T>(window(start, end)).expect("an answer");
    answer.deleted_records.iter().map(|it| (it.id, it.deleted_date)).collect()
}

/// A user made at a time of the first of May.
fn user_at(desk: &Desk, time: &str, name: &str) -> Id<User> {
    set(desk, time);
    desk.user(name)
}

fn minutes(n: i64) -> TimeDelta {
    TimeDelta::minutes(n)
}
