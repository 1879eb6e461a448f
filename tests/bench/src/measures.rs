//! What is measured, on both sides.
//!
//! Each side has a stream of inputs of its own, and both streams are the same; so whatever a
//! round writes, it writes to both.

mod writes;

use std::{
    hint::black_box,
    ops::ControlFlow,
    time::{Duration, Instant},
};

use crate::{
    Outcome, baseline,
    object::LiveAgentSession,
    probe::{self, Fields, OneField, ROWS, TIMES},
    round::{Measure, Shown, Side},
    sample::Random,
    sides::Sides,
    timing::mean,
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
        writes::encode(sides),
        writes::encode_and_look_up(sides),
        get(sides),
        get_kept(sides),
        find(sides),
        range(sides),
        retrieve(sides),
        scan(sides),
        walk(sides),
        count(sides),
        writes::create_one(sides),
        writes::create_many(sides),
        writes::create_in_a_transaction(sides),
        writes::update_one(sides),
        writes::update_many(sides),
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
