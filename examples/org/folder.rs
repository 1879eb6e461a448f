//! A folder of describes and records of an org, loaded into a store.
//!
//! ```text
//! DIR/describe/*.json    one REST describe result in each file
//! DIR/records/*.json     {"records": [..]}, the records as a REST query answers them
//! DIR/org.json           the settings of the org; may be missing
//! DIR/permissions.json   what users may not do; may be missing
//! ```

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc, Weekday};
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use sobject_core::{
    Caller, Connection, FieldRight, ManualClock, ObjectDescribe, ObjectRight, Permissions,
    RecordId, Store, SystemClock,
};

/// Whatever goes wrong is told on the screen.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Records that are put in one call.
const CHUNK: usize = 2_000;

/// The settings of an org.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Settings {
    now: Option<DateTime<Utc>>,
    run_as: Option<String>,
    time_zone: Option<String>,
    week_start: Option<String>,
    fiscal_year_start_month: Option<u32>,
    uses_start_date_as_fiscal_year_name: Option<bool>,
    instance: Option<String>,
}

/// The rights of a user that are not given.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Narrowed {
    objects: BTreeMap<String, BTreeMap<String, bool>>,
    fields: BTreeMap<String, BTreeMap<String, bool>>,
}

/// An org, loaded from a folder.
#[derive(Debug)]
pub struct Org {
    /// The store with its records.
    pub store: Store,
    /// The clock of the store, if it stands still.
    pub clock: Option<ManualClock>,
    run_as: Option<String>,
    permissions: BTreeMap<String, Narrowed>,
    objects: Vec<String>,
}

impl Org {
    /// Loads a folder into a store in memory. The clock stands at `now`, if there is one here or in
    /// the settings.
    pub fn load(dir: &Path, now: Option<DateTime<Utc>>) -> Outcome<Self> {
        let settings: Settings = read(&dir.join("org.json"))?.unwrap_or_default();
        let mut builder = Store::builder();
        let clock = now.or(settings.now).map(ManualClock::at);
        builder = match &clock {
            Some(clock) => builder.clock(clock.clone()),
            None => builder.clock(SystemClock),
        };
        if let Some(zone) = &settings.time_zone {
            builder = builder.time_zone(zone)?;
        }
        if let Some(day) = &settings.week_start {
            let day: Weekday = day.parse().map_err(|_| format!("weekStart: {day} is no day"))?;
            builder = builder.week_start(day);
        }
        let month = settings.fiscal_year_start_month.unwrap_or(1);
        let by_start = settings.uses_start_date_as_fiscal_year_name.unwrap_or(true);
        builder = builder.fiscal_year(month, by_start)?;
        if let Some(instance) = &settings.instance {
            builder = builder.instance(format!("{instance}0"));
        }
        let mut objects = Vec::new();
        for path in files(&dir.join("describe"))? {
            let text = fs::read_to_string(&path)?;
            let describe: ObjectDescribe = serde_json::from_str(&text)
                .map_err(|error| format!("{}: {error}", path.display()))?;
            objects.push(describe.name.clone());
            builder = builder.described(describe);
        }
        let store = builder.in_memory(&[])?;
        load_records(&store, &dir.join("records"))?;
        let permissions = read(&dir.join("permissions.json"))?.unwrap_or_default();
        Ok(Self { store, clock, run_as: settings.run_as, permissions, objects })
    }

    /// A connection of this user, by Username or Id; of the settings' user, if none is given; in
    /// system mode, if there is none there.
    pub fn connect(&self, user: Option<&str>) -> Outcome<Connection> {
        let Some(name) = user.or(self.run_as.as_deref()) else {
            return Ok(self.store.system());
        };
        let (id, name) = self.user(name)?;
        let Some(narrowed) = self.permissions.get(&name) else {
            return Ok(self.store.connect(Caller::user(id, self.all())));
        };
        let mut permissions = self.all();
        for (object, rights) in &narrowed.objects {
            for (right, given) in rights {
                let right = match right.as_str() {
                    "read" => ObjectRight::Read,
                    "create" => ObjectRight::Create,
                    "edit" => ObjectRight::Edit,
                    "delete" => ObjectRight::Delete,
                    other => {
                        return Err(format!("permissions.json: {object} has no {other}").into());
                    }
                };
                if !given {
                    permissions = permissions.mute(object, [right]);
                }
            }
        }
        for (field, rights) in &narrowed.fields {
            let names = field.split_once('.');
            let names = names.ok_or_else(|| format!("permissions.json: {field} is no field"))?;
            for (right, given) in rights {
                let right = match right.as_str() {
                    "read" => FieldRight::Read,
                    "edit" => FieldRight::Edit,
                    other => return Err(format!("permissions.json: {field} has no {other}").into()),
                };
                if !given {
                    permissions = permissions.mute_field(names, right);
                }
            }
        }
        Ok(self.store.connect(Caller::user(id, permissions)))
    }

    /// Every right to every object.
    fn all(&self) -> Permissions {
        Permissions::all()
    }

    /// The user of this Username or Id, with the Username.
    fn user(&self, name: &str) -> Outcome<(RecordId, String)> {
        let system = self.store.system();
        if !self.objects.iter().any(|object| object == "User") {
            return Err("there is no object User, so nobody can be asked in the name of".into());
        }
        let users = system.object("User")?.walk_fields(&["Id", "Username"]);
        for user in users {
            let user = user?;
            let text = |key: &str| user.get(key).and_then(Json::as_str).unwrap_or_default();
            if text("Username").eq_ignore_ascii_case(name) || text("Id").starts_with(name) {
                return Ok((text("Id").parse()?, text("Username").to_owned()));
            }
        }
        Err(format!("there is no user {name}").into())
    }
}

/// Puts the records of every file into the store.
fn load_records(store: &Store, dir: &Path) -> Outcome<()> {
    #[derive(Deserialize)]
    struct Records {
        records: Vec<Map<String, Json>>,
    }
    for path in files(dir)? {
        let Some(Records { records }) = read(&path)? else { continue };
        let mut by_object: BTreeMap<String, Vec<Map<String, Json>>> = BTreeMap::new();
        for record in records {
            let object = record.get("attributes").and_then(|it| it.get("type"));
            let object = object.and_then(Json::as_str);
            let object = object
                .ok_or_else(|| format!("{}: a record without attributes.type", path.display()))?;
            by_object.entry(object.to_owned()).or_default().push(record);
        }
        for (object, records) in by_object {
            for chunk in records.chunks(CHUNK) {
                for (record, put) in chunk.iter().zip(store.replica().put_many(&object, chunk)?) {
                    put.map_err(|error| {
                        format!("{}: {object} {}: {error}", path.display(), record["Id"])
                    })?;
                }
            }
        }
    }
    Ok(())
}

/// The JSON files of a folder, in the order of their names; none if there is no such folder.
fn files(dir: &Path) -> Outcome<Vec<PathBuf>> {
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// What a file says; `None` if there is none.
fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> Outcome<Option<T>> {
    if !path.exists() {
        return Ok(None);
    }
    let text = fs::read_to_string(path)?;
    let read = serde_json::from_str(&text);
    Ok(Some(read.map_err(|error| format!("{}: {error}", path.display()))?))
}
