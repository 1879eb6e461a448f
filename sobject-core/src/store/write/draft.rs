//! A draft: a record on its way through the stages of a write.
//!
//! Every record of a create, an update and a replica's put is a draft, whether its values come typed
//! or as JSON. It passes the stages of its call in the order of [`Stage`], and is refused with the
//! errors of the first that it fails. If it passes all of them, it is then
//! written by `change`.
//!
//! **Invariant:** the order of checks is the order of [`Mode::stages`] and stands nowhere else.

use serde_json::{Map, Value as Json};

use crate::{
    bytes::Cell,
    catalogue::{Catalogue, Field, Object},
    definition::FieldIdx,
    error::{Error, Result, shorten},
    id::RecordId,
    permissions::ObjectRight,
    store::{
        keep::Table,
        read::{Leads, Place},
        rules::{
            Access, Checked, Fidelity, Given, Input, Parent, Purpose, Targets, Updates, Values,
            check_required, check_values, check_writeable, from_json, take_id, wrong_object,
        },
        write::Write,
    },
    value::Value,
};

/// What a call gives for a record.
#[derive(Debug)]
pub(crate) enum Source<'v> {
    /// The values of a view.
    View(Input<'v>),
    /// A map of JSON values.
    Json(&'v Map<String, Json>),
    /// JSON that is no map.
    NotARecord(&'v Json),
}

/// The call that a draft is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Create,
    /// A create, since an upsert has found no record.
    Upsert,
    /// The record's id was given beside its values.
    Update,
    /// The record's id is among its values.
    UpdateNamed,
}

/// What is checked of a record at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The types of JSON values, then fields that are unknown or hidden: all of them.
    Names,
    /// Fields that the call or the caller may not set: all of them.
    Writeable,
    /// The record's own id: form, object, how often the call has named it, existence.
    OwnId,
    /// Parents that are named by a key, references (form, object and right, existence), then the other
    /// values.
    Values,
    /// Required fields without a value: all of them.
    Required,
}

impl Mode {
    /// The stages that a draft passes before its unique values are compared, in their order.
    fn stages(self) -> &'static [Stage] {
        match self {
            Self::Create | Self::Upsert => {
                &[Stage::Names, Stage::Writeable, Stage::Values, Stage::Required]
            }
            Self::Update | Self::UpdateNamed => {
                &[Stage::Names, Stage::Writeable, Stage::OwnId, Stage::Values, Stage::Required]
            }
        }
    }

    fn purpose(self) -> Purpose {
        match self {
            Self::Create => Purpose::Create,
            Self::Upsert => Purpose::Upsert,
            Self::Update | Self::UpdateNamed => Purpose::Update,
        }
    }
}

/// A record on its way through the stages.
#[derive(Debug)]
pub(crate) struct Draft<'v> {
    pub(super) object: &'v Object,
    pub(super) table: &'v Table,
    mode: Mode,
    /// What was given, or why it cannot be read.
    input: Result<Input<'v>>,
    /// The parents that are named by a key and were not looked up yet.
    parents: Vec<Parent<'v>>,
    /// Why the first parent that was not found was not.
    lost_parent: Option<Error>,
    /// The record's own id, where it has one.
    id: Option<Result<RecordId>>,
    /// The packed id of the live record that is changed.
    pub(super) packed: u64,
    /// What was given and has been checked; defaults and stamps are not among it.
    pub(super) values: Values<'v>,
}

/// What a call gives for a record, read: values, and parents that are named by a key.
pub(super) type ReadSource<'v> = (Input<'v>, Vec<Parent<'v>>);

impl<'v> Draft<'v> {
    /// A draft of what a call gives. `id` is given beside the values of an update.
    pub(super) fn new(
        object: &'v Object,
        table: &'v Table,
        mode: Mode,
        id: Option<RecordId>,
        read: Result<ReadSource<'v>>,
    ) -> Self {
        let mut id = id.map(Ok);
        let (input, parents) = match read {
            Ok((mut input, parents)) => {
                if mode == Mode::UpdateNamed {
                    id = Some(take_id(object, &mut input));
                }
                (Ok(input), parents)
            }
            Err(error) => (Err(error), Vec::new()),
        };
        let (packed, values, lost_parent) = (0, Vec::new(), None);
        Self { object, table, mode, input, parents, lost_parent, id, packed, values }
    }

