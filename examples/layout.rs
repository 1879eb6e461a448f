//! A record as an HTML page, drawn by the layout of its object.
//!
//! ```text
//! cargo run --example layout > page.html                              a chat session of the main example
//! cargo run --example layout -- --data DIR --object Account > page.html
//! cargo run --example layout -- --user dana@desk.example > page.html  with what that user may see
//! ```
//!
//! The page knows nothing of the object: sections, columns, labels, what is required and what may be
//! changed, and the lists of related records all come from `describeLayout`. The chat session's page is
//! laid out by this program (`desk_page`), the others are made of the describe.

#[expect(dead_code, unused_imports, reason = "the program `calls` has more requests")]
#[path = "org/folder.rs"]
mod folder;
#[path = "layout/form.rs"]
mod form;
#[path = "layout/html.rs"]
mod html;
#[path = "layout/page.rs"]
mod page;
#[path = "layout/related.rs"]
mod related;
#[path = "layout/sample.rs"]
mod sample;
#[path = "layout/shown.rs"]
mod shown;

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::Parser;
use sobject_core::{Connection, RecordId};

use crate::folder::{Org, Outcome};

/// Draw a record as an HTML page, by the layout of its object
#[derive(Debug, Parser)]
#[command(name = "layout", verbatim_doc_comment)]
struct Options {
    /// A folder of an org's describes and records, instead of the main example's desk
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// The object
    #[arg(long, default_value = "LiveAgentSession")]
    object: String,

    /// The record; without one, the first that there is
    #[arg(long)]
    id: Option<RecordId>,

    /// Who looks: a Username, or an Id
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("layout: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(options: &Options) -> Outcome<()> {
    let org = match &options.data {
        Some(dir) => Org::load(dir, None, None)?,
        None => sample::load()?,
    };
    let db = org.connect(options.user.as_deref())?;
    let id = match options.id {
        Some(id) => id,
        None => first(&db, &options.object)?,
    };
    let page = page::page(&db, &options.object, id)?;
    let mut out = io::stdout().lock();
    out.write_all(page.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// The first record of an object.
fn first(db: &Connection, object: &str) -> Outcome<RecordId> {
    let page = db.object(object)?.walk_fields(&["Id"]).page(1)?;
    let id = page.items.first().and_then(|record| record.get("Id")?.as_str());
    Ok(id.ok_or_else(|| format!("there is no record of {object}"))?.parse()?)
}
