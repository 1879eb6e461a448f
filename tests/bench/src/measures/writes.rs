//! Measures of writing: what a create costs before the disk is asked, and durable calls and
//! transactions.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use sobject_core::{Error, Id, standard::User};

use super::{BIG_CALLS, CALLS, measure, streams, take_calls};
use crate::{
    Outcome,
    object::{LiveAgentSession, LiveAgentSessionUpdate},
    round::{Measure, Shown},
    sample::{Random, Sessions, change},
    sides::{CALL, Sides},
    timing::{mean_told, median},
};

/// Large transactions in a round, and the records of each.
const TRANSACTIONS: u32 = 3;
const TRANSACTION: u32 = 10_000;

/// From typed values to all that a create writes, in memory; for ten agents.
pub(super) fn encode(sides: &Sides) -> Measure<'_> {
    encode_of(sides, "encode, with keys and feed", Some(3.0), &sides.agents[..10])
}

/// The same for all agents: nearly each record's agent is looked up, which by hand is not done.
pub(super) fn encode_and_look_up(sides: &Sides) -> Measure<'_> {
    encode_of(sides, "the same, looking up agents", None, &sides.agents)
}

fn encode_of<'a>(
    sides: &'a Sides,
    name: &'static str,
    aim: Option<f64>,
    agents: &'a [Id<User>],
) -> Measure<'a> {
    let Sides { by_hand, db, .. } = sides;
    let (mut hand_views, mut our_views) = streams(Sessions::of(agents));
    measure(
        name,
        (Shown::Time, aim),
        move || {
            let calls = take_calls(BIG_CALLS, CALL, &mut hand_views);
            let told = mean_told(calls, |views| {
                let start = Instant::now();
                let batch = by_hand.creation(&views)?;
                let time = start.elapsed();
                black_box(batch);
                Ok(time)
            });
            per_record(told, CALL)
        },
        move || {
            let calls = take_calls(BIG_CALLS, CALL, &mut our_views);
            let told = mean_told(calls, |views| {
                let mut time = Duration::ZERO;
                let stopped = db.transaction(|tx| {
                    let start = Instant::now();
                    for view in &views {
                        tx.create(view)?;
                    }
                    time = start.elapsed();
                    // The numbers that were drawn are written all the same, after this.
                    Err::<(), _>(Stop::OnPurpose)
                });
                match stopped {
                    Err(Stop::Refused(error)) => Err(error.into()),
                    _ => Ok(time),
                }
            });
            per_record(told, CALL)
        },
    )
}

/// One record in a durable call.
pub(super) fn create_one(sides: &Sides) -> Measure<'_> {
    let (mut hand_views, mut our_views) = streams(Sessions::of(&sides.agents));
    measure(
        "create 1, durable",
        (Shown::Time, None),
        move || median(take_calls(CALLS, 1, &mut hand_views), |views| sides.by_hand.create(&views)),
        move || {
            median(take_calls(CALLS, 1, &mut our_views), |views| {
                for view in views {
                    sides.db.create(view)?;
                }
                Ok(())
            })
        },
    )
}

/// Two hundred records in a durable call.
pub(super) fn create_many(sides: &Sides) -> Measure<'_> {
    let (mut hand_views, mut our_views) = streams(Sessions::of(&sides.agents));
    measure(
        "create 200, durable, records",
        (Shown::Rate, Some(0.8)),
        move || {
            let calls = take_calls(BIG_CALLS, CALL, &mut hand_views);
            per_record(median(calls, |views| sides.by_hand.create(&views)), CALL)
        },
        move || {
            let calls = take_calls(BIG_CALLS, CALL, &mut our_views);
            per_record(median(calls, |views| no_refusal(sides.db.create_many(&views)?)), CALL)
        },
    )
}

/// Ten thousand records in a durable transaction, one after another.
pub(super) fn create_in_a_transaction(sides: &Sides) -> Measure<'_> {
    let (mut hand_views, mut our_views) = streams(Sessions::of(&sides.agents));
    measure(
        "create 10000, a transaction",
        (Shown::Rate, Some(0.8)),
        move || {
            let all = take_calls(TRANSACTIONS, TRANSACTION, &mut hand_views);
            per_record(median(all, |views| sides.by_hand.create(&views)), TRANSACTION)
        },
        move || {
            let all = take_calls(TRANSACTIONS, TRANSACTION, &mut our_views);
            let created = median(all, |views| {
                Ok(sides.db.transaction(|tx| {
                    for view in &views {
                        tx.create(view)?;
                    }
                    Ok::<_, Error>(())
                })?)
            });
            per_record(created, TRANSACTION)
        },
    )
}

/// A number of one record in a durable call.
pub(super) fn update_one(sides: &Sides) -> Measure<'_> {
    let (mut hand_changes, mut our_changes) = streams(Changes::of(&sides.ids, 5));
    measure(
        "update 1, durable",
        (Shown::Time, None),
        move || {
            median(take_calls(CALLS, 1, &mut hand_changes), |updates| {
                sides.by_hand.update(&updates)
            })
        },
        move || {
            median(take_calls(CALLS, 1, &mut our_changes), |updates| {
                for (id, view) in updates {
                    sides.db.update(id, view)?;
                }
                Ok(())
            })
        },
    )
}

/// A number of two hundred records in a durable call.
pub(super) fn update_many(sides: &Sides) -> Measure<'_> {
    let (mut hand_changes, mut our_changes) = streams(Changes::of(&sides.ids, 6));
    measure(
        "update 200, durable, records",
        (Shown::Rate, None),
        move || {
            let calls = take_calls(BIG_CALLS, CALL, &mut hand_changes);
            per_record(median(calls, |updates| sides.by_hand.update(&updates)), CALL)
        },
        move || {
            let calls = take_calls(BIG_CALLS, CALL, &mut our_changes);
            per_record(median(calls, |updates| no_refusal(sides.db.update_many(&updates)?)), CALL)
        },
    )
}

/// Why a transaction ends without writing.
enum Stop {
    OnPurpose,
    Refused(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

/// Changes of records, without end.
#[derive(Clone)]
struct Changes<'a> {
    ids: &'a [Id<LiveAgentSession>],
    random: Random,
}

impl<'a> Changes<'a> {
    fn of(ids: &'a [Id<LiveAgentSession>], seed: u64) -> Self {
        Self { ids, random: Random::new(seed) }
    }
}

impl Iterator for Changes<'_> {
    type Item = (Id<LiveAgentSession>, LiveAgentSessionUpdate);

    fn next(&mut self) -> Option<Self::Item> {
        Some((self.random.pick(self.ids), change(&mut self.random)))
    }
}

/// The seconds of a record from those of a call of so many.
fn per_record(seconds: Outcome<f64>, n_records: u32) -> Outcome<f64> {
    Ok(seconds? / f64::from(n_records))
}

fn no_refusal<T>(results: Vec<Result<T, Error>>) -> Outcome<()> {
    for result in results {
        result?;
    }
    Ok(())
}
