//! sobject's side.

use std::path::{Path, PathBuf};

use sobject_core::{Connection, SObject, SearchGroup, Store};

use crate::{
    CALL, LIMIT, Outcome,
    notes::{Note, Notes},
};

mod searched {
    //! Notes that can be searched.
    use sobject_core::SObject;

    /// A note.
    #[derive(SObject)]
    #[sobject(name = "Note", key_prefix = "002")]
    pub(crate) struct Searched {
        #[field(create, update, filter, sort, name_field)]
        pub(crate) name: String,
        #[field(create, update, nillable, type = textarea, length = 2000)]
        pub(crate) body: Option<String>,
        #[field(create, update, nillable, filter, type = email)]
        pub(crate) mail: Option<String>,
    }
}

mod plain {
    //! Notes that cannot.
    use sobject_core::SObject;

    /// A note.
    #[derive(SObject)]
    #[sobject(name = "Note", key_prefix = "002", calls(create, query, retrieve))]
    pub(crate) struct Plain {
        #[field(create, update, filter, sort, name_field)]
        pub(crate) name: String,
        #[field(create, update, nillable, type = textarea, length = 2000)]
        pub(crate) body: Option<String>,
        #[field(create, update, nillable, filter, type = email)]
        pub(crate) mail: Option<String>,
    }
}

use plain::{Plain, PlainCreate};
use searched::{Searched, SearchedCreate};

/// The notes in a file.
pub(crate) struct Ours {
    db: Connection,
    path: PathBuf,
    is_searched: bool,
}

impl Ours {
    pub(crate) fn load(path: &Path, notes: &Notes, is_searched: bool) -> Outcome<Self> {
        let object = if is_searched { Searched::OBJECT } else { Plain::OBJECT };
        let ours =
            Self { db: Store::open(path, &[object])?.system(), path: path.to_owned(), is_searched };
        for many in notes.0.chunks(CALL * 50) {
            ours.db.transaction(|tx| {
                for call in many.chunks(CALL) {
                    let results = if is_searched {
                        let views: Vec<_> = call.iter().map(searched).collect();
                        tx.create_many(&views)?
                            .into_iter()
                            .map(|it| it.map(drop))
                            .collect::<Vec<_>>()
                    } else {
                        let views: Vec<_> = call.iter().map(plain).collect();
                        tx.create_many(&views)?.into_iter().map(|it| it.map(drop)).collect()
                    };
                    results.into_iter().collect::<sobject_core::Result<()>>()?;
                }
                Ok::<_, sobject_core::Error>(())
            })?;
        }
        Ok(ours)
    }

    pub(crate) fn add(&self, notes: &[Note]) -> Outcome<()> {
        if self.is_searched {
            let views: Vec<_> = notes.iter().map(searched).collect();
            for result in self.db.create_many(&views)? {
                result?;
            }
        } else {
            let views: Vec<_> = notes.iter().map(plain).collect();
            for result in self.db.create_many(&views)? {
                result?;
            }
        }
        Ok(())
    }

    pub(crate) fn count(&self, text: &str, is_of_names: bool) -> Outcome<usize> {
        let group = if is_of_names { SearchGroup::Name } else { SearchGroup::All };
        let found = self.db.find_text(text).within(group).returning::<Searched>();
        // A search gives 2,000 at most.
        Ok(found.count()?)
    }

    /// The names of the first notes that have it, by SOSL.
    pub(crate) fn sosl(&self, text: &str, is_of_names: bool) -> Outcome<Vec<String>> {
        let group = if is_of_names { "NAME" } else { "ALL" };
        let search =
            format!("FIND {{{text}}} IN {group} FIELDS RETURNING Note(Id, Name LIMIT {LIMIT})");
        let found = self.db.search(search)?;
        let name =
            |it: &sobject_core::JsonRecord| it["Name"].as_str().unwrap_or_default().to_owned();
        Ok(found.records.iter().map(name).collect())
    }

    /// The same, typed.
    pub(crate) fn typed(&self, text: &str, is_of_names: bool) -> Outcome<Vec<String>> {
        let group = if is_of_names { SearchGroup::Name } else { SearchGroup::All };
        let found = self.db.find_text(text).within(group).returning::<Searched>();
        let found =
            found.select((Searched::FIELDS.id, Searched::FIELDS.name)).limit(LIMIT).all()?;
        Ok(found.into_iter().map(|(_, name)| name).collect())
    }

    pub(crate) fn size(&self) -> Outcome<u64> {
        Ok(std::fs::metadata(&self.path)?.len())
    }
}

fn searched(note: &Note) -> SearchedCreate {
    SearchedCreate {
        body: Some(note.body.trim().to_owned()),
        mail: Some(note.mail.clone()),
        ..SearchedCreate::new(note.name.clone())
    }
}

fn plain(note: &Note) -> PlainCreate {
    PlainCreate {
        body: Some(note.body.trim().to_owned()),
        mail: Some(note.mail.clone()),
        ..PlainCreate::new(note.name.clone())
    }
}
