//! Words of every density, joined in every way, in stores of some hundred records: so that a word is
//! walked beside the records of another one where both are common, and looked up where it is not.

use std::{cmp::Ordering, collections::BTreeMap};

use serde_json::json;
use sobject_core::{Error, JsonRecord, RecordId, Result, SearchResult};

use super::{OBJECTS, naive::Expr};
use crate::{
    desk::{MORNING, id, map},
    types::Shop,
};

const RECORDS: usize = 600;

/// A word: which records have it in their names, and which in what is said about them.
type Word = (&'static str, fn(usize) -> bool, fn(usize) -> bool);

const WORDS: &[Word] = &[
    ("second", |_| false, |n| n.is_multiple_of(2)),
    ("third", |_| false, |n| n.is_multiple_of(3)),
    ("tenth", |_| false, |n| n.is_multiple_of(10)),
    ("note", |n| n.is_multiple_of(7), |n| n.is_multiple_of(20)),
    ("hundredth", |_| false, |n| n % 100 == 1),
    ("rare", |n| n == 577, |n| n == 3),
    // Side by side, and far from all others.
    ("block", |_| false, |n| (300..420).contains(&n)),
    ("early", |n| n < 250, |_| false),
    ("odd", |n| n % 2 == 1, |n| n.is_multiple_of(4)),
    ("all", |_| true, |n| n > 400),
];

/// A record's texts.
#[derive(Clone)]
struct Texts {
    name: String,
    about: String,
}

impl Texts {
    fn new(n: usize) -> Self {
        let words = |in_field: &dyn Fn(&Word) -> bool| -> Vec<_> {
            WORDS.iter().filter(|it| in_field(it)).map(|(word, ..)| *word).collect()
        };
        let name = words(&|(_, in_name, _)| in_name(n)).join(" ");
        let about = words(&|(_, _, in_about)| in_about(n)).join(" ");
        // Each record has a word of its own, which begins as those of all others do.
        Self { name, about: format!("{about} zed{n}") }
    }

    fn record(&self) -> JsonRecord {
        map(&json!({ "Name": self.name, "About__c": self.about }))
    }
}

type Kept = BTreeMap<RecordId, Texts>;

fn exprs() -> Vec<Expr> {
    let term = |text: &str| Expr::Term(text.split(' ').map(str::to_owned).collect());
    let and = |of: &[&str]| Expr::And(of.iter().map(|it| term(it)).collect());
    let not = |a: Expr, b: Expr| Expr::AndNot(Box::new(a), Box::new(b));
    let mut exprs = Vec::new();
    for (n, (a, ..)) in WORDS.iter().enumerate() {
        for (m, (b, ..)) in WORDS.iter().enumerate() {
            // Each two are joined both by AND and by AND NOT, every other pair the other way round.
            match n.cmp(&m) {
                Ordering::Less if (n + m) % 2 == 0 => exprs.push(and(&[a, b])),
                Ordering::Greater if (n + m) % 2 == 0 => exprs.push(not(term(a), term(b))),
                Ordering::Less => exprs.push(not(term(a), term(b))),
                Ordering::Greater => exprs.push(and(&[a, b])),
                Ordering::Equal => (),
            }
        }
        exprs.push(not(term(a), and(&["second", "third"])));
        // Many words begin so, and few.
        exprs.push(and(&[a, "zed*"]));
        exprs.push(not(term(a), term("zed1*")));
        exprs.push(and(&[a, "zed77*"]));
    }
    exprs.extend(["second third", "tenth note", "early odd", "second t*", "all zed8*"].map(term));
    exprs.push(and(&["second", "third", "tenth", "all"]));
    exprs.push(and(&["second third", "all"]));
    exprs.push(not(term("second"), term("second third")));
    exprs.push(not(and(&["all", "odd"]), Expr::Or(vec![term("block"), term("early")])));
    exprs.push(Expr::And(vec![Expr::Or(vec![term("tenth"), term("rare")]), term("odd")]));
    exprs
}

/// Tries every search on what is there.
fn check(kept: &Kept, search: &dyn Fn(String) -> Result<SearchResult>) {
    for expr in exprs() {
        for group in ["ALL", "NAME"] {
            let has = |it: &Texts| match group {
                "ALL" => expr.is_in(&[&it.name, &it.about]),
                _ => expr.is_in(&[&it.name]),
            };
            let all: Vec<_> = kept.iter().filter(|(_, it)| has(it)).map(|(id, _)| *id).collect();
            // The first ones alone, all, and all by way of a condition.
            for (most, rest) in
                [(3, "LIMIT 3"), (RECORDS * 2, "LIMIT 2000"), (RECORDS * 2, "WHERE Size__c = null")]
            {
                let text = expr.text();
                let text =
                    format!("FIND {{{text}}} IN {group} FIELDS RETURNING Company__c(Id {rest})");
                let found = search(text.clone()).unwrap_or_else(|error| panic!("{text}: {error}"));
                let found: Vec<_> =
                    found.records.iter().map(|it| id(it["Id"].as_str().unwrap())).collect();
                let expected = &all[..most.min(all.len())];
                assert_eq!(found, expected, "{text}");
            }
        }
    }
}

/// Creates and changes records, and deletes every ninth; tries that in the transaction and behind it.
fn change_and_check(shop: &Shop, mut kept: Kept) {
    let before = kept.clone();
    let changed = shop.db.transaction(|tx| {
        let mut companies = tx.object("Company__c")?;
        for (n, id) in before.keys().enumerate() {
            if n % 9 == 0 {
                companies.delete(*id)?;
                kept.remove(id);
            } else if n % 11 == 0 {
                let texts = Texts::new(n + 1);
                companies.update(*id, &texts.record())?;
                kept.insert(*id, texts);
            }
        }
        for n in 0..60 {
            let texts = Texts::new(n);
            kept.insert(companies.create(&texts.record())?, texts);
        }
        check(&kept, &|text| tx.search(text));
        Ok::<_, Error>(())
    });
    changed.unwrap();
    check(&kept, &|text| shop.db.search(text));
    shop.verify();
}

#[test]
fn words_of_every_density_are_joined() {
    let shop = Shop::of(OBJECTS);
    let texts: Vec<_> = (0..RECORDS).map(Texts::new).collect();
    let mut kept = Kept::new();
    for texts in texts.chunks(200) {
        let records: Vec<_> = texts.iter().map(Texts::record).collect();
        let ids = shop.object("Company__c").create_many(&records).unwrap();
        kept.extend(ids.into_iter().map(Result::unwrap).zip(texts.iter().cloned()));
    }
    change_and_check(&shop, kept);
}

#[test]
fn words_of_every_density_are_joined_over_ids_that_begin_otherwise() {
    let shop = Shop::of(OBJECTS);
    let (mut kept, mut records) = (Kept::new(), Vec::new());
    for n in 0..RECORDS {
        // Three instances in turns, of which the last comes first in the order of ids.
        let instance = ["5g0", "Zz0", "2a0"][n / 50 % 3];
        let (id, texts) = (id(&format!("a0C{instance}{n:09}")), Texts::new(n));
        let mut record = texts.record();
        record.extend(map(&json!({
            "Id": id.to_string(), "IsDeleted": false,
            "CreatedDate": MORNING, "CreatedById": "005000000000001AAA",
            "LastModifiedDate": MORNING, "LastModifiedById": "005000000000001AAA",
            "SystemModstamp": MORNING,
        })));
        records.push(record);
        kept.insert(id, texts);
    }
    let replica = shop.store.replica();
    assert!(replica.put_many("Company__c", &records).unwrap().iter().all(Result::is_ok));
    change_and_check(&shop, kept);
}
