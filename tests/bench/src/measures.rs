//! What is measured, on both sides.
//!
//! Each side has a stream of inputs of its own, and both streams are the same; so whatever a
//! round writes, it writes to both.

use std::{
    hint::black_box,
    ops::ControlFlow,
    time::{Duration, Instant},
};

use sobject_core::{Error, Id, standard::User};

use crate::{
    Outcome, baseline,
    object::{LiveAgentSession, LiveAgentSessionUpdate},
    probe::{self, Fields, OneField, ROWS, TIMES},
    round::{Measure, Shown, Side},
    sample::{Random, Sessions, change},
    sides::{CALL, Sides},
    timing::{mean, mean_told, median},
};

/// Point reads in a round.
const GETS: u32 = 20_000;
/// Queries in a round.
const FINDS: u32 = 200;
/// Ranges in a round, and the records of each.
const RANGES: u32 = 20;
const RANGE: usize = 1000;
/// Calls by many ids in a round, and the ids of each.
const RETRIEVES: u32 = 10;
const RETRIEVED: u32 = 2000;
/// Durable calls of one record in a round.
const CALLS: u32 = 40;
/// Calls of many records in a round that are durable, and that write nothing.
const BIG_CALLS: u32 = 5;

/// All of them, in the order of the table.
pub(crate) fn all(sides: &Sides) -> Vec<Measure<'_>> {
    vec![
        decode_fields(sides),
        decode_record(sides),
        read_one_field(sides),
        encode(sides),
        encode_and_look_up(sides),
        get(sides),
        get_kept(sides),
        find(sides),
        range(sides),
        retrieve(sides),
        scan(sides),
        walk(sides),
        count(sides),
        create_one(sides),
        create_many(sides),
        update_one(sides),
        update_many(sides),
    ]
}

fn measure<'a>(
    name: &'static str,
    (shown, aim): (Shown, Option<f64>),
    by_hand: impl FnMut() -> Outcome<f64> + 'a,
    sobject: impl FnMut() -> Outcome<f64> + 'a,
) -> Measure<'a> {
    let (by_hand, sobject): (Side<'a>, Side<'a>) = (Box::new(by_hand), Box::new(sobject));
    Measure { name, shown, aim, by_hand, sobject, seen: Vec::new() }
}

/// The declared fields of a row in memory, again and again.
fn decode_fields(sides: &Sides) -> Measure<'_> {
    let heads = &sides.by_hand.heads;
    let fields = |row: &[u8]| baseline::fields(heads, row);
    measure(
        "decode fields, in cache",
        (Shown::Time, Some(1.5)),
        move || again_and_again(sides, fields),
        || probe::seconds::<Fields>(&sides.db),
    )
}

/// Whole records, each once: a scan less the bare walk over the same rows.
fn decode_record(sides: &Sides) -> Measure<'_> {
    measure(
        "decode record, scan less walk",
        (Shown::Time, Some(1.5)),
        || Ok(scan_by_hand(sides)? - bare_walk(sides)?),
        || Ok(scan_ours(sides)? - bare_walk(sides)?),
    )
}

/// One number of a row in memory, again and again.
fn read_one_field(sides: &Sides) -> Measure<'_> {
    measure(
        "read one field, in cache",
        (Shown::Time, Some(1.5)),
        || again_and_again(sides, baseline::time_idle),
        || probe::seconds::<OneField>(&sides.db),
    )
}

/// From typed values to all that a create writes, in memory; for ten agents.
fn encode(sides: &Sides) -> Measure<'_> {
    encode_of(sides, "encode, with keys and feed", Some(3.0), &sides.agents[..10])
}

/// The same for all agents: nearly each record's agent is looked up, which by hand is not done.
fn encode_and_look_up(sides: &Sides) -> Measure<'_> {
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
            per_record(mean_told(calls, |views| {
                let start = Instant::now();
                let batch = by_hand.creation(&views)?;
                let time = start.elapsed();
                black_box(batch);
                Ok(time)
            }))
        },
        move || {
            let calls = take_calls(BIG_CALLS, CALL, &mut our_views);
            per_record(mean_told(calls, |views| {
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
            }))
        },
    )
}

