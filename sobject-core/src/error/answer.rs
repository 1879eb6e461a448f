//! What an org would answer for each error: its status code, its message and its fields.

use std::fmt;

use crate::{
    error::{Call, Error, Problem, StatusCode, parent::no_key_message},
    id::RecordId,
};

impl Error {
    /// The platform's status code.
    pub fn status_code(&self) -> StatusCode {
        match self {
            Self::UnknownObject { .. } => StatusCode::InvalidType,
            Self::UnknownField { .. }
            | Self::NotFilterable { .. }
            | Self::FieldTwice { .. }
            | Self::IdInBody { .. }
            | Self::KeyInBody { .. }
            | Self::BadParent(_) => StatusCode::InvalidField,
            Self::NotARecord { .. } => StatusCode::JsonParserError,
            Self::NotWriteable { .. } | Self::IdGiven { .. } => {
                StatusCode::InvalidFieldForInsertUpdate
            }
            Self::Required { .. } => StatusCode::RequiredFieldMissing,
            Self::BadValue(bad) => match bad.problem {
                Problem::TooLong { .. } => StatusCode::StringTooLong,
                Problem::OutOfRange => StatusCode::NumberOutsideValidRange,
                Problem::WrongType => StatusCode::InvalidTypeOnFieldInRecord,
                Problem::Unreadable { .. } => StatusCode::JsonParserError,
                Problem::NotAnEmail => StatusCode::InvalidEmailAddress,
                Problem::NotInPicklist => StatusCode::InvalidOrNullForRestrictedPicklist,
                Problem::TooManyValues { .. } => StatusCode::TooManyEnumValue,
                Problem::MalformedId => StatusCode::MalformedId,
                Problem::WrongObject => StatusCode::FieldIntegrityException,
            },
            Self::WrongId { .. } => StatusCode::MalformedId,
            Self::NotFound { .. } => StatusCode::InvalidCrossReferenceKey,
            Self::Deleted { .. } => StatusCode::EntityIsDeleted,
            Self::Duplicate { .. }
            | Self::DuplicateHidden { .. }
            | Self::KeyTwice { .. }
            | Self::TooManyUpdates { .. } => StatusCode::DuplicateValue,
            Self::NotAKey { .. } => StatusCode::InvalidExternalIdFieldName,
            Self::SeveralMatches { .. } => StatusCode::DuplicateExternalId,
            Self::OwnerEmpty { .. } => StatusCode::InvalidEmptyKeyOwner,
            Self::IdMissing { .. } | Self::KeyMissing { .. } => StatusCode::MissingArgument,
            Self::NotInRecycleBin { .. } | Self::NeedsRecord { .. } => StatusCode::UndeleteFailed,
            Self::NoBinEntry { .. } => StatusCode::InvalidIdField,
            Self::InUse(_) => StatusCode::DeleteFailed,
            Self::CallNotSupported { call, .. } | Self::NoAccess { call, .. } => match call {
                Call::Upsert => StatusCode::InvalidEntityForUpsert,
                Call::Create | Call::Update => StatusCode::CannotInsertUpdateActivateEntity,
                Call::Delete | Call::Undelete => StatusCode::InsufficientAccessOrReadonly,
                Call::Retrieve | Call::Query | Call::DescribeLayout => {
                    StatusCode::InvalidTypeForOperation
                }
                Call::GetUpdated | Call::GetDeleted => StatusCode::InvalidType,
            },
            Self::Invalid { .. } => StatusCode::FieldCustomValidationException,
            Self::HookFailed { .. } | Self::HooksTooDeep { .. } => {
                StatusCode::CannotInsertUpdateActivateEntity
            }
            Self::Query(error) => error.status_code(),
            Self::TooMany { .. } | Self::TooManyChanges { .. } => StatusCode::ExceededIdLimit,
            Self::BadWindow { .. } | Self::ChangesCutOff { .. } => {
                StatusCode::InvalidReplicationDate
            }
            Self::TooManyTypes { .. } => StatusCode::ExceededMaxTypesLimit,
            Self::BadResumeKey { .. } | Self::BadChangeToken { .. } => {
                StatusCode::InvalidQueryLocator
            }
            Self::RolledBack { .. } => StatusCode::AllOrNoneOperationRolledBack,
            Self::NotSupported { .. } | Self::DescribedOnly { .. } => {
                StatusCode::FunctionalityNotEnabled
            }
            Self::BadDefinition { .. }
            | Self::BadPermissions { .. }
            | Self::DefinitionChanged { .. }
            | Self::NestedWrite
            | Self::Corrupt { .. }
            | Self::Storage(_) => StatusCode::UnknownException,
        }
    }