    /// The call that it is for.
    pub(super) fn mode(&self) -> Mode {
        self.mode
    }

    /// The parents that are named by a key.
    pub(super) fn parents(&self) -> &[Parent<'v>] {
        &self.parents
    }

    /// Puts the ids of the parents that are named by a key, which come in their order, in the places of
    /// the references; or tells why the first that was not found was not.
    pub(super) fn set_parents(&mut self, found: impl IntoIterator<Item = Result<RecordId>>) {
        let Ok(input) = &mut self.input else { return };
        for (parent, found) in self.parents.drain(..).zip(found) {
            match found {
                Ok(id) => {
                    let place = input.iter_mut().find(|(idx, _)| *idx == parent.field);
                    if let Some((_, given)) = place {
                        *given = Given::Value(Value::Id(id));
                    }
                }
                Err(error) => self.lost_parent = self.lost_parent.take().or(Some(error)),
            }
        }
    }

    /// The record's own id, where it was given well.
    pub(super) fn own_id(&self) -> Option<RecordId> {
        self.id.as_ref().and_then(|id| id.as_ref().ok()).copied()
    }

    /// What was given; nothing if it cannot be read.
    pub(super) fn given(&self) -> &[(FieldIdx, Given<'v>)] {
        self.input.as_deref().unwrap_or_default()
    }

    /// Lets the draft pass every stage, or refuses it.
    ///
    /// # Errors
    /// Those of the first stage that it fails.
    pub(super) fn check(&mut self, write: &Write<'_>, updates: &mut Updates) -> Result<()> {
        self.mode.stages().iter().try_for_each(|stage| self.pass(*stage, write, updates))
    }

    /// For what its values are checked.
    pub(super) fn purpose(&self) -> Purpose {
        self.mode.purpose()
    }

    /// Lets the draft pass every stage that can be passed before the hooks have run, or refuses it.
    ///
    /// # Errors
    /// Those of the first stage that it fails.
    pub(super) fn check_before_hooks(
        &mut self,
        write: &Write<'_>,
        updates: &mut Updates,
    ) -> Result<()> {
        let stages = self.mode.stages().iter().filter(|stage| **stage != Stage::Required);
        stages.into_iter().try_for_each(|stage| self.pass(*stage, write, updates))
    }

    /// Checks the draft as what a hook sets of a record, or refuses it.
    ///
    /// # Errors
    /// Those of the first stage that it fails.
    pub(super) fn check_changes(&mut self, write: &Write<'_>) -> Result<()> {
        let stages = [Stage::Names, Stage::Writeable, Stage::Values];
        stages.iter().try_for_each(|stage| self.pass(*stage, write, &mut Updates::default()))
    }

    fn pass(&mut self, stage: Stage, write: &Write<'_>, updates: &mut Updates) -> Result<()> {
        let object = self.object;
        match stage {
            Stage::Names if self.input.is_err() => Err(self.take_refusal()),
            Stage::Names => Ok(()),
            Stage::Writeable => {
                check_writeable(object, write.access, self.mode.purpose(), self.given())
            }
            Stage::OwnId => {
                let missing = || Error::corrupt("an update without an id");
                let id = self.id.take().ok_or_else(missing)??;
                updates.count(object, id)?;
                self.packed = write.read(|reader| reader.locate(object, id))?;
                Ok(())
            }
            Stage::Values => {
                if let Some(error) = self.lost_parent.take() {
                    return Err(error);
                }
                let catalogue = &write.schema.catalogue;
                let mut exists = |field: &Field, targets: &Targets<'_>, id| {
                    write.check_reference(object, field, targets, id)
                };
                let first = |field: &Field, text: &str| write.first_spelling(object, field, text);
                let given = self.input.as_deref().unwrap_or_default();
                let fidelity = Fidelity::Normal;
                self.values =
                    check_values(catalogue, object, given, fidelity, &mut exists, &first)?;
                Ok(())
            }
            Stage::Required => {
                check_required(object, write.access, self.mode.purpose(), &self.values)
            }
        }
    }

    /// Why what was given cannot be read.
    fn take_refusal(&mut self) -> Error {
        let read = std::mem::replace(&mut self.input, Ok(Vec::new()));
        read.err().unwrap_or_else(|| Error::corrupt("a draft was refused for no reason"))
    }
}

