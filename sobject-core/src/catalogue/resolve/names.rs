//! Which of the fields that the file has each declared field is.
//!
//! A field is known by its present name. If the file has no field of that name, a declared field is
//! the one that its `was` names, or the one that had its name before: a program that was written
//! before a renaming still finds its field. What leaves room for doubt is refused, since a
//! guess could put the values of one field under the name of another.
//!
//! **Invariant:** no two declared fields are one field of the file.

use crate::catalogue::{declared::DeclaredField, stored::FieldEntry};

/// A field that the file has, listed when it was last open or not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'f> {
    pub(super) declared: &'f DeclaredField,
    pub(super) place: &'f FieldEntry,
    pub(super) is_dormant: bool,
}

impl Known<'_> {
    fn is(&self, name: &str) -> bool {
        is_same(&self.declared.name, name)
    }

    fn was(&self, name: &str) -> bool {
        self.place.former.iter().any(|former| is_same(former, name))
    }

    /// The names that the field had before, if it is this declared field now.
    pub(super) fn former_as(&self, declared: &DeclaredField) -> Vec<String> {
        let name = &self.declared.name;
        let names = self.place.former.iter().chain([name]).chain(&declared.was);
        distinct(names.filter(|it| !is_same(it, &declared.name)))
    }
}

/// The names that a field had before the file knew it.
pub(super) fn former_of_new(declared: &DeclaredField) -> Vec<String> {
    distinct(declared.was.iter().filter(|it| !is_same(it, &declared.name)))
}

fn distinct<'n>(names: impl Iterator<Item = &'n String>) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::new();
    for name in names {
        if !distinct.iter().any(|it| is_same(it, name)) {
            distinct.push(name.clone());
        }
    }
    distinct
}

fn is_same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

/// The place among the `known` of each declared field, `None` for one that is new. What is refused is
/// added to `refusals`, a sentence each.
pub(super) fn match_fields(
    known: &[Known<'_>],
    declared: &[DeclaredField],
    refusals: &mut Vec<String>,
) -> Vec<Option<usize>> {
    let place_of = |name: &str| known.iter().position(|it| it.is(name));
    let by_name: Vec<_> = declared.iter().map(|field| place_of(&field.name)).collect();
    let mut found = by_name.clone();
    for (field, found) in declared.iter().zip(&mut found) {
        let name = &field.name;
        if let Some(place) = *found {
            let is_other =
                |it: &usize| *it != place && !known[place].was(&known[*it].declared.name);
            let other = field.was.iter().find(|was| place_of(was).as_ref().is_some_and(is_other));
            if let Some(other) = other {
                refusals.push(format!(
                    "field {name} was {other}, but the file has both: take `was` away, or drop {other}"
                ));
            }
            continue;
        }
        let names = || [name].into_iter().chain(&field.was);
        let is_it = |it: &Known<'_>| names().any(|name| it.is(name) || it.was(name));
        let free = (0..known.len()).filter(|place| !by_name.contains(&Some(*place)));
        let mut candidates = free.filter(|place| is_it(&known[*place]));
        match (candidates.next(), candidates.next()) {
            (Some(place), None) => *found = Some(place),
            (Some(one), Some(other)) => {
                let [one, other] = [one, other].map(|place| &known[place].declared.name);
                refusals.push(format!(
                    "field {name} may be {one} or {other} of the file: list both by the names that \
                     the file has, or drop one"
                ));
            }
            (None, _) if !field.was.is_empty() => {
                let was = field.was.join(" or ");
                refusals.push(format!(
                    "field {name} was {was}, but the file has no such field: take `was` away to add \
                     a new one"
                ));
            }
            (None, _) => (),
        }
    }
    for (n, place) in found.iter().enumerate() {
        let earlier = found[..n].iter().position(|it| place.is_some() && it == place);
        if let (Some(earlier), Some(place)) = (earlier, place) {
            refusals.push(format!(
                "fields {} and {} were both names of {} of the file: list it by that name",
                declared[earlier].name, declared[n].name, known[*place].declared.name
            ));
        }
    }
    found
}
