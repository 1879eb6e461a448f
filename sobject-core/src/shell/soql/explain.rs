//! [`Explanation`]: how a query was answered.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct};
use serde_json::json;

use super::Soql;
use crate::{
    error::Result,
    language::{Explained, Planned, ToldPlan},
    shell::connection::Connection,
};

/// How a query was answered: by which path its records were found, why, and how many were read.
///
/// It is serialised as the REST API answers `explain`, and printed as text for people.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Explanation {
    /// The path, in words.
    pub path: String,
    /// Why it was taken.
    pub reason: String,
    /// How many records it was thought to lead to.
    pub estimate: u64,
    /// How many records were read to find the rows.
    pub records_read: u64,
    /// How many rows were found.
    pub total_size: usize,
    /// The paths that were weighed against each other, the one that was taken first.
    pub plans: Vec<QueryPlan>,
}

/// A path by which the records of a query can be found, in the words of the REST API.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct QueryPlan {
    /// How many records it leads to, as far as is known.
    pub cardinality: u64,
    /// The indexed fields that it uses.
    pub fields: Vec<String>,
    /// `Index`, or `TableScan` where all records are read.
    pub leading_operation_type: &'static str,
    /// What speaks for or against it.
    pub notes: Vec<String>,
    /// What it costs, compared with reading all records, which costs 1.
    pub relative_cost: f64,
    /// How many live records the object has.
    pub sobject_cardinality: u64,
    /// The object.
    pub sobject_type: String,
}

impl Explanation {
    pub(in crate::shell) fn new(explained: Explained) -> Self {
        let Explained { object, n_records, told, n_read, n_rows } = explained;
        let plan = |plan: ToldPlan| QueryPlan {
            cardinality: plan.cardinality,
            fields: plan.fields,
            leading_operation_type: if plan.is_scan { "TableScan" } else { "Index" },
            notes: vec![plan.reason.to_owned()],
            relative_cost: plan.relative_cost,
            sobject_cardinality: n_records,
            sobject_type: object.clone(),
        };
        Self {
            path: told.path,
            reason: told.reason.to_owned(),
            estimate: told.estimate,
            records_read: n_read,
            total_size: n_rows,
            plans: told.plans.into_iter().map(plan).collect(),
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "path      {}", self.path)?;
        writeln!(f, "because   {}", self.reason)?;
        writeln!(f, "estimate  {} records", self.estimate)?;
        writeln!(f, "read      {} records", self.records_read)?;
        write!(f, "found     {} rows", self.total_size)
    }
}

impl Serialize for Explanation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_struct("Explanation", 1)?;
        map.serialize_field("plans", &self.plans)?;
        map.end()
    }
}

impl Serialize for QueryPlan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let note = |text: &String| {
            json!({
                "description": text,
                "fields": self.fields,
                "tableEnumOrId": self.sobject_type,
            })
        };
        let notes: Vec<_> = self.notes.iter().map(note).collect();
        let mut map = serializer.serialize_struct("QueryPlan", 7)?;
        map.serialize_field("cardinality", &self.cardinality)?;
        map.serialize_field("fields", &self.fields)?;
        map.serialize_field("leadingOperationType", self.leading_operation_type)?;
        map.serialize_field("notes", &notes)?;
        map.serialize_field("relativeCost", &self.relative_cost)?;
        map.serialize_field("sobjectCardinality", &self.sobject_cardinality)?;
        map.serialize_field("sobjectType", &self.sobject_type)?;
        map.end()
    }
}

impl Connection {
    /// Tells how a query is answered. The query is run, so that what was thought can be compared with
    /// what was there; its rows are not read out.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # db.create(UserCreate::new("Ada Lovelace", "ada@example.com"))?;
    /// let told = db.explain("SELECT Id FROM User WHERE Name LIKE '%love%'")?;
    /// assert_eq!(told.path, "User whole");
    /// assert_eq!((told.records_read, told.total_size), (1, 1));
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Connection::soql`].
    pub fn explain(&self, query: impl Into<Soql>) -> Result<Explanation> {
        let query: Soql = query.into();
        let terms = query.noting_terms(self.today());
        let explained = self
            .owned_session()?
            .read(|reader| Planned::of_text(reader, query.text(), terms)?.explain(reader))?;
        Ok(Explanation::new(explained))
    }
}
