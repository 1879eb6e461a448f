//! [`Catalogue`]: the objects of an open store, found by number, by name and by key prefix.

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
    by_prefix: BTreeMap<KeyPrefix, ObjectNo>,
}

impl Catalogue {
    /// The catalogue of these objects, which are numbered by their place. Those that are not
    /// `active` are dormant: no name and no id leads to them.
    pub(crate) fn new(mut objects: Vec<Object>, active: &[bool]) -> Self {
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
        let by_prefix = active.iter().map(|it| (it.key_prefix, it.number)).collect();
        let active = active.iter().map(|it| it.number).collect();
        Self { objects, active, by_name, by_prefix }
    }

    /// The objects that are listed, by number.
    pub(crate) fn objects(&self) -> impl Iterator<Item = &Object> {
        self.active.iter().filter_map(|number| self.get(*number))
    }

    /// Every object that the file has, by number, be it dormant.
    pub(crate) fn kept(&self) -> impl Iterator<Item = &Object> {
        self.objects.iter().filter(|object| !object.is_dropped)
    }

    /// The object whose ids start so, and that is in the file and not listed.
    pub(crate) fn dormant_of_prefix(&self, prefix: KeyPrefix) -> Option<&Object> {
        self.kept().find(|it| it.key_prefix == prefix && self.is_dormant(it))
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

    /// The object whose ids start with this key prefix.
    pub(crate) fn of_prefix(&self, prefix: KeyPrefix) -> Option<&Object> {
        self.objects.get(usize::from(self.by_prefix.get(&prefix)?.0))
    }

    /// The object of this number.
    pub(crate) fn get(&self, number: ObjectNo) -> Option<&Object> {
        self.objects.get(usize::from(number.0))
    }
}
