//! Copies that follow a source by the two calls and by a cursor, through random work: the example
//! `replica`, as a model test.

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
    follow::{ByCalls, ByCursor, differences, records},
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
        let differ = differences(&of_source, &of_copy);
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
    let (of_second, of_third) =
        (records(&second.system()).unwrap(), records(&third.system()).unwrap());
    assert_eq!(of_third, of_second);
    verify(&third);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn copies_end_equal_to_their_source(plan in plan()) {
        run(plan);
    }
}

#[test]
fn copies_of_a_source_that_purges_end_equal_to_it() {
    // Contracts that were in the recycle bin when their customer was deleted are removed a day later.
    let plan = Plan {
        seed: 2_173_475_638_387_270_321,
        n_writes: 139,
        calls_every: 30,
        cursor_every: 29,
        cut_every: 24,
        pace: 1911,
    };
    run(plan);
    // The copies catch up so rarely that they never see some of what is removed in the bin.
    run(Plan { n_writes: 150, calls_every: 70, cursor_every: 70, pace: 4_000, ..plan });
}
