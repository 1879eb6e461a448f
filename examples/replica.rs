//! Two copies of a store, kept up to date by the two ways that there are.
//!
//! ```text
//! cargo run --example replica                a thousand writes
//! cargo run --example replica -- 20000 7     more of them, and other random ones
//! ```
//!
//! A source is written to at random (`work.rs`): customers, contracts and visits (`objects.rs`) are
//! created, changed, deleted and undeleted. A customer that is deleted takes its contracts along, and
//! visits lose its name; what is undeleted brings all of that back. Now and then two copies in replica
//! mode catch up (`follow.rs`). The first asks as every client of an org can: which records were updated and deleted
//! since it last asked. The second reads the changes behind its cursor, which the source keeps by name,
//! so that the source may cut off what was read. In the end all three hold the same, record by record,
//! and each proves itself consistent.

#[path = "replica/follow.rs"]
mod follow;
#[path = "replica/objects.rs"]
mod objects;
#[path = "replica/work.rs"]
mod work;

use std::{env, error::Error};

use chrono::{TimeDelta, TimeZone, Utc};
use sobject_core::{Clock, ManualClock, Store};

use crate::{
    follow::{ByCalls, ByCursor, differences, records},
    objects::OBJECTS,
    work::Work,
};

/// Writes after which the copies catch up.
const ROUND: u64 = 50;

fn main() -> Result<(), Box<dyn Error>> {
    let mut numbers = env::args().skip(1).map(|it| it.parse::<u64>());
    let n_writes = numbers.next().transpose()?.unwrap_or(1_000);
    let seed = numbers.next().transpose()?.unwrap_or(1);

    // Time is told, not waited for: it goes on by some seconds with each write.
    let start = Utc.with_ymd_and_hms(2026, 3, 1, 8, 0, 0).single().ok_or("no such time")?;
    let clock = ManualClock::at(start);
    let store = |instance: &str| {
        // However much time the writes take, the source keeps what the copies are compared with.
        let builder = Store::builder().clock(clock.clone()).recycle_bin_age(None);
        builder.instance(instance).in_memory(OBJECTS)
    };
    let (source, first, second) = (store("src")?, store("one")?, store("two")?);
    let mut work = Work::new(source.system(), seed);
    let mut by_calls = ByCalls::new(source.system(), &first, start);
    let mut by_cursor = ByCursor::new(&source, &second, "second copy")?;

    for n in 0..n_writes {
        work.write()?;
        clock.advance(TimeDelta::seconds(13));
        if n % ROUND == ROUND - 1 {
            by_calls.catch_up(clock.now())?;
            by_cursor.catch_up()?;
        }
    }
    by_calls.catch_up(clock.now())?;
    by_cursor.catch_up()?;

    println!("{}", work.done);
    println!("By getUpdated and getDeleted: {}", by_calls.done);
    println!("By the cursor:                {}", by_cursor.done);
    let of_source = records(&source.system())?;
    for (name, copy) in [("first", &first), ("second", &second)] {
        if !differences(&of_source, &records(&copy.system())?).is_empty() {
            return Err(format!("the {name} copy differs from its source").into());
        }
    }
    for store in [&source, &first, &second] {
        store.verify()?;
    }
    println!("All three hold the same {} records, live and deleted.", of_source.len());

    // Two months later, what everyone has read can go.
    clock.advance(TimeDelta::days(60));
    let n_cut = source.compact_feed(clock.now())?;
    source.verify()?;
    println!("The source has cut off {n_cut} changes that nobody needs any more.");
    Ok(())
}