    /// The message in the platform's words.
    #[expect(clippy::too_many_lines, reason = "an arm for each error")]
    pub fn message(&self) -> String {
        match self {
            Self::UnknownObject { object } => {
                format!("sObject type '{object}' is not supported.")
            }
            Self::UnknownField { object, fields } => {
                format!("No such column '{}' on sobject of type {object}", fields.join("', '"))
            }
            Self::NotFilterable { field, .. } => {
                format!("field '{field}' can not be filtered in a query call")
            }
            Self::NotARecord { object, given } => {
                format!("Cannot deserialize instance of {object} from {given}")
            }
            Self::FieldTwice { field, .. } => format!("Field {field} is specified more than once"),
            Self::NotWriteable { fields, .. } => format!(
                "Unable to create/update fields: {}. Please check the security settings of this \
                 field and verify that it is read/write for your profile or permission set.",
                fields.join(", ")
            ),
            Self::IdGiven { .. } => "cannot specify Id in an insert call".to_owned(),
            Self::IdInBody { .. } => {
                "The Id field should not be specified in the sobject data.".to_owned()
            }
            Self::Required { fields, .. } => {
                format!("Required fields are missing: [{}]", fields.join(", "))
            }
            Self::BadValue(bad) => bad.message(),
            Self::WrongId { label, id, .. } => format!("{label}: id value of incorrect type: {id}"),
            Self::NotFound { .. } => "invalid cross reference id".to_owned(),
            Self::Deleted { .. } => "entity is deleted".to_owned(),
            Self::Duplicate { field, holder, .. } => format!(
                "duplicate value found: {field} duplicates value on record with id: {}",
                holder.to_15()
            ),
            Self::DuplicateHidden { .. } => "duplicate value found: <unknown> duplicates value on \
                                             record with id: <unknown>"
                .to_owned(),
            Self::OwnerEmpty { .. } => "owner cannot be blank".to_owned(),
            Self::IdMissing { .. } => "Id not specified in an update call".to_owned(),
            Self::NotAKey { object, field } => no_key_message(object, field),
            Self::KeyMissing { field, .. } => format!("{field} not specified"),
            Self::KeyInBody { field, .. } => {
                format!("The {field} field should not be specified in the sobject data.")
            }
            Self::KeyTwice { value, .. } => format!("Duplicate external id specified: {value}"),
            Self::SeveralMatches { label, records, .. } => {
                let records: Vec<_> = records.iter().map(RecordId::to_string).collect();
                format!(
                    "{label}: more than one record found for external id field: [{}]",
                    records.join(", ")
                )
            }
            Self::BadParent(bad) => bad.message(),
            Self::TooManyUpdates { id, limit, .. } => format!(
                "Maximum number of duplicate updates in one batch ({limit} allowed). Attempt to \
                 update Id more than once in this Api call: {id}"
            ),
            Self::NotInRecycleBin { .. } => "Entity is not in the recycle bin".to_owned(),
            Self::NeedsRecord { field, .. } => {
                format!("the record needs another that is not live: [{field}]")
            }
            Self::NoBinEntry { .. } => "invalid record id; no recycle bin entry found".to_owned(),
            Self::InUse(held) => format!(
                "Your attempt to delete {} could not be completed because it is associated with \
                 the following {}.: {}\n",
                held.name,
                held.child_plural.to_lowercase(),
                held.child_names.join(", ")
            ),
            Self::CallNotSupported { object, label, call }
            | Self::NoAccess { object, label, call } => match call {
                Call::Retrieve => format!("entity type {object} does not support retrieve"),
                Call::Query => format!("entity type {object} does not support query"),
                Call::DescribeLayout => {
                    format!("entity type {object} does not support describeLayout")
                }
                Call::GetUpdated | Call::GetDeleted => {
                    format!("entity type {object} does not support replication")
                }
                Call::Create => format!("entity type cannot be inserted: {label}"),
                Call::Update => format!("entity type cannot be updated: {label}"),
                Call::Upsert => format!("entity type cannot be upserted: {label}"),
                Call::Delete | Call::Undelete => {
                    "insufficient access rights on object id".to_owned()
                }
            },
            Self::TooMany { limit, .. } => format!(
                "record limit reached. cannot submit more than {limit} records into this call"
            ),
            Self::BadWindow { what, .. } => what.clone(),
            Self::TooManyChanges { limit, .. } => {
                format!("more than {limit} records changed in the window; ask for a shorter one")
            }
            Self::BadChangeToken { .. } => {
                "what was given as a token of changes is none of this store".to_owned()
            }
            Self::ChangesCutOff { .. } => {
                "changes behind the token were cut off from the feed".to_owned()
            }
            Self::TooManyTypes { limit, .. } => {
                format!("cannot describe more than {limit} sObject types in one call")
            }
            Self::BadResumeKey { .. } => "invalid query locator".to_owned(),
            Self::Invalid { message, .. } => message.clone(),
            Self::HookFailed { event, message, .. } => {
                format!("a hook ({event}) has failed: {message}")
            }
            Self::HooksTooDeep { limit, .. } => {
                format!("hooks have set off hooks more than {limit} deep")
            }
            Self::RolledBack { .. } => "Record rolled back because not all records were valid \
                                        and the request was using AllOrNone header"
                .to_owned(),
            Self::NotSupported { what, .. } => format!("not supported: {what}"),
            Self::DescribedOnly { fields, .. } => format!(
                "not supported: setting fields that are described only: {}",
                fields.join(", ")
            ),
            Self::BadDefinition { object, problems } => {
                format!("the definition of {object} is wrong: {}", problems.join("; "))
            }
            Self::BadPermissions { object, problems } => {
                format!("the permissions on {object} are wrong: {}", problems.join("; "))
            }
            Self::DefinitionChanged { object, changes, records } => {
                let mut message = format!("{object} cannot be changed so: {}", changes.join("; "));
                if !records.is_empty() {
                    let records: Vec<_> = records.iter().map(RecordId::to_string).collect();
                    message = format!("{message} (records {})", records.join(", "));
                }
                message
            }
            Self::NestedWrite => "a write was begun inside a write on the same thread; use the \
                                  transaction that the closure was given"
                .to_owned(),
            Self::Corrupt { findings } => {
                format!("the store contradicts itself: {}", findings.join("; "))
            }
            Self::Query(error) => error.message(),
            Self::Storage(error) => error.to_string(),
        }
    }

