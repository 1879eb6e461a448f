//! Texts in conditions: order without regard to case, and the patterns of `LIKE`.
//!
//! **Invariant:** texts are folded as the store's indexes fold them, so that a condition holds alike
//! for a row that an index found and for one of a scan.

use std::cmp::Ordering;

use sobject_soql::{Pattern, PatternPart};

use crate::{
    bytes::{fold, folded},
    value::SEPARATOR,
};

/// A pattern of `LIKE`, in upper case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Like {
    steps: Vec<Step>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// This character.
    One(char),
    /// Any one character.
    Any,
    /// Any characters, or none.
    Run,
}

impl Like {
    /// The pattern of a query.
    pub(crate) fn new(pattern: &Pattern) -> Self {
        let mut steps = Vec::new();
        for part in pattern.parts() {
            match part {
                PatternPart::Text(text) => steps.extend(folded(text).map(Step::One)),
                PatternPart::AnyOne => steps.push(Step::Any),
                PatternPart::AnyRun if steps.last() == Some(&Step::Run) => (),
                PatternPart::AnyRun => steps.push(Step::Run),
            }
        }
        Self { steps }
    }

    /// Does a text match, in any case?
    ///
    /// The time is at most the product of the two lengths: after a run, the shortest match of what
    /// stands up to the next run is as good as any other.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let mut rest = folded(text);
        let mut at = 0;
        // Where to go on if what follows the last run does not match here: behind one more character.
        let mut retry = None;
        loop {
            let mut ahead = rest.clone();
            let next = ahead.next();
            match (self.steps.get(at), next) {
                (Some(Step::Run), _) => {
                    at += 1;
                    retry = Some((at, rest.clone()));
                }
                (Some(Step::Any), Some(_)) => {
                    at += 1;
                    rest = ahead;
                }
                (Some(Step::One(wanted)), Some(found)) if *wanted == found => {
                    at += 1;
                    rest = ahead;
                }
                (None, None) => return true,
                (_, None) => return false,
                (_, Some(_)) => {
                    let Some((from, behind)) = &mut retry else { return false };
                    behind.next();
                    (at, rest) = (*from, behind.clone());
                }
            }
        }
    }

    /// How many characters stand for themselves.
    pub(crate) fn n_letters(&self) -> usize {
        self.steps.iter().filter(|step| matches!(step, Step::One(_))).count()
    }

    /// What every text that matches begins with, in upper case; empty if nothing is known.
    pub(crate) fn prefix(&self) -> String {
        let literal = self.steps.iter().map_while(|step| match step {
            Step::One(character) => Some(character),
            Step::Any | Step::Run => None,
        });
        literal.collect()
    }
}

/// The order of two texts, in upper case or as they are.
pub(crate) fn compare(a: &str, b: &str, exact: bool) -> Ordering {
    if exact { a.cmp(b) } else { folded(a).cmp(folded(b)) }
}

/// The values of a multi-select picklist, in upper case, sorted, each once.
pub(crate) fn values_of(text: &str) -> Vec<String> {
    let values = text.split(SEPARATOR).map(str::trim).filter(|value| !value.is_empty());
    let mut values: Vec<_> = values.map(|value| fold(value).into_owned()).collect();
    values.sort_unstable();
    values.dedup();
    values
}

#[cfg(test)]
mod tests {
    use sobject_soql::Pattern;

    use super::Like;

    #[test]
    fn patterns_match_whole_texts_in_any_case() {
        for (pattern, text, is_match) in [
            ("acme%", "Acme Trading", true),
            ("acme", "Acme Trading", false),
            ("%trading", "Acme Trading", true),
            ("%a%a%", "banana", true),
            ("%nan_", "banana", true),
            ("b_n%a", "banana", true),
            ("b_n%b", "banana", false),
            ("", "", true),
            ("%", "", true),
            ("_", "", false),
            ("__", "日本", true),
            ("STRASSE", "straße", true),
            ("100\\%", "100%", true),
            ("100\\%", "1000", false),
            ("first%second%", "First\nline, second\nline", true),
        ] {
            let like = Like::new(&Pattern::new(pattern));
            assert_eq!(like.matches(text), is_match, "{pattern:?} and {text:?}");
        }
    }

    #[test]
    fn a_pattern_of_many_runs_takes_no_exponential_time() {
        let like = Like::new(&Pattern::new(&"a%".repeat(2_000)));
        assert!(!like.matches(&format!("{}b", "ab".repeat(1_000))));
    }
}
