//! Small files whose bytes were changed, cut off or zeroed: opening, verifying, reading and writing
//! them never panics, and once a file was checked, it never answers what was not written.

use std::{
    collections::BTreeMap,
    env,
    panic::{AssertUnwindSafe, catch_unwind},
};

use serde_json::json;

use super::{Store, faults};
use crate::{
    engine::Disk,
    error::{Error, Result},
};

/// How many files of each class are damaged, unless the environment variable `SOBJECT_DAMAGES`
/// says otherwise.
const DAMAGES: u64 = 70;

/// What is done to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Damage {
    Flip,
    Cut,
    Zero,
}

impl Damage {
    fn do_to(self, bytes: &mut Vec<u8>, seed: u64) {
        let mut mixed = (seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        // The space behind the last page that was ever written is zeros, and nobody reads it.
        let used = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        let at = usize::try_from(mixed >> 3).unwrap_or_default() % used;
        match self {
            Self::Flip => bytes[at] ^= 1 << (mixed & 7),
            Self::Cut => bytes.truncate(at),
            Self::Zero => {
                let page = at / 4096 * 4096;
                let end = bytes.len().min(page + 4096);
                bytes[page..end].fill(0);
            }
        }
    }
}

/// What a store answers.
fn answers(store: &Store) -> Result<Vec<String>> {
    let notes = store.system().object("Note__c")?;
    let mut answers = Vec::new();
    for note in notes.walk().all()? {
        answers.push(format!("{note:?}"));
    }
    answers.push(notes.count()?.to_string());
    Ok(answers)
}

/// A file of a store, and what it answers.
fn file() -> (Vec<u8>, Vec<String>) {
    let disk = Disk::default();
    let store = faults::on_disk(&disk, false).unwrap();
    let notes = store.system().object("Note__c").unwrap();
    let records = |from: usize| -> Vec<_> {
        (from..from + 100)
            .map(|n| faults::map(&json!({ "Code__c": format!("code {n}") })))
            .collect()
    };
    for from in [0, 100] {
        for made in notes.create_many(&records(from)).unwrap() {
            made.unwrap();
        }
    }
    let answers = answers(&store).unwrap();
    drop((notes, store));
    (disk.bytes(), answers)
}

#[test]
fn a_damaged_file_never_panics_and_is_found_by_a_check() {
    let n_damages = env::var("SOBJECT_DAMAGES").map_or(DAMAGES, |n| n.parse().unwrap());
    let (whole, expected) = file();
    let mut met: BTreeMap<(Damage, &str, &str), u32> = BTreeMap::new();
    for damage in [Damage::Flip, Damage::Cut, Damage::Zero] {
        for seed in 0..n_damages {
            if n_damages != DAMAGES {
                // If the process is aborted, this was it.
                eprintln!("{damage:?} {seed}");
            }
            let mut bytes = whole.clone();
            damage.do_to(&mut bytes, seed);
            if bytes == whole {
                continue;
            }
            for check in [false, true] {
                let tried = catch_unwind(AssertUnwindSafe(|| {
                    let store = faults::on_disk(&Disk::with(bytes.clone()), check)?;
                    store.verify()?;
                    let answers = answers(&store)?;
                    let notes = store.system().object("Note__c")?;
                    notes.create(&faults::map(&json!({ "Code__c": "new" })))?;
                    Ok::<_, Error>(answers)
                }));
                let tried = tried.unwrap_or_else(|_| panic!("{damage:?} {seed}, check: {check}"));
                let end = match tried {
                    Ok(answers) if answers == expected => "as it was",
                    // The last commit is gone, as redb sets back a file whose last commit is broken.
                    Ok(answers) if answers.last().is_some_and(|n| n == "100") => "set back",
                    Ok(answers) => {
                        assert!(!check, "{damage:?} {seed}: {answers:?} after a check");
                        "wrong"
                    }
                    Err(_) => "refused",
                };
                let how = if check { "checked" } else { "unchecked" };
                *met.entry((damage, how, end)).or_default() += 1;
            }
        }
    }
    for ((damage, how, end), n) in &met {
        println!("{damage:?}, {how}: {n} {end}");
    }
    assert!(met.keys().any(|(_, how, end)| (*how, *end) == ("checked", "refused")), "{met:?}");
}
