//! Hooks as a program gives them: [`Hooks`] for a struct, [`JsonHooks`] for an object by its name.
//!
//! What a hook is given is read before it runs, and what it sets is taken over when it has run. The
//! rules are those of `store::write::hooks`.

mod json;
mod typed;

use std::{fmt, sync::Arc};

pub use self::{
    json::{AfterJson, BeforeJson, JsonHooks},
    typed::{After, Before, Hooks},
};
use super::{cursors::Today, transaction::Transaction};
use crate::{
    definition::FieldDefinition,
    error::Result,
    language::Customs,
    store::{Event, GivenHooks, Hook, HookBatch, Hooked, Invalid, Write},
};

/// Makes a hook of a store whose people count time so.
type MakeHook = Arc<dyn Fn(Customs) -> Hook + Send + Sync>;

/// The hooks of an object: made of [`Hooks`] or of [`JsonHooks`], and given to
/// [`StoreBuilder::hooks`](crate::StoreBuilder::hooks).
#[derive(Clone)]
pub struct ObjectHooks {
    object: String,
    source: Option<&'static [FieldDefinition]>,
    hooks: Vec<(Event, MakeHook)>,
}

impl ObjectHooks {
    /// The hooks for a store whose people count time so.
    pub(super) fn given(&self, customs: Customs) -> GivenHooks {
        GivenHooks {
            object: self.object.clone(),
            source: self.source,
            hooks: self.hooks.iter().map(|(event, make)| (*event, make(customs))).collect(),
        }
    }
}

impl fmt::Debug for ObjectHooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let events: Vec<_> = self.hooks.iter().map(|(event, _)| event).collect();
        f.debug_struct("ObjectHooks")
            .field("object", &self.object)
            .field("events", &events)
            .finish_non_exhaustive()
    }
}

/// A record as a hook is given it.
trait Given: Sized + 'static {
    /// Reads it.
    fn read(write: &Write<'_>, batch: &HookBatch<'_>, record: &Hooked) -> Result<Self>;

    /// Hands on what the hook made of it.
    fn hand_on(self, record: &mut Hooked);
}

/// A hook that is called with all records of a batch.
fn hook<G, F>(f: F) -> MakeHook
where
    G: Given,
    F: Fn(&mut Transaction<'_>, &mut [G]) -> Result<()> + Send + Sync + 'static,
{
    let f = Arc::new(f);
    Arc::new(move |customs| {
        let f = f.clone();
        boxed(move |write, batch| {
            let read = |record: &Hooked| G::read(&write, batch, record);
            let mut records = match batch.records.iter().map(read).collect::<Result<Vec<_>>>() {
                Ok(records) => records,
                Err(error) => return (write, Err(error)),
            };
            let today = Today { customs, now: write.now() };
            let mut tx = Transaction::new(write, false, today);
            let result = f(&mut tx, &mut records);
            for (record, given) in batch.records.iter_mut().zip(records) {
                given.hand_on(record);
            }
            (tx.into_write(), result)
        })
    })
}

/// A validation, which is called with one record after another.
fn validation<G, F>(f: F) -> MakeHook
where
    G: Given,
    F: Fn(&G) -> Result<(), Invalid> + Send + Sync + 'static,
{
    let f = Arc::new(f);
    Arc::new(move |_| {
        let f = f.clone();
        boxed(move |write, batch| {
            for place in 0..batch.records.len() {
                let Some(record) = batch.records.get(place) else { continue };
                let refused = match G::read(&write, batch, record) {
                    Ok(given) => f(&given).err(),
                    Err(error) => return (write, Err(error)),
                };
                if let Some(record) = batch.records.get_mut(place) {
                    record.refused = refused;
                }
            }
            (write, Ok(()))
        })
    })
}

fn boxed(
    f: impl for<'w> Fn(Write<'w>, &mut HookBatch<'w>) -> (Write<'w>, Result<()>) + Send + Sync + 'static,
) -> Hook {
    Box::new(f)
}

/// One more reason to refuse a record.
fn refuse(refused: &mut Option<Invalid>, reason: Invalid) {
    *refused = Some(match refused.take() {
        Some(before) => before.and(reason),
        None => reason,
    });
}