/// A record by id, from a file whose pages are in memory.
fn get(sides: &Sides) -> Measure<'_> {
    let (mut hand_picks, mut our_picks) = streams(Random::new(2));
    measure(
        "get",
        (Shown::Time, None),
        move || {
            mean(picks(&mut hand_picks, GETS, &sides.ids), |id| {
                black_box(sides.by_hand.get(id)?);
                Ok(())
            })
        },
        move || get_ours(sides, &mut our_picks),
    )
}

/// The same, with what redb calls a table kept open by hand.
fn get_kept(sides: &Sides) -> Measure<'_> {
    let (mut hand_picks, mut our_picks) = streams(Random::new(3));
    measure(
        "get, a table kept by hand",
        (Shown::Time, None),
        move || {
            let rows = sides.by_hand.rows()?;
            mean(picks(&mut hand_picks, GETS, &sides.ids), |id| {
                black_box(sides.by_hand.get_from(&rows, id)?);
                Ok(())
            })
        },
        move || get_ours(sides, &mut our_picks),
    )
}

fn get_ours(sides: &Sides, random: &mut Random) -> Outcome<f64> {
    mean(picks(random, GETS, &sides.ids), |id| {
        black_box(sides.db.get(id)?);
        Ok(())
    })
}

/// The hundred records or so of one agent, by index.
fn find(sides: &Sides) -> Measure<'_> {
    let (mut hand_picks, mut our_picks) = streams(Random::new(4));
    measure(
        "find the 100 of an agent",
        (Shown::Time, None),
        move || {
            mean(picks(&mut hand_picks, FINDS, &sides.agents), |agent| {
                black_box(sides.by_hand.find(agent)?);
                Ok(())
            })
        },
        move || {
            mean(picks(&mut our_picks, FINDS, &sides.agents), |agent| {
                black_box(sides.db.find(LiveAgentSession::FIELDS.agent_id, agent)?);
                Ok(())
            })
        },
    )
}

/// A thousand records by their names, by index.
fn range(sides: &Sides) -> Measure<'_> {
    let (mut hand_picks, mut our_picks) = streams(Random::new(7));
    // The names of the records that were there at the start are the numbers from 1.
    let names: Vec<_> = (1..=sides.ids.len()).map(|number| format!("{number:08}")).collect();
    let starts: Vec<_> = (0..names.len() - RANGE).collect();
    let (hand_names, our_names) = (names.clone(), names);
    let (hand_starts, our_starts) = (starts.clone(), starts);
    measure(
        "a range of 1000 names",
        (Shown::Time, None),
        move || {
            mean(picks(&mut hand_picks, RANGES, &hand_starts), |start| {
                let (from, to) = (&hand_names[start], &hand_names[start + RANGE]);
                black_box(sides.by_hand.range(from, to)?);
                Ok(())
            })
        },
        move || {
            mean(picks(&mut our_picks, RANGES, &our_starts), |start| {
                let range = our_names[start].clone()..our_names[start + RANGE].clone();
                black_box(sides.db.find_range(LiveAgentSession::FIELDS.name, range)?);
                Ok(())
            })
        },
    )
}

/// Two thousand records by random ids, in one call.
fn retrieve(sides: &Sides) -> Measure<'_> {
    let (mut hand_picks, mut our_picks) = streams(Random::new(8));
    let calls = |random: &mut Random| -> Vec<_> {
        (0..RETRIEVES).map(|_| picks(random, RETRIEVED, &sides.ids)).collect()
    };
    measure(
        "retrieve 2000",
        (Shown::Time, None),
        move || {
            mean(calls(&mut hand_picks), |ids| {
                black_box(sides.by_hand.retrieve(&ids)?);
                Ok(())
            })
        },
        move || {
            mean(calls(&mut our_picks), |ids| {
                black_box(sides.db.retrieve(&ids)?);
                Ok(())
            })
        },
    )
}

/// Every record as a struct, one after another, without a closure.
fn walk(sides: &Sides) -> Measure<'_> {
    let ours = || {
        whole_scan(|n| {
            for record in sides.db.walk::<LiveAgentSession>() {
                black_box(record?);
                *n += 1;
            }
            Ok(())
        })
    };
    measure("walk, records in chunks", (Shown::Rate, None), || scan_by_hand(sides), ours)
}

/// Every record as a struct.
fn scan(sides: &Sides) -> Measure<'_> {
    measure("scan, records", (Shown::Rate, None), || scan_by_hand(sides), || scan_ours(sides))
}

