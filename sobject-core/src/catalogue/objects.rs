//! [`Catalogue`]: the objects of an open store, found by number, by name and by key prefix.
//!
//! Several objects may have one key prefix. Whose record an id is then only the records tell.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::RandomState;

use super::{Object, ObjectNo};
use crate::id::KeyPrefix;

/// The objects of a store.
#[derive(Debug)]
pub(crate) struct Catalogue {
    /// By number.
    objects: Vec<Object>,
    /// The objects that are listed, in the order of their numbers.
    active: Vec<ObjectNo>,
    /// By name, both as it was declared and in lower case.
    by_name: HashMap<String, ObjectNo, RandomState>,
    by_prefix: BTreeMap<KeyPrefix, Holders>,
    /// The objects whose ids start in ways that are not known, dormant ones included.
    without_prefix: Vec<ObjectNo>,
}

/// The objects whose ids start alike.
#[derive(Debug, Default)]
struct Holders {
    /// Those that are listed, and then those that are dormant.
    objects: Vec<ObjectNo>,
    n_listed: usize,
}

impl Catalogue {
    /// The catalogue of these objects, which are numbered by their place. Those that are not
    /// `active` are dormant: no name and no id leads to them.
    pub(crate) fn new(mut objects: Vec<Object>, active: &[bool]) -> Self {
        let is_listed = active;
        let given = objects.iter().zip(active).filter(|(_, active)| **active);
        let given: Vec<_> = given.map(|(object, _)| object.name.clone()).collect();
        let of_any = objects.iter_mut().flat_map(|object| &mut object.fields);
        for field in of_any.filter(|field| field.names_any) {
            field.references.clone_from(&given);
        }
        let names = |it: &Object| [it.name.clone(), it.name.to_ascii_lowercase()];
        let active: Vec<_> =
            objects.iter().zip(active).filter(|(_, active)| **active).map(|(it, _)| it).collect();
        let by_name =
            active.iter().flat_map(|it| names(it).map(|name| (name, it.number))).collect();
        let kept = || objects.iter().zip(is_listed).filter(|(it, _)| !it.is_dropped);
        let mut by_prefix: BTreeMap<KeyPrefix, Holders> = BTreeMap::new();
        for listed in &active {
            let Some(prefix) = listed.key_prefix else { continue };
            let holders = by_prefix.entry(prefix).or_default();
            holders.objects.push(listed.number);
            holders.n_listed += 1;
        }
        for (dormant, _) in kept().filter(|(_, is_listed)| !**is_listed) {
            let Some(prefix) = dormant.key_prefix else { continue };
            by_prefix.entry(prefix).or_default().objects.push(dormant.number);
        }
        let without_prefix = kept().filter(|(it, _)| it.key_prefix.is_none());
        let without_prefix = without_prefix.map(|(it, _)| it.number).collect();
        let active = active.iter().map(|it| it.number).collect();
        Self { objects, active, by_name, by_prefix, without_prefix }
    }

    /// The objects that are listed, by number.
    pub(crate) fn objects(&self) -> impl Iterator<Item = &Object> {
        self.active.iter().filter_map(|number| self.get(*number))
    }

    /// Every object that the file has, by number, be it dormant.
    pub(crate) fn kept(&self) -> impl Iterator<Item = &Object> {
        self.objects.iter().filter(|object| !object.is_dropped)
    }

    /// The objects whose ids start so, and that are in the file and not listed.
    pub(crate) fn dormant_of_prefix(&self, prefix: KeyPrefix) -> impl Iterator<Item = &Object> {
        let holders = self.by_prefix.get(&prefix);
        let dormant = holders.and_then(|it| it.objects.get(it.n_listed..)).unwrap_or_default();
        dormant.iter().filter_map(|number| self.get(*number))
    }

    /// The numbers of the objects whose ids start so, be they dormant, and whether all are listed.
    pub(crate) fn kept_of_prefix(&self, prefix: KeyPrefix) -> (&[ObjectNo], bool) {
        match self.by_prefix.get(&prefix) {
            Some(holders) => (&holders.objects, holders.n_listed == holders.objects.len()),
            None => (&[], false),
        }
    }

    /// The objects without a key prefix, be they dormant.
    pub(crate) fn without_prefix(&self) -> impl Iterator<Item = &Object> {
        self.without_prefix.iter().filter_map(|number| self.get(*number))
    }

    /// Is the object in the file, and not listed?
    pub(crate) fn is_dormant(&self, object: &Object) -> bool {
        !object.is_dropped && self.active.binary_search(&object.number).is_err()
    }

    /// What stands under each number, be it what is left of an object that was dropped.
    pub(crate) fn by_number(&self) -> impl Iterator<Item = &Object> {
        self.objects.iter()
    }

    /// The object of this API name; the case does not matter, as on the platform.
    pub(crate) fn find(&self, name: &str) -> Option<&Object> {
        let number = match self.by_name.get(name) {
            Some(number) => number,
            None => self.by_name.get(&name.to_ascii_lowercase())?,
        };
        self.objects.get(usize::from(number.0))
    }

    /// The objects whose ids start with this key prefix, in the order of their numbers.
    pub(crate) fn of_prefix(&self, prefix: KeyPrefix) -> impl Iterator<Item = &Object> {
        let holders = self.by_prefix.get(&prefix);
        let listed = holders.and_then(|it| it.objects.get(..it.n_listed)).unwrap_or_default();
        listed.iter().filter_map(|number| self.get(*number))
    }

    /// The object of this number.
    pub(crate) fn get(&self, number: ObjectNo) -> Option<&Object> {
        self.objects.get(usize::from(number.0))
    }
}
