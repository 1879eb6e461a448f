//! Random records are changed at random, and random searches find in them what the naive searcher does.

use std::collections::BTreeMap;

use proptest::{collection::vec, prelude::*};
use serde_json::json;
use sobject_core::RecordId;

use super::{OBJECTS, naive::Expr};
use crate::{
    desk::map,
    types::{Archive, Shop},
};

/// Words that texts are made of, many of which begin alike.
const WORDS: &[&str] = &[
    "ab", "abc", "abd", "b", "Ünal", "straße", "東京", "京都", "東", "กข", "a1", "C3", "ab東京",
    "x",
];
/// What stands between them.
const BETWEEN: &[&str] = &[" ", ", ", "-", "  ", "."];
/// Words that are searched for, some of which no text has.
const SOUGHT: &[&str] = &[
    "ab",
    "AB",
    "a*",
    "ab*",
    "a?c",
    "ab?",
    "?b",
    "straSSe",
    "ünal",
    "東京",
    "京",
    "東京都",
    "กข",
    "ข",
    "a1",
    "zz",
    "c*",
    "b",
    "x",
    "ab*d",
];

/// What happens to a record.
#[derive(Clone, Debug)]
enum Step {
    Create(String, Option<String>),
    /// Of the record at this place, counted round.
    Rename(usize, String),
    Describe(usize, Option<String>),
    Delete(usize),
    Undelete(usize),
}

fn text() -> impl Strategy<Value = String> {
    let piece = (0..WORDS.len(), 0..BETWEEN.len());
    vec(piece, 1..6).prop_map(|picks| {
        picks.into_iter().map(|(word, between)| [WORDS[word], BETWEEN[between]].concat()).collect()
    })
}

fn step() -> impl Strategy<Value = Step> {
    let about = || proptest::option::of(text());
    prop_oneof![
        4 => (text(), about()).prop_map(|(name, about)| Step::Create(name, about)),
        2 => (any::<usize>(), text()).prop_map(|(n, name)| Step::Rename(n, name)),
        2 => (any::<usize>(), about()).prop_map(|(n, about)| Step::Describe(n, about)),
        1 => any::<usize>().prop_map(Step::Delete),
        1 => any::<usize>().prop_map(Step::Undelete),
    ]
}

fn expr() -> impl Strategy<Value = Expr> {
    // A wildcard at the beginning is refused, and so is one behind signs.
    let sought: Vec<_> = SOUGHT.iter().filter(|it| !it.starts_with('?')).collect();
    let word = (0..sought.len()).prop_map(move |n| (*sought[n]).to_owned());
    let term = vec(word, 1..3).prop_map(Expr::Term);
    term.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(Expr::And),
            vec(inner.clone(), 2..4).prop_map(Expr::Or),
            (inner.clone(), inner).prop_map(|(a, b)| Expr::AndNot(Box::new(a), Box::new(b))),
        ]
    })
}

/// A record as it is to be: its texts, and whether it is live.
struct Kept {
    name: String,
    about: Option<String>,
    is_live: bool,
}

fn run(shop: &Shop, kept: &mut BTreeMap<RecordId, Kept>, steps: &[Step]) {
    let pick = |kept: &BTreeMap<RecordId, Kept>, n: usize, is_live: bool| {
        let some: Vec<_> = kept.iter().filter(|(_, it)| it.is_live == is_live).collect();
        (!some.is_empty()).then(|| *some[n % some.len()].0)
    };
    let all = shop.object("Company__c");
    for step in steps {
        match step {
            Step::Create(name, about) => {
                let id = shop.create("Company__c", &json!({ "Name": name, "About__c": about }));
                // Spaces around a text are not kept.
                let record = shop.get("Company__c", id);
                let text = |field: &str| record[field].as_str().map(str::to_owned);
                let (name, about) = (text("Name").unwrap_or_default(), text("About__c"));
                kept.insert(id, Kept { name, about, is_live: true });
            }
            Step::Rename(n, name) => {
                let Some(id) = pick(kept, *n, true) else { continue };
                shop.update("Company__c", id, &json!({ "Name": name }));
                kept.get_mut(&id).unwrap().name.clone_from(name);
            }
            Step::Describe(n, about) => {
                let Some(id) = pick(kept, *n, true) else { continue };
                shop.update("Company__c", id, &json!({ "About__c": about }));
                kept.get_mut(&id).unwrap().about.clone_from(about);
            }
            Step::Delete(n) => {
                let Some(id) = pick(kept, *n, true) else { continue };
                all.delete(id).unwrap();
                kept.get_mut(&id).unwrap().is_live = false;
            }
            Step::Undelete(n) => {
                let Some(id) = pick(kept, *n, false) else { continue };
                all.undelete(id).unwrap();
                kept.get_mut(&id).unwrap().is_live = true;
            }
        }
    }
}

/// What a search finds, or the words in which it is refused.
fn ids(shop: &Shop, expr: &Expr, group: &str) -> Result<Vec<RecordId>, String> {
    let search = format!("FIND {{{}}} IN {group} FIELDS RETURNING Company__c(Id)", expr.text());
    let found = shop.db.search(search).map_err(|error| error.message())?;
    Ok(found.records.iter().map(|it| crate::desk::id(it["Id"].as_str().unwrap())).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn what_is_found_is_what_reading_every_text_finds(
        steps in vec(step(), 1..40),
        searches in vec(expr(), 1..12),
        is_reopened in any::<bool>(),
    ) {
        let (archive, mut kept) = (Archive::new(), BTreeMap::new());
        let mut shop = archive.open(OBJECTS);
        run(&shop, &mut kept, &steps);
        shop.verify();
        if is_reopened {
            drop(shop);
            shop = archive.open(OBJECTS);
        }
        for search in &searches {
            for group in ["ALL", "NAME"] {
                let texts = |it: &Kept| -> Vec<String> {
                    let about = it.about.clone().filter(|_| group == "ALL");
                    [it.name.clone()].into_iter().chain(about).collect()
                };
                let expected = kept.iter().filter(|(_, it)| {
                    let texts = texts(it);
                    let texts: Vec<_> = texts.iter().map(String::as_str).collect();
                    it.is_live && search.is_in(&texts)
                });
                let expected: Vec<_> = expected.map(|(id, _)| *id).collect();
                match ids(&shop, search, group) {
                    Ok(found) => prop_assert_eq!(found, expected, "{} in {}", search.text(), group),
                    Err(message) => prop_assert!(
                        message.contains("must be longer than one character"),
                        "{}: {}", search.text(), message
                    ),
                }
            }
        }
        // Within a transaction, what it writes is found as well.
        let found = shop.db.transaction(|tx| {
            tx.object("Company__c")?.create(&map(&json!({ "Name": "zz new" })))?;
            Ok::<_, sobject_core::Error>(tx.search("FIND {zz} RETURNING Company__c")?.records.len())
        });
        prop_assert_eq!(found.unwrap(), 1);
    }
}