/// How many records there are.
fn count(sides: &Sides) -> Measure<'_> {
    let times = || (0..GETS).collect();
    measure(
        "count",
        (Shown::Time, None),
        move || {
            mean(times(), |_| {
                black_box(sides.by_hand.count()?);
                Ok(())
            })
        },
        move || {
            mean(times(), |_| {
                black_box(sides.db.count::<LiveAgentSession>()?);
                Ok(())
            })
        },
    )
}

/// One record in a durable call.
fn create_one(sides: &Sides) -> Measure<'_> {
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
fn create_many(sides: &Sides) -> Measure<'_> {
    let (mut hand_views, mut our_views) = streams(Sessions::of(&sides.agents));
    measure(
        "create 200, durable, records",
        (Shown::Rate, Some(0.8)),
        move || {
            let calls = take_calls(BIG_CALLS, CALL, &mut hand_views);
            per_record(median(calls, |views| sides.by_hand.create(&views)))
        },
        move || {
            let calls = take_calls(BIG_CALLS, CALL, &mut our_views);
            per_record(median(calls, |views| no_refusal(sides.db.create_many(&views)?)))
        },
    )
}

/// A number of one record in a durable call.
fn update_one(sides: &Sides) -> Measure<'_> {
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
fn update_many(sides: &Sides) -> Measure<'_> {
    let (mut hand_changes, mut our_changes) = streams(Changes::of(&sides.ids, 6));
    measure(
        "update 200, durable, records",
        (Shown::Rate, None),
        move || {
            let calls = take_calls(BIG_CALLS, CALL, &mut hand_changes);
            per_record(median(calls, |updates| sides.by_hand.update(&updates)))
        },
        move || {
            let calls = take_calls(BIG_CALLS, CALL, &mut our_changes);
            per_record(median(calls, |updates| no_refusal(sides.db.update_many(&updates)?)))
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

/// The same stream for each side.
fn streams<S: Clone>(stream: S) -> (S, S) {
    (stream.clone(), stream)
}

fn picks<T: Copy>(random: &mut Random, n: u32, among: &[T]) -> Vec<T> {
    (0..n).map(|_| random.pick(among)).collect()
}

/// The inputs of `n` calls with `size` records each.
fn take_calls<T>(n: u32, size: u32, stream: &mut impl Iterator<Item = T>) -> Vec<Vec<T>> {
    (0..n).map(|_| (0..size).filter_map(|_| stream.next()).collect()).collect()
}

/// The seconds of a record from those of a call.
fn per_record(seconds: Outcome<f64>) -> Outcome<f64> {
    Ok(seconds? / f64::from(CALL))
}

fn no_refusal<T>(results: Vec<Result<T, Error>>) -> Outcome<()> {
    for result in results {
        result?;
    }
    Ok(())
}

/// Reads each of some rows in memory many times over.
fn again_and_again<R>(sides: &Sides, read: impl Fn(&[u8]) -> R) -> Outcome<f64> {
    let mut time = Duration::ZERO;
    let mut left = ROWS;
    sides.by_hand.walk(|_, row| {
        let start = Instant::now();
        for _ in 0..TIMES {
            black_box(read(black_box(row)));
        }
        time += start.elapsed();
        left -= 1;
        if left > 0 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    Ok(time.as_secs_f64() / f64::from(ROWS) / f64::from(TIMES))
}

/// Passes over each row by hand and reads nothing of it.
fn bare_walk(sides: &Sides) -> Outcome<f64> {
    whole_scan(|n| {
        sides.by_hand.walk(|id, row| {
            black_box((id, row));
            *n += 1;
            ControlFlow::Continue(())
        })
    })
}

fn scan_by_hand(sides: &Sides) -> Outcome<f64> {
    whole_scan(|n| {
        sides.by_hand.scan(|record| {
            black_box(record);
            *n += 1;
        })
    })
}

fn scan_ours(sides: &Sides) -> Outcome<f64> {
    whole_scan(|n| {
        sides.db.scan::<LiveAgentSession>(|record| {
            black_box(record);
            *n += 1;
            ControlFlow::Continue(())
        })?;
        Ok(())
    })
}

/// The seconds of a record from those of a scan, which counts its records.
fn whole_scan(scan: impl FnOnce(&mut u32) -> Outcome<()>) -> Outcome<f64> {
    let mut n = 0;
    let start = Instant::now();
    scan(&mut n)?;
    Ok(start.elapsed().as_secs_f64() / f64::from(n))
}
