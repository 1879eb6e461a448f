//! [`Relations`]: which reference fields may lead to the records of an object, and what becomes of the
//! records that have them when one of those is deleted.
//!
//! What was declared of the field itself holds first, then what the describe of the object that it
//! leads to says of it. Where neither says anything, a field that may be null is emptied, and one that
//! may not holds what it refers to. An emptied field must be one that may be null, and users are never
//! deleted, since stamps name them: where that is not so, the field holds what it refers to as well.
//!
//! **Invariant:** this is the one place that knows the children of an object. Describe, delete, and
//! everything else that follows references backwards, ask here.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::{Catalogue, Object, ObjectNo, declared::DeclaredChild};
use crate::definition::{FieldIdx, OnDelete};

/// A reference field, seen from an object that it may lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Child {
    /// The object that has the field.
    pub(crate) object: ObjectNo,
    pub(crate) field: FieldIdx,
    /// Are object and field listed? What is dormant holds what it refers to all the same, but nobody
    /// is told of it.
    pub(crate) is_listed: bool,
    /// What becomes of a record whose reference leads to one that is deleted.
    pub(crate) on_delete: OnDelete,
    /// Was that said, and does it not follow from the field alone?
    pub(crate) is_said: bool,
}

/// A reference field whose records are details of what it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Detail {
    pub(crate) field: FieldIdx,
    /// The masters, in no order.
    pub(crate) masters: Vec<ObjectNo>,
}

/// The relations between the objects of a store.
#[derive(Debug, Default)]
pub(crate) struct Relations {
    /// By object number, in the order of the children's objects and fields.
    children: Vec<Vec<Child>>,
    /// The names by which queries find these, in the same order.
    names: Vec<Vec<Option<String>>>,
    /// By the object number of the details.
    details: Vec<Vec<Detail>>,
}

/// What describes say, by the names of the object and the field in lower case.
type Said<'c> = HashMap<(String, String), &'c DeclaredChild, RandomState>;

impl Relations {
    /// The relations between the objects of a catalogue, dormant ones included.
    pub(crate) fn new(catalogue: &Catalogue) -> Self {
        let none = || catalogue.by_number().map(|_| Vec::new()).collect();
        let mut relations = Self { children: none(), names: Vec::new(), details: Vec::new() };
        relations.names = catalogue.by_number().map(|_| Vec::new()).collect();
        relations.details = catalogue.by_number().map(|_| Vec::new()).collect();
        let said: Vec<Said<'_>> = catalogue.by_number().map(said).collect();
        // What is dormant can be deleted along, so it is known as what references lead to as well.
        let by_name = catalogue.kept().map(|it| (it.name.to_ascii_lowercase(), it.number));
        let by_name: HashMap<String, ObjectNo, RandomState> = by_name.collect();
        let everything: Vec<_> = catalogue.kept().map(|it| it.number).collect();
        for object in catalogue.kept() {
            let is_dormant = catalogue.is_dormant(object);
            for (field, it) in (0..).map(FieldIdx).zip(&object.fields) {
                if !object.has(field) && !object.is_dormant(field) {
                    continue;
                }
                let is_listed = !is_dormant && object.has(field);
                let named = || {
                    let numbers = it.references.iter().map(|name| {
                        by_name.get(name).or_else(|| by_name.get(&name.to_ascii_lowercase()))
                    });
                    numbers.flatten().copied().collect()
                };
                let targets = if it.names_any { everything.clone() } else { named() };
                for target in targets {
                    let said = said.get(usize::from(target.0));
                    relations.add(object, field, is_listed, target, said);
                }
            }
        }
        relations
    }

    fn add(
        &mut self,
        object: &Object,
        field: FieldIdx,
        is_listed: bool,
        target: ObjectNo,
        said: Option<&Said<'_>>,
    ) {
        let Some(it) = object.field(field) else { return };
        let key = || (object.name.to_ascii_lowercase(), it.name.to_ascii_lowercase());
        let said = said.filter(|said| !said.is_empty()).and_then(|said| said.get(&key()));
        let rule = it.on_delete.or_else(|| said?.on_delete());
        let is_user = object.name.eq_ignore_ascii_case("User");
        let on_delete = match rule.unwrap_or(OnDelete::SetNull) {
            OnDelete::SetNull if !it.flags.is_nillable() => OnDelete::Restrict,
            OnDelete::Cascade if is_user => OnDelete::Restrict,
            rule => rule,
        };
        let place = usize::from(target.0);
        if let (Some(children), Some(names)) =
            (self.children.get_mut(place), self.names.get_mut(place))
        {
            let is_said = rule.is_some();
            children.push(Child { object: object.number, field, is_listed, on_delete, is_said });
            let name = it.child_relationship.clone();
            names.push(name.or_else(|| said?.relationship.clone()));
        }
        let details = self.details.get_mut(usize::from(object.number.0));
        if let (OnDelete::Cascade, Some(details)) = (on_delete, details) {
            match details.last_mut().filter(|detail| detail.field == field) {
                Some(detail) => detail.masters.push(target),
                None => details.push(Detail { field, masters: vec![target] }),
            }
        }
    }

    /// The listed fields that may lead to records of an object by relationships with names, each with
    /// the name by which queries find the records that refer to one.
    pub(crate) fn children_named<'c>(
        &'c self,
        object: &Object,
    ) -> impl Iterator<Item = (&'c str, Child)> + use<'c> {
        let named = self.children_and_names(object.number).filter(|(child, _)| child.is_listed);
        named.filter_map(|(child, name)| Some((name?, *child)))
    }

    /// The fields that may lead to records of an object, each with the name by which queries find the
    /// records that refer to one, if it has any.
    pub(crate) fn children_and_names(
        &self,
        object: ObjectNo,
    ) -> impl Iterator<Item = (&Child, Option<&str>)> {
        let names = self.names.get(usize::from(object.0)).into_iter().flatten();
        self.children_of(object).iter().zip(names.map(Option::as_deref))
    }

    /// The fields that may lead to records of an object, those of the system and dormant ones
    /// included.
    pub(crate) fn children_of(&self, object: ObjectNo) -> &[Child] {
        self.children.get(usize::from(object.0)).map_or(&[], Vec::as_slice)
    }

    /// The fields of an object that make its records details of what they lead to, dormant ones
    /// included.
    pub(crate) fn details_in(&self, object: ObjectNo) -> &[Detail] {
        self.details.get(usize::from(object.0)).map_or(&[], Vec::as_slice)
    }

    /// May records of an object have details?
    pub(crate) fn is_master(&self, object: ObjectNo) -> bool {
        self.children_of(object).iter().any(|child| child.on_delete == OnDelete::Cascade)
    }
}

/// What the describe of an object says of the references that lead to it.
fn said(object: &Object) -> Said<'_> {
    let key = |it: &DeclaredChild| (it.object.to_ascii_lowercase(), it.field.to_ascii_lowercase());
    object.children.iter().map(|it| (key(it), it)).collect()
}