    /// The API names of the fields at fault, all of them: as the call named those that the object does
    /// not have, and as the object spells the others.
    ///
    /// An org lists fewer of them in its answer; [`Error::listed_fields`] has those.
    pub fn fields(&self) -> Vec<String> {
        match self {
            Self::UnknownField { fields, .. }
            | Self::NotWriteable { fields, .. }
            | Self::DescribedOnly { fields, .. }
            | Self::Required { fields, .. }
            | Self::Invalid { fields, .. } => fields.clone(),
            Self::FieldTwice { field, .. }
            | Self::NotFilterable { field, .. }
            | Self::NotAKey { field, .. }
            | Self::KeyMissing { field, .. }
            | Self::KeyInBody { field, .. }
            | Self::KeyTwice { field, .. }
            | Self::SeveralMatches { field, .. }
            | Self::Duplicate { field, .. }
            | Self::OwnerEmpty { field, .. }
            | Self::NeedsRecord { field, .. }
            | Self::NotFound { field: Some(field), .. }
            | Self::Deleted { field: Some(field), .. } => vec![field.clone()],
            Self::BadValue(bad) => vec![bad.field.clone()],
            Self::BadParent(bad) => vec![bad.field.clone()],
            Self::IdGiven { .. }
            | Self::IdInBody { .. }
            | Self::IdMissing { .. }
            | Self::TooManyUpdates { .. }
            | Self::WrongId { .. } => vec!["Id".to_owned()],
            _ => Vec::new(),
        }
    }

