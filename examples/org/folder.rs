//! An org that was put into a folder, loaded into a store.
//!
//! ```text
//! DIR/describe/*.json    one REST describe result in each file
//! DIR/records/*.json     {"records": [..]}, the records as a REST query answers them, or tree files
//! DIR/org.json           the settings of the org; may be missing
//! DIR/permissions.json   what users may not do; may be missing
//! ```
//!
//! A store file that was loaded from a folder has that folder without the records beside it
//! (`desk.redb.org`), since the file knows nothing of clocks, rights and the names of child
//! relationships.
//!
//! Files are read in the order of their names. An error names the file, and the object and the record
//! in it.

mod clock;
mod describes;
mod lines;
mod records;
mod requests;
mod rights;
mod tree;

use std::{
    error, fs, io,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc, Weekday};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value as Json;
use sobject_core::{Caller, Connection, Definition, RecordId, Soql, Store, StoreBuilder};

use self::rights::Rights;
pub(crate) use self::{
    clock::{OrgClock, instant},
    lines::{BadLine, Line, answer, lines},
    requests::{Body, Defaults, KEYS, Refusal, answer_line, body, serve},
};

/// The result of a step. The text of an error is for the screen.
pub(crate) type Outcome<T> = Result<T, Box<dyn error::Error>>;

/// The version of the API that the store speaks.
const API: &str = "65.0";

/// `org.json`
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct Settings {
    api_version: Option<String>,
    now: Option<String>,
    run_as: Option<String>,
    time_zone: Option<String>,
    week_start: Option<String>,
    fiscal_year_start_month: Option<u32>,
    uses_start_date_as_fiscal_year_name: Option<bool>,
    instance: Option<String>,
}

/// An org: a store, its clock, and who may do what.
#[derive(Debug)]
pub(crate) struct Org {
    /// The store with its records.
    pub(crate) store: Store,
    /// The clock of the store.
    pub(crate) clock: OrgClock,
    run_as: Option<String>,
    rights: Rights,
}

impl Org {
    /// Loads a folder into a store in memory, or into the file at `store`: if that has no records
    /// yet, it gets those of the folder, and can be opened without it afterwards. The clock stands at
    /// `now`, if there is one here or in the settings.
    ///
    /// # Errors
    /// Whatever is wrong with the folder or the file.
    pub(crate) fn load(
        dir: &Path,
        store: Option<&Path>,
        now: Option<DateTime<Utc>>,
    ) -> Outcome<Self> {
        if !dir.is_dir() {
            return Err(format!("{}: there is no such folder", dir.display()).into());
        }
        let path = dir.join("org.json");
        let settings: Settings = read(&path)?.unwrap_or_default();
        let of_settings = |problem: String| format!("{}: {problem}", path.display());
        let clock = OrgClock::new(settings.now(now).map_err(of_settings)?);
        let mut builder =
            settings.apply(Store::builder().clock(clock.clone())).map_err(of_settings)?;
        let describe_dir = dir.join("describe");
        let objects = describes::read(&describe_dir)?;
        if objects.is_empty() {
            return Err(format!("{}: there are no describes", describe_dir.display()).into());
        }
        let rights = Rights::read(&dir.join("permissions.json"), &objects)?;
        for object in objects {
            builder = builder.described(object);
        }
        let opened = match store {
            Some(path) => builder.open(path, &[]),
            None => builder.in_memory(&[]),
        };
        let at_fault = store.unwrap_or(&describe_dir);
        let opened = opened.map_err(|error| format!("{}: {error}", at_fault.display()))?;
        let org = Self { store: opened, clock, run_as: settings.run_as, rights };
        if org.is_empty()? {
            records::load(&org.store, || org.creator(), &dir.join("records"))?;
        }
        if let Some(store) = store {
            let beside = beside(store);
            keep(dir, &beside).map_err(|error| format!("{}: {error}", beside.display()))?;
        }
        // A name that nobody has is told now and not with the first query.
        org.connect(None).map_err(|error| of_settings(format!("runAs: {error}")))?;
        Ok(org)
    }

