//! The source of the packages: the same structs, with one derive or another or none.

use std::{fmt::Write, path::Path};

/// Structs in a package.
pub(crate) const N_OBJECTS: u32 = 50;
/// Fields of each.
pub(crate) const N_FIELDS: u32 = 20;

/// The manifest of the workspace.
pub(crate) const WORKSPACE: &str = r#"[workspace]
resolver = "3"
members = ["bare", "with_sobject", "with_serde", "smallest"]
"#;

/// The smallest program: one object, one record.
pub(crate) const SMALLEST: &str = r#"//! Made by the bench's check_time.

use sobject_core::{SObject, Store};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Note {
    #[field(create, filter, sort, update)]
    text: String,
}

fn main() -> sobject_core::Result<()> {
    let db = Store::in_memory(&[Note::OBJECT])?.system();
    let id = db.create(NoteCreate::new("hello"))?;
    println!("{}", db.get(id)?.text);
    Ok(())
}
"#;

/// The manifest of the smallest program.
pub(crate) fn smallest_manifest(core: &Path) -> String {
    format!(
        r#"[package]
name = "smallest"
version = "0.0.0"
edition = "2024"

[dependencies]
sobject-core = {{ path = '{}' }}
"#,
        core.display(),
    )
}

/// One of the packages.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Package {
    Bare,
    SObject,
    Serde,
}

/// A field: its name, its words as `#[field(..)]` takes them, and its type.
type Field = (&'static str, &'static str, &'static str);

/// The fields, after a reference to the object before.
const FIELDS: [Field; 19] = [
    ("name", "create, filter, group, name_field, sort, update, length = 80", "String"),
    ("owner_id", "create, defaulted_on_create, filter, group, sort, update", "Ref<(Group, User)>"),
    ("code", "create, filter, group, id_lookup, sort, update, length = 18", "String"),
    ("note", "create, filter, nillable, sort, update", "Option<String>"),
    ("phase", "create, filter, group, nillable, sort, update, length = 40", "Option<String>"),
    ("is_open", "create, defaulted_on_create, filter, group, sort, update", "bool"),
    ("is_paid", "create, defaulted_on_create, filter, group, sort, update", "bool"),
    ("seats", "create, filter, group, sort, update", "i32"),
    ("visits", "create, filter, group, nillable, sort, update", "Option<i32>"),
    ("calls", "create, filter, group, nillable, sort, update", "Option<i32>"),
    ("chats", "create, filter, group, nillable, sort, update", "Option<i32>"),
    ("minutes", "create, filter, group, nillable, sort, update, digits = 8", "Option<i32>"),
    ("amount", "create, filter, sort, update", "f64"),
    ("discount", "create, filter, nillable, sort, update", "Option<f64>"),
    ("share", "create, filter, nillable, sort, update", "Option<f64>"),
    ("begins", "create, filter, group, sort, update", "NaiveDate"),
    ("ends", "create, filter, group, nillable, sort, update", "Option<NaiveDate>"),
    ("called_at", "create, filter, sort, update", "DateTime<Utc>"),
    ("answered_at", "create, filter, nillable, sort, update", "Option<DateTime<Utc>>"),
];

impl Package {
    /// All of them, in the order of the table.
    pub(crate) const ALL: [Self; 3] = [Self::Bare, Self::SObject, Self::Serde];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::SObject => "with_sobject",
            Self::Serde => "with_serde",
        }
    }

    pub(crate) fn manifest(self, core: &Path) -> String {
        format!(
            r#"[package]
name = "{}"
version = "0.0.0"
edition = "2024"

[dependencies]
chrono = {{ version = "0.4.45", default-features = false, features = ["serde"] }}
serde = {{ version = "1.0.229", features = ["derive"] }}
sobject-core = {{ path = '{}' }}
"#,
            self.name(),
            core.display(),
        )
    }

    pub(crate) fn source(self) -> String {
        let mut source = String::from(
            "//! Made by the bench's check_time.\n#![allow(missing_docs)]\n\n\
             use chrono::{DateTime, NaiveDate, Utc};\n\
             use sobject_core::{Id, Ref, standard::{Group, User}};\n",
        );
        source.push_str(match self {
            Self::Bare => "",
            Self::SObject => "use sobject_core::SObject;\n",
            Self::Serde => "use serde::{Deserialize, Serialize};\n",
        });
        for object in 0..N_OBJECTS {
            // Writing to a String does not fail.
            let _ = self.write_object(&mut source, object);
        }
        source
    }

    fn write_object(self, source: &mut String, object: u32) -> std::fmt::Result {
        let before = (object + N_OBJECTS - 1) % N_OBJECTS;
        let parent = format!("Id<Object{before}>");
        let parent = ("parent_id", "create, filter, group, sort, update", parent.as_str());
        match self {
            Self::Bare => writeln!(source)?,
            Self::SObject => {
                writeln!(
                    source,
                    "\n#[derive(SObject)]\n#[sobject(key_prefix = \"a{object:02}\")]"
                )?;
            }
            Self::Serde => writeln!(source, "\n#[derive(Serialize, Deserialize)]")?,
        }
        writeln!(source, "pub struct Object{object} {{")?;
        for (name, words, ty) in [parent].into_iter().chain(FIELDS) {
            if self == Self::SObject {
                writeln!(source, "    #[field({words})]")?;
            }
            writeln!(source, "    pub {name}: {ty},")?;
        }
        writeln!(source, "}}")
    }
}
