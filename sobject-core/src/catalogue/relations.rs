//! [`Relations`]: which reference fields may lead to the records of an object.
//!
//! **Invariant:** this is the one place that knows the children of an object. Describe, delete, and
//! everything else that follows references backwards, ask here.

use super::{Catalogue, ObjectNo};
use crate::definition::FieldIdx;

/// A reference field, seen from an object that it may lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Child {
    /// The object that has the field.
    pub(crate) object: ObjectNo,
    pub(crate) field: FieldIdx,
}

/// The relations between the objects of a store.
#[derive(Debug, Default)]
pub(crate) struct Relations {
    /// By object number, in the order of the children's objects and fields.
    children: Vec<Vec<Child>>,
}

impl Relations {
    /// The relations between the objects of a catalogue, without the dormant ones.
    pub(crate) fn new(catalogue: &Catalogue) -> Self {
        let mut children: Vec<Vec<Child>> = catalogue.all().map(|_| Vec::new()).collect();
        for object in catalogue.objects() {
            for (field, it) in object.fields() {
                for target in it.references.iter().filter_map(|name| catalogue.find(name)) {
                    if let Some(of) = children.get_mut(usize::from(target.number.0)) {
                        of.push(Child { object: object.number, field });
                    }
                }
            }
        }
        Self { children }
    }

    /// The fields that may lead to records of an object, including system fields such as
    /// CreatedById.
    pub(crate) fn children_of(&self, object: ObjectNo) -> &[Child] {
        self.children.get(usize::from(object.0)).map_or(&[], Vec::as_slice)
    }
}