    /// The org of a store file, as it was loaded from a folder; of a file that another program made,
    /// every object that it has, as the file describes it.
    ///
    /// # Errors
    /// Those of opening the file.
    pub(crate) fn open(path: &Path, now: Option<DateTime<Utc>>) -> Outcome<Self> {
        let beside = beside(path);
        if path.exists() && beside.is_dir() {
            return Self::load(&beside, Some(path), now);
        }
        let clock = OrgClock::new(now);
        let builder = Store::builder().clock(clock.clone()).every_stored_object();
        let store = builder
            .open_existing(path, &[])
            .map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self { store, clock, run_as: None, rights: Rights::default() })
    }

    /// The org of a new store in memory with these objects.
    ///
    /// # Errors
    /// Those of [`Store::in_memory`].
    pub(crate) fn new(objects: &[&Definition], now: Option<DateTime<Utc>>) -> Outcome<Self> {
        Self::with(now, |builder| Ok(builder.in_memory(objects)?))
    }

    /// The org of the store that `open` makes.
    ///
    /// # Errors
    /// Those of `open`.
    pub(crate) fn with(
        now: Option<DateTime<Utc>>,
        open: impl FnOnce(StoreBuilder) -> Outcome<Store>,
    ) -> Outcome<Self> {
        let clock = OrgClock::new(now);
        let store = open(Store::builder().clock(clock.clone()))?;
        Ok(Self { store, clock, run_as: None, rights: Rights::default() })
    }

    /// A connection of a user, by Username or Id; of the settings' user, if none is given; in system
    /// mode, if there is none there.
    ///
    /// # Errors
    /// There is no such user.
    pub(crate) fn connect(&self, user: Option<&str>) -> Outcome<Connection> {
        let Some(name) = user.or(self.run_as.as_deref()) else {
            return Ok(self.store.system());
        };
        let found = self.user(name)?;
        let (id, username) = found.ok_or_else(|| format!("there is no user {name}"))?;
        Ok(self.store.connect(Caller::user(id, self.rights.of(&username))))
    }

    /// Who creates the records of tree files: the settings' user, who may do everything then.
    fn creator(&self) -> Connection {
        let user = self.run_as.as_deref().and_then(|name| self.user(name).ok().flatten());
        match user {
            Some((id, _)) => self.store.connect(Caller::system_as(id)),
            None => self.store.system(),
        }
    }

    /// The user of this Username or Id, with the Username.
    fn user(&self, name: &str) -> Outcome<Option<(RecordId, String)>> {
        let system = self.store.system();
        let found = |field: &str, value: &str| {
            let text = format!("SELECT Id, Username FROM User WHERE {field} = :value LIMIT 1");
            system.soql(Soql::new(text).bind("value", value))
        };
        let mut users = found("Username", name).map_err(|error| format!("user {name}: {error}"))?;
        if users.records.is_empty() && name.parse::<RecordId>().is_ok() {
            users = found("Id", name)?;
        }
        let Some(user) = users.records.first() else { return Ok(None) };
        let text = |key: &str| user.get(key).and_then(Json::as_str).unwrap_or_default();
        Ok(Some((text("Id").parse()?, text("Username").to_owned())))
    }

    /// Has the store no records at all?
    fn is_empty(&self) -> Outcome<bool> {
        let system = self.store.system();
        for object in system.describe_global().sobjects {
            if system.object(&object.name)?.count()? > 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl Settings {
    /// The instant at which the clock stands.
    fn now(&self, given: Option<DateTime<Utc>>) -> Result<Option<DateTime<Utc>>, String> {
        let own = self.now.as_deref().map(instant).transpose();
        Ok(given.or(own.map_err(|problem| format!("now: {problem}"))?))
    }

    fn apply(&self, mut builder: StoreBuilder) -> Result<StoreBuilder, String> {
        if let Some(version) = self.api_version.as_deref().filter(|it| *it != API) {
            return Err(format!("apiVersion: {version} is not supported, only {API}"));
        }
        if let Some(zone) = &self.time_zone {
            builder = builder.time_zone(zone).map_err(|error| format!("timeZone: {error}"))?;
        }
        if let Some(name) = &self.week_start {
            let day: Weekday =
                name.parse().map_err(|_| format!("weekStart: {name} is no day of the week"))?;
            builder = builder.week_start(day);
        }
        let month = self.fiscal_year_start_month.unwrap_or(1);
        let by_start = self.uses_start_date_as_fiscal_year_name.unwrap_or(true);
        builder = builder
            .fiscal_year(month, by_start)
            .map_err(|error| format!("fiscalYearStartMonth: {error}"))?;
        if let Some(instance) = &self.instance {
            if instance.len() != 2 || !instance.bytes().all(|it| it.is_ascii_alphanumeric()) {
                return Err(format!("instance: {instance:?} is not two of 0-9, A-Z and a-z"));
            }
            builder = builder.instance(format!("{instance}0"));
        }
        Ok(builder)
    }
}

/// The folder beside a store file.
fn beside(store: &Path) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".org");
    name.into()
}

/// Copies a folder without its records.
fn keep(dir: &Path, to: &Path) -> Outcome<()> {
    if dir == to {
        return Ok(());
    }
    fs::create_dir_all(to.join("describe"))?;
    // What is left of an earlier copy would be described twice.
    for path in files(&to.join("describe"))? {
        fs::remove_file(path)?;
    }
    for path in files(&dir.join("describe"))? {
        let name = path.file_name().unwrap_or_default();
        fs::copy(&path, to.join("describe").join(name))?;
    }
    for name in ["org.json", "permissions.json"] {
        match dir.join(name).exists() {
            true => drop(fs::copy(dir.join(name), to.join(name))?),
            false if to.join(name).exists() => fs::remove_file(to.join(name))?,
            false => {}
        }
    }
    Ok(())
}

/// The JSON files of a folder, in the order of their names; none if there is no such folder.
fn files(dir: &Path) -> Outcome<Vec<PathBuf>> {
    let in_dir = |error: io::Error| format!("{}: {error}", dir.display());
    if !dir.exists() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).map_err(in_dir)? {
        let path = entry.map_err(in_dir)?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// What a file says; `None` if there is none.
fn read<T: DeserializeOwned>(path: &Path) -> Outcome<Option<T>> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        text => text.map_err(|error| format!("{}: {error}", path.display()))?,
    };
    // Some editors put a mark of the byte order in front.
    let read = serde_json::from_str(text.trim_start_matches('\u{feff}'));
    Ok(Some(read.map_err(|error| format!("{}: {error}", path.display()))?))
}