/// Reads what a call gives for a record.
///
/// # Errors
/// Those of [`from_json`]; [`Error::NotARecord`].
pub(super) fn read_source<'v>(
    catalogue: &'v Catalogue,
    object: &Object,
    access: &Access,
    source: Source<'v>,
) -> Result<ReadSource<'v>> {
    match source {
        Source::View(input) => Ok((input, Vec::new())),
        Source::Json(map) => from_json(catalogue, object, access, map),
        Source::NotARecord(json) => Err(not_a_record(object, json)),
    }
}

impl Write<'_> {
    /// Refuses a reference that the caller may not make or that leads to no live record, and returns
    /// the packed id that it leads to, if it has one yet.
    pub(super) fn check_reference(
        &self,
        object: &Object,
        field: &Field,
        targets: &Targets<'_>,
        id: RecordId,
    ) -> Result<Option<u64>> {
        // The id of an object that the caller may not read is answered as one that no object has,
        // whether or not there is such a record.
        let readable = || targets.objects().filter(|it| self.access.may(it, ObjectRight::Read));
        let catalogue = &self.schema.catalogue;
        let is_unregistered =
            targets.is_unregistered && self.access.may_name_unregistered(catalogue, field, id);
        if !is_unregistered && readable().next().is_none() {
            return Err(wrong_object(object, field, id));
        }
        let names = || (object.name.clone(), field.name.clone());
        let lost = |is_deleted| {
            let (object, field) = names();
            let field = Some(field);
            Err(if is_deleted {
                Error::Deleted { object, field, id }
            } else {
                Error::NotFound { object, field, id }
            })
        };
        match self.read(|reader| reader.look_among(readable(), id))? {
            Leads::Nowhere if is_unregistered => self.pack_known(id),
            Leads::Live(packed) => Ok(Some(packed)),
            Leads::Bin => lost(true),
            Leads::Nowhere => {
                // It may be the record of an object that shares the key prefix.
                let is_other = |other: &&Object| !field.may_name(other);
                if self.read(|reader| reader.is_of_another(id, is_other))? {
                    return Err(wrong_object(object, field, id));
                }
                lost(false)
            }
            Leads::SystemUser | Leads::Unregistered | Leads::Wrong => self.pack_known(id),
        }
    }

    /// Puts checked values into the cells of a record, which stand by slot.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub(crate) fn set_values<'c>(
        &mut self,
        cells: &mut [Cell<'c>],
        table: &Table,
        values: &'c Values<'_>,
    ) -> Result<()> {
        for (idx, value) in values {
            let cell = match value {
                Checked::Cell(cell) => *cell,
                Checked::Owned(cell) => cell.as_cell(),
                Checked::Id(id) => Cell::Fixed(self.pack(*id)?),
            };
            set(cells, table, *idx, cell);
        }
        Ok(())
    }

    /// Where the record with a packed id is, in what this write has written too.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub(crate) fn place_of(&self, table: &Table, packed: u64) -> Result<Place> {
        self.read(|reader| crate::store::read::place_of(reader.read, table, packed))
    }
}

/// Sets the cell of a field, if rows hold it.
pub(crate) fn set<'v>(cells: &mut [Cell<'v>], table: &Table, idx: FieldIdx, cell: Cell<'v>) {
    if let Some(place) = table.slot(idx).and_then(|slot| cells.get_mut(usize::from(slot))) {
        *place = cell;
    }
}

/// The refusal of JSON that is no map.
pub(crate) fn not_a_record(object: &Object, json: &Json) -> Error {
    Error::NotARecord { object: object.name.clone(), given: token_of(json) }
}

/// What the platform's parser calls a JSON value, and as much of it as it shows.
fn token_of(json: &Json) -> String {
    let (token, shown) = match json {
        Json::Null => ("VALUE_NULL", "null".to_owned()),
        Json::Bool(true) => ("VALUE_TRUE", "true".to_owned()),
        Json::Bool(false) => ("VALUE_FALSE", "false".to_owned()),
        Json::Number(n) if n.is_f64() => ("VALUE_NUMBER_FLOAT", n.to_string()),
        Json::Number(n) => ("VALUE_NUMBER_INT", n.to_string()),
        Json::String(text) => ("VALUE_STRING", shorten(text.clone())),
        Json::Array(_) => ("START_ARRAY", "[".to_owned()),
        Json::Object(_) => ("START_OBJECT", "{".to_owned()),
    };
    format!("{token} value {shown}")
}