    /// The `fields` of the error that an org answers. For some errors of a field it lists none, such
    /// as for a field that the object does not have.
    pub fn listed_fields(&self) -> Vec<String> {
        match self {
            Self::NotWriteable { .. }
            | Self::Required { .. }
            | Self::Invalid { .. }
            | Self::OwnerEmpty { .. }
            | Self::NeedsRecord { .. }
            | Self::IdGiven { .. }
            | Self::WrongId { .. } => self.fields(),
            Self::BadValue(bad) if !matches!(bad.problem, Problem::Unreadable { .. }) => {
                self.fields()
            }
            _ => Vec::new(),
        }
    }

    /// The object that the error concerns; empty if it concerns none.
    pub fn object(&self) -> &str {
        match self {
            Self::UnknownObject { object }
            | Self::UnknownField { object, .. }
            | Self::NotFilterable { object, .. }
            | Self::NotARecord { object, .. }
            | Self::FieldTwice { object, .. }
            | Self::NotWriteable { object, .. }
            | Self::IdGiven { object }
            | Self::IdInBody { object }
            | Self::Required { object, .. }
            | Self::Duplicate { object, .. }
            | Self::DuplicateHidden { object }
            | Self::NoAccess { object, .. }
            | Self::BadPermissions { object, .. }
            | Self::OwnerEmpty { object, .. }
            | Self::IdMissing { object }
            | Self::NotAKey { object, .. }
            | Self::KeyMissing { object, .. }
            | Self::KeyInBody { object, .. }
            | Self::KeyTwice { object, .. }
            | Self::SeveralMatches { object, .. }
            | Self::TooManyUpdates { object, .. }
            | Self::WrongId { object, .. }
            | Self::NotFound { object, .. }
            | Self::Deleted { object, .. }
            | Self::NotInRecycleBin { object, .. }
            | Self::NeedsRecord { object, .. }
            | Self::NoBinEntry { object, .. }
            | Self::CallNotSupported { object, .. }
            | Self::Invalid { object, .. }
            | Self::HookFailed { object, .. }
            | Self::HooksTooDeep { object, .. }
            | Self::RolledBack { object }
            | Self::BadWindow { object, .. }
            | Self::TooManyChanges { object, .. }
            | Self::NotSupported { object, .. }
            | Self::DescribedOnly { object, .. }
            | Self::BadDefinition { object, .. }
            | Self::DefinitionChanged { object, .. } => object,
            Self::BadValue(bad) => &bad.object,
            Self::BadParent(bad) => &bad.object,
            Self::InUse(held) => &held.object,
            Self::TooMany { .. }
            | Self::TooManyTypes { .. }
            | Self::BadResumeKey { .. }
            | Self::BadChangeToken { .. }
            | Self::ChangesCutOff { .. }
            | Self::NestedWrite
            | Self::Query(_)
            | Self::Corrupt { .. }
            | Self::Storage(_) => "",
        }
    }
}

impl fmt::Display for Error {
    /// Prints the object, the code, the platform's message, and the field and the value if that
    /// message leaves them out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.status_code() == StatusCode::UnknownException {
            return f.write_str(&self.message());
        }
        if !self.object().is_empty() {
            write!(f, "{}: ", self.object())?;
        }
        write!(f, "{}: {}", self.status_code(), self.message().trim_end())?;
        match self {
            Self::NotFound { field: Some(field), id, .. }
            | Self::NeedsRecord { field, id, .. }
            | Self::Deleted { field: Some(field), id, .. } => write!(f, " ({field}: {id})"),
            Self::NotFound { id, .. }
            | Self::Deleted { id, .. }
            | Self::NotInRecycleBin { id, .. }
            | Self::NoBinEntry { id, .. } => {
                write!(f, " ({id})")
            }
            Self::BadValue(bad) => write!(f, " ({})", bad.field),
            Self::BadParent(bad) => write!(f, " ({})", bad.field),
            Self::KeyTwice { field, .. } | Self::SeveralMatches { field, .. } => {
                write!(f, " ({field})")
            }
            Self::Duplicate { field, value, .. } => write!(f, " ({field}: {value})"),
            Self::BadResumeKey { key: text }
            | Self::BadChangeToken { token: text }
            | Self::ChangesCutOff { token: text } => write!(f, " ({text})"),
            Self::Query(error) => error.write_near(f),
            Self::NoAccess { .. } => f.write_str(" (the caller lacks the right to it)"),
            Self::TooMany { given, .. } | Self::TooManyTypes { given, .. } => {
                write!(f, " ({given} given)")
            }
            _ => Ok(()),
        }
    }
}
