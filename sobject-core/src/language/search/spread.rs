//! How many records of each object a search gives, if it finds more than it may give in all.

/// How many of so many records of each object there are, within a limit on all. Each object gets the same
/// share, but what one does not need goes to the others; what cannot be shared goes to the first.
pub(super) fn spread(counts: &[usize], limit: usize) -> Vec<usize> {
    let mut given = vec![0; counts.len()];
    let mut left = limit;
    loop {
        let open: Vec<_> = (0..counts.len()).filter(|n| given[*n] < counts[*n]).collect();
        if open.is_empty() || left == 0 {
            return given;
        }
        let share = (left / open.len()).max(1);
        for n in open {
            let more = share.min(counts[n] - given[n]).min(left);
            given[n] += more;
            left -= more;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prop_assert, prop_assert_eq, proptest};

    use super::spread;

    #[test]
    fn a_limit_is_spread_evenly() {
        for (counts, limit, expected) in [
            (vec![19, 35], 20, vec![10, 10]),
            (vec![19, 35], 2_000, vec![19, 35]),
            (vec![5, 35], 20, vec![5, 15]),
            (vec![9, 9, 9], 5, vec![2, 2, 1]),
            (vec![9, 9, 9], 2, vec![1, 1, 0]),
            (vec![9, 0, 9], 0, vec![0, 0, 0]),
            (vec![], 7, vec![]),
        ] {
            assert_eq!(spread(&counts, limit), expected, "{counts:?} {limit}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost_that_there_is_room_for(counts in vec(0..40_usize, 0..8), limit in 0..200_usize) {
            let given = spread(&counts, limit);
            prop_assert_eq!(given.iter().sum::<usize>(), counts.iter().sum::<usize>().min(limit));
            prop_assert!(given.iter().zip(&counts).all(|(given, count)| given <= count));
            // Nobody has more than one beyond another who would take more.
            let most = given.iter().max().copied().unwrap_or_default();
            let wants = given.iter().zip(&counts).filter(|(given, count)| given < count);
            prop_assert!(wants.into_iter().all(|(given, _)| given + 1 >= most));
        }
    }
}
