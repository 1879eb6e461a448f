//! What a write knows of hooks: which there are, and what they are given.
//!
//! How a call runs them is in `store::write::hooks`. They stand here since a hook is lent the write, which
//! holds the hooks of its store.

use std::fmt;

use serde_json::{Map, Value as Json};

use super::Write;
use crate::{
    catalogue::{Catalogue, Object},
    definition::FieldDefinition,
    error::{Error, Result},
    id::RecordId,
    store::keep::Table,
};

/// When a hook runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    BeforeCreate,
    BeforeUpdate,
    BeforeDelete,
    /// Behind the before hooks of a create and of an update: what they left is only looked at.
    Validate,
    AfterCreate,
    AfterUpdate,
    AfterDelete,
    AfterUndelete,
}

impl Event {
    /// What it is called in messages.
    pub(in crate::store::write) fn name(self) -> &'static str {
        match self {
            Self::BeforeCreate => "before create",
            Self::BeforeUpdate => "before update",
            Self::BeforeDelete => "before delete",
            Self::Validate => "validation",
            Self::AfterCreate => "after create",
            Self::AfterUpdate => "after update",
            Self::AfterDelete => "after delete",
            Self::AfterUndelete => "after undelete",
        }
    }
}

/// What a hook is: it is lent the write and gives it back.
pub(crate) type Hook =
    Box<dyn for<'w> Fn(Write<'w>, &mut HookBatch<'w>) -> (Write<'w>, Result<()>) + Send + Sync>;

/// The records for which a hook runs.
#[derive(Debug)]
pub(crate) struct HookBatch<'a> {
    pub(crate) object: &'a Object,
    pub(crate) table: &'a Table,
    pub(crate) records: Vec<Hooked>,
}

/// A record for which a hook runs.
#[derive(Debug, Default)]
pub(crate) struct Hooked {
    /// None before a create.
    pub(crate) id: Option<RecordId>,
    /// The packed id; 0 before a create.
    pub(crate) packed: u64,
    /// The row as it was; none for a create and an undelete.
    pub(crate) old: Option<Vec<u8>>,
    /// The row as it is or is to be; none for a delete.
    pub(crate) new: Option<Vec<u8>>,
    /// What a before hook sets, by API names.
    pub(crate) changes: Map<String, Json>,
    /// Why the hook refuses it.
    pub(crate) refused: Option<Invalid>,
}

/// Why a hook or a validation refuses a record: a message, and the fields that it is about.
///
/// ```
/// use sobject_core::Invalid;
///
/// let reason = Invalid::new("A session ends after it began.").field("LogoutTime");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    pub(crate) message: String,
    pub(crate) fields: Vec<String>,
}

impl Invalid {
    /// A reason in words, which the caller is told as they are.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), fields: Vec::new() }
    }

    /// Adds the API name of a field that it is about.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>) -> Self {
        self.fields.push(name.into());
        self
    }

    /// Two reasons in one.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.message = format!("{}; {}", self.message, other.message);
        self.fields.extend(other.fields);
        self
    }
}

impl From<&str> for Invalid {
    fn from(message: &str) -> Self {
        Self::new(message)
    }
}

impl From<String> for Invalid {
    fn from(message: String) -> Self {
        Self::new(message)
    }
}

/// The hooks of an object, as the program gives them.
pub(crate) struct GivenHooks {
    /// The name of the object.
    pub(crate) object: String,
    /// The fields of the struct that they are typed by.
    pub(crate) source: Option<&'static [FieldDefinition]>,
    pub(crate) hooks: Vec<(Event, Hook)>,
}

/// The hooks of a store.
#[derive(Default)]
pub(crate) struct Hooks {
    /// By object number; empty if there are none.
    by_object: Vec<Vec<(Event, Hook)>>,
}

impl Hooks {
    /// These hooks, each for its object.
    ///
    /// # Errors
    /// [`Error::BadDefinition`] if there is no such object, or another struct is its.
    pub(crate) fn new(catalogue: &Catalogue, given: Vec<GivenHooks>) -> Result<Self> {
        let mut by_object: Vec<Vec<(Event, Hook)>> = Vec::new();
        for GivenHooks { object, source, hooks } in given {
            let Some(found) = catalogue.find(&object) else {
                let problem = "hooks are given for it, but the store has no such object";
                return Err(Error::BadDefinition { object, problems: vec![problem.to_owned()] });
            };
            if let Some(source) = source {
                found.check_source(source)?;
            }
            let place = usize::from(found.number.0);
            if by_object.len() <= place {
                by_object.resize_with(place + 1, Vec::new);
            }
            if let Some(of_object) = by_object.get_mut(place) {
                of_object.extend(hooks);
            }
        }
        Ok(Self { by_object })
    }

    /// Has the object hooks?
    pub(in crate::store::write) fn has(&self, object: &Object) -> bool {
        self.by_object.get(usize::from(object.number.0)).is_some_and(|it| !it.is_empty())
    }

    /// The hooks of an object that run at an event, in the order in which they were given.
    pub(in crate::store::write) fn of(
        &self,
        object: &Object,
        event: Event,
    ) -> impl Iterator<Item = &Hook> {
        let of_object = self.by_object.get(usize::from(object.number.0));
        let of_object = of_object.map_or(&[][..], Vec::as_slice).iter();
        of_object.filter(move |(at, _)| *at == event).map(|(_, hook)| hook)
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks").finish_non_exhaustive()
    }
}
