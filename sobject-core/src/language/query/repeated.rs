//! Queries that are asked again and again: prepared ones, and texts that differ in their values only.
//!
//! Both keep a [`Template`], so that all but the values is read and bound once. It is kept with the
//! rights of one caller and the objects of one open store.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use sobject_soql::{Dialect, Query};

use super::{Binding, Place, Planned, Terms, binder, parsed, typed::Selecting};
use crate::{
    error::Result,
    language::{
        bind::Template,
        calendar::Calendar,
        plan::Choice,
        run::{RowView, Run},
    },
    store::Reader,
};

/// Outlines that are remembered at most; when there are more, all are forgotten.
const MAX_OUTLINES: usize = 256;
/// Bytes of a text that is remembered, at most.
const MAX_TEXT: usize = 2_000;

/// A query whose text was read, to be run again and again with other values of its variables.
pub(crate) struct Prepared {
    text: String,
    tree: Query,
    /// Once it has run: what was bound of it, if that can be kept.
    template: OnceLock<Option<Template>>,
    /// Where the rows of the template have their columns, once that was asked for.
    places: OnceLock<Vec<Place>>,
}

/// The outlines of texts that a caller has asked before.
#[derive(Default)]
pub(crate) struct Repeated(Mutex<HashMap<String, Option<Arc<Template>>>>);

impl Prepared {
    /// Reads a text.
    ///
    /// # Errors
    /// [`Error::Query`](crate::Error::Query).
    pub(crate) fn new(text: &str, terms: Terms<'_>) -> Result<Self> {
        let tree = parsed(text, terms)?;
        let (template, places) = (OnceLock::new(), OnceLock::new());
        Ok(Self { text: text.to_owned(), tree, template, places })
    }

    /// The text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Shows the row, if there is one, of a query that has run before and asks for one record by its id
    /// and for nothing else: no plan is made, and nothing is kept but the row. `false` if the query is
    /// not so, or a value is refused; then nothing was shown.
    ///
    /// # Errors
    /// Those of `f`; [`Error::Corrupt`](crate::Error::Corrupt), [`Error::Storage`](crate::Error::Storage).
    pub(crate) fn show_by_id(
        &self,
        reader: &Reader<'_>,
        terms: Terms<'_>,
        f: &mut dyn FnMut(&RowView<'_>, &[Place]) -> Result<()>,
    ) -> Result<bool> {
        let is_plain = !terms.all_rows && terms.search.is_none() && terms.choice == Choice::Best;
        let (Some(Some(template)), true) = (self.template.get(), is_plain) else {
            return Ok(false);
        };
        let calendar = Calendar::new(terms.customs, terms.customs.zone, terms.now);
        let Ok(Some(id)) = template.one_id(&binder(reader, terms, calendar)) else {
            return Ok(false);
        };
        let Some(packed) = reader.pack_known(id)? else { return Ok(true) };
        let level = template.unfiltered();
        let places = self.places.get_or_init(|| Selecting(level).places());
        let run = Run::new(reader, calendar, terms.choice);
        run.show_live(level, packed, &mut |view| f(view, places))?;
        Ok(true)
    }

    /// The names of its variables, in the order of the text.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &str> {
        self.tree.binds().into_iter().map(|name| name.as_str())
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Prepared").field(&self.text).finish()
    }
}

impl Repeated {
    fn known(&self) -> MutexGuard<'_, HashMap<String, Option<Arc<Template>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, outline: String, template: Option<Template>) {
        let mut known = self.known();
        if known.len() >= MAX_OUTLINES {
            known.clear();
        }
        known.insert(outline, template.map(Arc::new));
    }
}

impl fmt::Debug for Repeated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Repeated").finish_non_exhaustive()
    }
}

