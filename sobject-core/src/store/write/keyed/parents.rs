//! Parents that records name by a key.

use super::super::{draft::Draft, writer::Write};
use crate::{
    error::{Error, Result},
    store::rules::{bad_parent, not_found},
};

impl<'a> Write<'a> {
    /// Looks up the parents that drafts name by keys, and puts their ids in the places of the
    /// references. What was not found refuses its record when its turn comes.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(in crate::store::write) fn find_parents<'d, 'v: 'd>(
        &self,
        drafts: impl IntoIterator<Item = &'d mut Draft<'v>>,
    ) -> Result<()>
    where
        'a: 'v,
    {
        let has_parents = |draft: &&mut Draft<'v>| !draft.parents().is_empty();
        let mut drafts: Vec<_> = drafts.into_iter().filter(has_parents).collect();
        if drafts.is_empty() {
            return Ok(());
        }
        let mut keys = Vec::new();
        let mut places = Vec::new();
        for draft in &drafts {
            for parent in draft.parents() {
                let key = self.key_of(parent.target, parent.key, &parent.given);
                places.push(match key {
                    Ok(Some(key)) => {
                        keys.push(key);
                        Ok(Some(keys.len() - 1))
                    }
                    Ok(None) => Ok(None),
                    Err(error) if error.refuses_one_record() => Err(error),
                    Err(error) => return Err(error),
                });
            }
        }
        let mut found = self.look_up(&keys)?;
        let mut places = places.into_iter();
        for draft in &mut drafts {
            let object = draft.object;
            let mut ids = Vec::with_capacity(draft.parents().len());
            for (parent, place) in draft.parents().iter().zip(&mut places) {
                let id = place.and_then(|place| {
                    let Some(place) = place else { return Ok(None) };
                    let Some(key) = keys.get(place) else { return Ok(None) };
                    key.one(found.get_mut(place).map(std::mem::take).unwrap_or_default())
                });
                let lost = || {
                    let value = parent.given.to_string();
                    let problem = not_found(parent.target, parent.target.at(parent.key)?, value);
                    Ok::<_, Error>(bad_parent(object, object.at(parent.field)?, problem))
                };
                ids.push(match id {
                    Ok(Some(id)) => Ok(id),
                    Ok(None) => Err(lost()?),
                    Err(error) => Err(error),
                });
            }
            draft.set_parents(ids);
        }
        Ok(())
    }
}
