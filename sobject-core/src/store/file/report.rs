//! What an opening tells of the file: what was dropped, and what is dormant.

use std::{collections::HashMap, fmt};

use super::migrate::Evolution;
use crate::{
    catalogue::{Catalogue, DropOrder, Plan},
    error::{Error, Result},
    store::keep::Table,
};

/// What was destroyed when a store was opened, since its program said so: a field with its values, or
/// an object with its records.
///
/// ```
/// # use sobject_core::Dropped;
/// # fn print(dropped: &[Dropped]) {
/// for it in dropped {
///     println!("{it}"); // Invoice__c.Total__c is dropped, with the values of 12 records
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dropped {
    /// The object.
    pub object: String,
    /// The field; `None` where the whole object was dropped.
    pub field: Option<String>,
    /// The records, live and deleted, that had a value in the field; those of the object, where it
    /// was dropped whole. None if the file had no such field or object.
    pub records: u64,
}

/// A field or an object that the file has, and that the program does not list. It stays as it is, and
/// is there again when it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dormant {
    /// The object.
    pub object: String,
    /// The field; `None` where the whole object is dormant.
    pub field: Option<String>,
}

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let records = match self.records {
            1 => "1 record".to_owned(),
            n => format!("{n} records"),
        };
        match &self.field {
            Some(field) => {
                write!(f, "{}.{field} is dropped, with the values of {records}", self.object)
            }
            None => write!(f, "{} is dropped, with {records}", self.object),
        }
    }
}

impl fmt::Display for Dormant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.field {
            Some(field) => write!(f, "{}.{field} is dormant", self.object),
            None => write!(f, "{} is dormant", self.object),
        }
    }
}

/// What each order is going to destroy. `before` has the tables of objects that change, as they are
/// until then.
///
/// # Errors
/// [`Error::Corrupt`], [`Error::Storage`].
pub(super) fn dropped(
    evolution: &Evolution<'_>,
    plan: &Plan,
    orders: &[DropOrder],
    before: &HashMap<usize, Table>,
) -> Result<Vec<Dropped>> {
    let of_order = |(place, order): (usize, &DropOrder)| {
        let DropOrder { object, field } = order.clone();
        let mut records = 0;
        if let Some(gone) = plan.destroyed.iter().find(|it| it.order == place) {
            let none = || Error::corrupt(format!("{object}: dropped, and was not there"));
            let table = before.get(&gone.object).ok_or_else(none)?;
            // A field that rows do not hold has no values of its own.
            if field.is_none() || gone.slot.is_some() {
                records = evolution.count(table, gone.slot)?;
            }
        }
        Ok(Dropped { object, field, records })
    };
    orders.iter().enumerate().map(of_order).collect()
}

/// Everything in the file that is dormant.
pub(crate) fn dormant(catalogue: &Catalogue) -> Vec<Dormant> {
    let mut found = Vec::new();
    for object in catalogue.kept() {
        let name = || object.name.clone();
        if catalogue.is_dormant(object) {
            found.push(Dormant { object: name(), field: None });
            continue;
        }
        let dormant = object.dormant().map(|field| Some(field.name.clone()));
        found.extend(dormant.map(|field| Dormant { object: name(), field }));
    }
    found
}
