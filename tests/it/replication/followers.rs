//! Copies that follow a source by the two calls and by a cursor, through random work: the example
//! `replica`, as a model test.

use std::collections::BTreeSet;

use proptest::prelude::*;
use sobject_core::{Clock, ManualClock, Store, chrono::TimeDelta};

use super::may;
use crate::desk::verify;

#[path = "../../../examples/replica/follow.rs"]
pub(super) mod follow;
#[path = "../../../examples/replica/objects.rs"]
pub(super) mod objects;
#[path = "../../../examples/replica/work.rs"]
pub(super) mod work;

use self::{
    follow::{ByCalls, ByCursor, records},
    objects::OBJECTS,
    work::Work,
};

/// When what is done: after so many writes the copies catch up, the source is cut off, or both.
#[derive(Clone, Copy, Debug)]
struct Plan {
    seed: u64,
    n_writes: u64,
    calls_every: u64,
    cursor_every: u64,
    cut_every: u64,
    /// Seconds between two writes.
    pace: i64,
}

fn plan() -> impl Strategy<Value = Plan> {
    let every = || 1..40_u64;
    (any::<u64>(), 20..160_u64, every(), every(), 10..60_u64, 0..4_000_i64).prop_map(
        |(seed, n_writes, calls_every, cursor_every, cut_every, pace)| Plan {
            seed,
            n_writes,
            calls_every,
            cursor_every,
            cut_every,
            pace,
        },
    )
}

fn run(plan: Plan) {
    let clock = ManualClock::at(may("08:00:00"));
    let store = |instance: &str| {
        Store::builder().clock(clock.clone()).instance(instance).in_memory(OBJECTS).unwrap()
    };
    let (source, first, second) = (store("src"), store("one"), store("two"));
    let mut work = Work::new(source.system(), plan.seed);
    let mut by_calls = ByCalls::new(source.system(), &first, may("08:00:00"));
    let mut by_cursor = ByCursor::new(&source, &second, "second").unwrap();
    for n in 1..=plan.n_writes {
        work.write().unwrap();
        clock.advance(TimeDelta::seconds(plan.pace));
        if n % plan.calls_every == 0 {
            by_calls.catch_up(clock.now()).unwrap();
        }
        if n % plan.cursor_every == 0 {
            by_cursor.catch_up().unwrap();
        }
        if n % plan.cut_every == 0 {
            source.compact_feed(clock.now()).unwrap();
        }
    }
    by_calls.catch_up(clock.now()).unwrap();
    by_cursor.catch_up().unwrap();
    let of_source = records(&source.system()).unwrap();
    for copy in [&first, &second] {
        let of_copy = records(&copy.system()).unwrap();
        let differ: BTreeSet<_> = of_source
            .keys()
            .chain(of_copy.keys())
            .filter(|key| of_source.get(key) != of_copy.get(key))
            .collect();
        assert!(differ.is_empty(), "{plan:?}: {differ:?}");
    }
    for store in [&source, &first, &second] {
        verify(store);
    }

    // A copy is a source itself: one that follows the copy ends equal, too.
    let third = store("thr");
    let mut by_cursor = ByCursor::new(&second, &third, "third").unwrap();
    by_cursor.catch_up().unwrap();
    by_cursor.catch_up().unwrap();
    assert_eq!(records(&third.system()).unwrap(), of_source);
    verify(&third);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn copies_end_equal_to_their_source(plan in plan()) {
        run(plan);
    }
}
