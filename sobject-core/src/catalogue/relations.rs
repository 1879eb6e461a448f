//! [`Relations`]: which reference fields may lead to the records of an object.
//!
//! **Invariant:** this is the one place that knows the children of an object. Describe, delete, and
//! everything else that follows references backwards, ask here.

use super::{Catalogue, Object, ObjectNo};
use crate::definition::FieldIdx;

/// A reference field, seen from an object that it may lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Child {
    /// The object that has the field.
    pub(crate) object: ObjectNo,
    pub(crate) field: FieldIdx,
    /// Are object and field listed? What is dormant holds what it refers to all the same, but nobody
    /// is told of it.
    pub(crate) is_listed: bool,
}

/// The relations between the objects of a store.
#[derive(Debug, Default)]
pub(crate) struct Relations {
    /// By object number, in the order of the children's objects and fields.
    children: Vec<Vec<Child>>,
}

impl Relations {
    /// The relations between the objects of a catalogue, dormant ones included.
    pub(crate) fn new(catalogue: &Catalogue) -> Self {
        let mut children: Vec<Vec<Child>> = catalogue.by_number().map(|_| Vec::new()).collect();
        for object in catalogue.kept() {
            let is_dormant = catalogue.is_dormant(object);
            for (field, it) in (0..).map(FieldIdx).zip(&object.fields) {
                if !object.has(field) && !object.is_dormant(field) {
                    continue;
                }
                let is_listed = !is_dormant && object.has(field);
                for target in it.references.iter().filter_map(|name| catalogue.find(name)) {
                    if let Some(of) = children.get_mut(usize::from(target.number.0)) {
                        of.push(Child { object: object.number, field, is_listed });
                    }
                }
            }
        }
        Self { children }
    }

    /// The listed fields that may lead to records of an object by relationships with names, each with
    /// the name that the object's describe gives to its children.
    pub(crate) fn children_named<'c>(
        &self,
        catalogue: &'c Catalogue,
        object: &'c Object,
    ) -> Vec<(&'c str, Child)> {
        let described = object.described.iter().flat_map(|it| &it.child_relationships);
        let of = self.children_of(object.number);
        let named = described.filter_map(|it| {
            let child = catalogue.find(&it.child_sobject)?;
            let field = child.find(&it.field)?;
            let is_it = |of: &&Child| of.object == child.number && of.field == field;
            let known = of.iter().find(is_it).filter(|of| of.is_listed)?;
            Some((it.relationship_name.as_deref()?, *known))
        });
        named.collect()
    }

    /// The fields that may lead to records of an object, those of the system and dormant ones
    /// included.
    pub(crate) fn children_of(&self, object: ObjectNo) -> &[Child] {
        self.children.get(usize::from(object.0)).map_or(&[], Vec::as_slice)
    }
}
