//! [`Catalogue`]: the objects of an open store, found by number, by name and by key prefix.

use std::collections::{BTreeMap, HashMap};

use super::{Object, ObjectNo};
use crate::id::KeyPrefix;

/// The objects of a store.
#[derive(Debug)]
pub(crate) struct Catalogue {
    /// By number.
    objects: Vec<Object>,
    active: Vec<ObjectNo>,
    /// By name, both as it was declared and in lower case.
    by_name: HashMap<String, ObjectNo>,
    by_prefix: BTreeMap<KeyPrefix, ObjectNo>,
}

impl Catalogue {
    /// The catalogue of these objects, whose numbers are their places. `active` tells which of them
    /// the program lists. The others are dormant: they are found by number only.
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

    /// Every object, by number, without the dormant ones.
    pub(crate) fn objects(&self) -> impl Iterator<Item = &Object> {
        self.active.iter().filter_map(|number| self.get(*number))
    }

    /// Every object, by number, with the dormant ones.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Object> {
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
