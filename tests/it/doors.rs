//! Doors: what a caller may not see stands in no answer, in no error and in no `Debug` of any call.
//!
//! The tables in `typed`, `untyped`, `reads`, `replication`, `search`, `soql` and `query` run every public
//! function of the shell that acts for a caller, by its name; `exempt` lists those that act for none, and why. `sources` finds the public
//! functions in the sources of the shell. So one that is new and stands in no table is found, and so
//! is an entry whose function is gone.

mod exempt;
mod house;
mod query;
mod reads;
mod replication;
mod search;
mod soql;
mod sources;
mod typed;
mod untyped;

use std::collections::BTreeSet;

use sobject_core::Error;

use self::house::{Answers, CALLERS, House};
use crate::desk::refused;

/// A public function, and what it answers.
struct Call {
    /// The type and the function.
    name: &'static str,
    /// Has the function answer in a house, on whatever it can be called on there.
    run: fn(&House) -> Answers,
}

fn calls() -> impl Iterator<Item = &'static Call> {
    let shared = typed::CALLS.iter().chain(untyped::CALLS).flatten();
    shared
        .chain(reads::CALLS.iter().flatten())
        .chain(untyped::ALONE)
        .chain(reads::ALONE)
        .chain(soql::ALONE)
        .chain(search::ALONE)
        .chain(query::ALONE)
        .chain(replication::ALONE)
}

#[test]
fn every_public_function_of_the_shell_has_an_entry() {
    let found = sources::public_functions();
    let entries = calls().map(|call| call.name).chain(exempt::functions());
    let mut listed = BTreeSet::new();
    for entry in entries {
        assert!(listed.insert(entry.to_owned()), "{entry} is listed twice");
    }
    let unlisted: Vec<_> =
        found.difference(&listed).filter(|name| !exempt::is_exempt(name)).collect();
    assert!(unlisted.is_empty(), "public functions that no table of `doors` lists: {unlisted:?}");
    let gone: Vec<_> = listed.difference(&found).collect();
    assert!(gone.is_empty(), "functions that `doors` lists and the shell does not have: {gone:?}");
    let is_gone = |of: &&str| !found.iter().any(|it| it.starts_with(&format!("{of}::")));
    let of_gone: Vec<_> = exempt::types().filter(is_gone).collect();
    assert!(
        of_gone.is_empty(),
        "types that `doors` exempts and that have no functions: {of_gone:?}"
    );
}

#[test]
fn no_call_tells_what_its_caller_may_not_see() {
    let mut leaks = Vec::new();
    for caller in CALLERS {
        for call in calls() {
            let house = House::new(caller);
            for answer in (call.run)(&house) {
                let told = answer.text.to_lowercase();
                let hidden = caller.hidden.iter().filter(|word| !answer.given.contains(word));
                for word in hidden.filter(|word| told.contains(&word.to_lowercase())) {
                    leaks.push(format!(
                        "{} to {}: `{word}` in {}",
                        call.name, caller.name, answer.text
                    ));
                }
            }
            house.verify();
        }
    }
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
}

#[test]
fn the_words_are_told_to_whoever_may_see_them() {
    // The test above would find nothing if the house did not tell these words at all.
    let told: String = calls()
        .flat_map(|call| (call.run)(&House::new(&house::OWNER)))
        .map(|answer| answer.text)
        .collect();
    for word in CALLERS.iter().flat_map(|caller| caller.hidden) {
        assert!(told.contains(word), "nothing tells {word}");
    }
}

#[test]
fn a_reference_that_is_hidden_does_not_tell_who_holds_a_record() {
    for (who, holders) in [(&house::OWNER, "deeds.: L\n"), (&CALLERS[1], "other records.: \n")] {
        let house = House::new(who);
        let refusal = refused(house.db.delete(house.held));
        assert_eq!(refusal.code, "DELETE_FAILED");
        assert!(refusal.message.ends_with(holders), "{}: {}", who.name, refusal.message);
    }
}

#[test]
fn replicas_print_who_writes_and_how() {
    let house = House::new(&house::OWNER);
    let replica = house.store.replica();
    let text = replica.transaction(|tx| Ok::<_, Error>(format!("{tx:?}"))).unwrap();
    let words = CALLERS.iter().flat_map(|caller| caller.hidden);
    for word in words {
        assert!(!format!("{replica:?} {text}").contains(word), "{replica:?} {text}");
    }
}

#[test]
fn hidden_objects_answer_as_objects_that_are_not_there() {
    // What each call answers on an object that is hidden is what it answers in a store without it.
    let clerk = CALLERS.iter().find(|caller| caller.name == "clerk").unwrap();
    for call in calls() {
        let (hidden, absent) = (House::new(clerk), House::without_room(clerk));
        let of_room = |house: &House| -> Vec<_> {
            let answers = (call.run)(house).into_iter();
            answers.filter(|it| it.given.first() == Some(&"Strongroom")).map(|it| it.text).collect()
        };
        assert_eq!(of_room(&hidden), of_room(&absent), "{}", call.name);
    }
}