impl Planned {
    /// Plans a prepared query with the values that the terms have for its variables.
    ///
    /// # Errors
    /// As [`Planned::of_text`].
    pub(crate) fn of_prepared(
        reader: &Reader<'_>,
        prepared: &Prepared,
        terms: Terms<'_>,
    ) -> Result<Self> {
        let Prepared { text, tree, template, .. } = prepared;
        match template.get() {
            Some(Some(template)) => {
                if let Some(planned) = Self::of_template(reader, template, &[], terms)? {
                    return Ok(planned);
                }
                Self::of_tree(reader, tree, Some(text), terms)
            }
            Some(None) => Self::of_tree(reader, tree, Some(text), terms),
            None => {
                let binding = Binding::new(reader, tree, Some(text), terms)?;
                let made = binding.template(reader, tree, None, terms);
                template.get_or_init(|| made);
                Self::of_level(reader, binding.level, binding.calendar, terms)
            }
        }
    }

    /// [`Planned::of_text`] for a caller who may have asked for the same with other values.
    ///
    /// # Errors
    /// As [`Planned::of_text`].
    pub(crate) fn of_repeated(
        reader: &Reader<'_>,
        text: &str,
        terms: Terms<'_>,
        repeated: &Repeated,
    ) -> Result<Self> {
        let Some((outline, texts)) = outline_of(text, terms) else {
            return Self::of_text(reader, text, terms);
        };
        let known = repeated.known().get(&outline).cloned();
        match known {
            Some(Some(template)) => {
                // What is refused is bound anew, so that its place in this text is told.
                if let Some(planned) = Self::of_template(reader, &template, &texts, terms)? {
                    return Ok(planned);
                }
                Self::of_text(reader, text, terms)
            }
            Some(None) => Self::of_text(reader, text, terms),
            None => {
                let tree = parsed(text, terms)?;
                let binding = Binding::new(reader, &tree, Some(text), terms)?;
                repeated.keep(outline, binding.template(reader, &tree, Some(texts.len()), terms));
                Self::of_level(reader, binding.level, binding.calendar, terms)
            }
        }
    }

    /// Plans a template with these texts; `None` if a value is refused.
    fn of_template(
        reader: &Reader<'_>,
        template: &Template,
        texts: &[&str],
        terms: Terms<'_>,
    ) -> Result<Option<Self>> {
        let calendar = Calendar::new(terms.customs, terms.customs.zone, terms.now);
        let binder = binder(reader, terms, calendar);
        match template.level(&binder, texts) {
            // A value may be a date literal, which no value was when the template was made.
            Ok(level) if !binder.asks_for_days.get() => {
                Self::of_level(reader, level, calendar, terms).map(Some)
            }
            _ => Ok(None),
        }
    }
}

impl Binding {
    /// The template of the query that was bound, if it can have one.
    fn template(
        &self,
        reader: &Reader<'_>,
        tree: &Query,
        n_texts: Option<usize>,
        terms: Terms<'_>,
    ) -> Option<Template> {
        if self.asks_for_days {
            return None;
        }
        let binder = binder(reader, terms, self.calendar);
        Template::new(&binder, tree, &self.level, n_texts).ok().flatten()
    }
}

/// A text without what stands in quotes, behind how it is to be run; and what stands in quotes. `None`
/// for a text that is too long, and where a backslash says that a text is not what it looks like.
fn outline_of<'t>(text: &'t str, terms: Terms<'_>) -> Option<(String, Vec<&'t str>)> {
    if text.len() > MAX_TEXT || text.contains(['\\', '\n', '\r']) {
        return None;
    }
    let mut outline = String::with_capacity(text.len() + 3);
    let flag = |outline: &mut String, is_set: bool| outline.push(if is_set { '1' } else { '0' });
    flag(&mut outline, terms.dialect == Dialect::Rest);
    flag(&mut outline, terms.all_rows);
    flag(&mut outline, terms.choice == Choice::Scan);
    let mut texts = Vec::with_capacity(2);
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('\'') {
        let (quoted, behind) = behind.split_once('\'')?;
        outline.push_str(before);
        outline.push_str("''");
        texts.push(quoted);
        rest = behind;
    }
    outline.push_str(rest);
    Some((outline, texts))
}
