//! Plans in words, for `explain`.

use super::{Path, Plan, Reason};
use crate::{catalogue::Object, definition::FieldIdx};

/// A plan in words.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Told {
    pub(crate) path: String,
    pub(crate) reason: &'static str,
    pub(crate) estimate: u64,
    /// The paths that were weighed against each other, the best first.
    pub(crate) plans: Vec<ToldPlan>,
}

/// A path that was weighed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ToldPlan {
    pub(crate) cardinality: u64,
    pub(crate) fields: Vec<String>,
    pub(crate) is_scan: bool,
    pub(crate) reason: &'static str,
    /// What it costs for each record of the object: below 1 it is better than to read all.
    pub(crate) relative_cost: f64,
}

impl Plan {
    /// The plan in words; the object has so many records.
    pub(crate) fn told(&self, object: &Object, n_rows: u64) -> Told {
        #[expect(clippy::cast_precision_loss, reason = "an estimate needs the leading digits only")]
        let of_all = |n: f64| if n_rows == 0 { 0.0 } else { n / n_rows as f64 };
        let mut plans: Vec<_> = self
            .weighed
            .iter()
            .map(|it| ToldPlan {
                cardinality: it.estimate.min(n_rows),
                fields: names(object, &it.path),
                is_scan: matches!(it.path, Path::Scan),
                reason: it.reason.text(),
                relative_cost: of_all(it.cost),
            })
            .collect();
        if plans.is_empty() {
            let is_scan = matches!(self.path, Path::Scan);
            #[expect(clippy::cast_precision_loss, reason = "as above")]
            let cost = self.estimate as f64;
            plans.push(ToldPlan {
                cardinality: self.estimate.min(n_rows),
                fields: names(object, &self.path),
                is_scan,
                reason: self.reason.text(),
                relative_cost: of_all(cost),
            });
        }
        Told {
            path: self.path.text(object),
            reason: self.reason.text(),
            estimate: self.estimate.min(n_rows),
            plans,
        }
    }
}

impl Path {
    /// The path in a few words.
    fn text(&self, object: &Object) -> String {
        let name =
            |field: FieldIdx| object.field(field).map_or("?", |field| &field.name).to_owned();
        match self {
            Self::Ids(ids) => format!("{} by {} ids", object.name, ids.len()),
            Self::Index(path) => format!("{} by the index of {}", object.name, name(path.field)),
            Self::All(paths) => {
                let names: Vec<_> = paths.iter().map(|path| name(path.field)).collect();
                format!("{} by the indexes of {}", object.name, names.join(" and "))
            }
            Self::Any(_) => {
                format!("{} by the indexes of {}", object.name, names(object, self).join(" or "))
            }
            Self::InOrder(path) => {
                let way = if path.descending { "backwards" } else { "forwards" };
                format!("{} by the index of {}, {way}", object.name, name(path.field))
            }
            Self::Ends(_) => {
                let names = names(object, self).join(" and ");
                format!("{} by the ends of the index of {names}", object.name)
            }
            Self::Scan => format!("{} whole", object.name),
        }
    }
}

fn names(object: &Object, path: &Path) -> Vec<String> {
    let fields = path.fields().into_iter();
    fields.filter_map(|field| object.field(field)).map(|field| field.name.clone()).collect()
}

impl Reason {
    /// The reason as a sentence.
    fn text(self) -> &'static str {
        match self {
            Self::Ids => "the condition lists ids",
            Self::Unique => "the condition names one value of a unique field",
            Self::Fewest => "the condition leads to few records by an index",
            Self::Both => "few records are in all of these parts of indexes",
            Self::InOrder => "the first rows are wanted, and the index has them in order",
            Self::Ends => "an index has the least and the greatest value at its ends",
            Self::AnyRows => "the reading ends when there are rows enough",
            Self::NoIndex => "no condition leads to records by an id or an index",
            Self::TooMany => "indexes lead to so many records that it is faster to read all",
            Self::Bin => "records of the recycle bin have no entries in indexes",
            Self::Known => "how many records there are is known",
            Self::Told => "the caller wants all records read",
        }
    }
}
