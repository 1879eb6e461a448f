//! [`StatusCode`]: the platform's status codes.

use std::fmt;

/// Writes the enum and the spelling of each code from one list.
macro_rules! status_codes {
    ($($variant:ident = $code:literal,)+) => {
        /// The platform's status codes that the store answers with.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum StatusCode {
            $(
                #[doc = concat!("`", $code, "`")]
                $variant,
            )+
            /// `UNKNOWN_EXCEPTION`: for errors that no org has a code for.
            UnknownException,
        }

        impl StatusCode {
            /// The code as the platform spells it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                    Self::UnknownException => "UNKNOWN_EXCEPTION",
                }
            }
        }
    };
}

status_codes! {
    AllOrNoneOperationRolledBack = "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    CannotInsertUpdateActivateEntity = "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
    DeleteFailed = "DELETE_FAILED",
    DuplicateExternalId = "DUPLICATE_EXTERNAL_ID",
    DuplicateValue = "DUPLICATE_VALUE",
    EntityIsDeleted = "ENTITY_IS_DELETED",
    ExceededIdLimit = "EXCEEDED_ID_LIMIT",
    ExceededMaxTypesLimit = "EXCEEDED_MAX_TYPES_LIMIT",
    FieldCustomValidationException = "FIELD_CUSTOM_VALIDATION_EXCEPTION",
    FieldIntegrityException = "FIELD_INTEGRITY_EXCEPTION",
    FunctionalityNotEnabled = "FUNCTIONALITY_NOT_ENABLED",
    InsufficientAccessOrReadonly = "INSUFFICIENT_ACCESS_OR_READONLY",
    InvalidCrossReferenceKey = "INVALID_CROSS_REFERENCE_KEY",
    InvalidEmailAddress = "INVALID_EMAIL_ADDRESS",
    InvalidEmptyKeyOwner = "INVALID_EMPTY_KEY_OWNER",
    InvalidEntityForUpsert = "INVALID_ENTITY_FOR_UPSERT",
    InvalidExternalIdFieldName = "INVALID_EXTERNAL_ID_FIELD_NAME",
    InvalidField = "INVALID_FIELD",
    InvalidFieldForInsertUpdate = "INVALID_FIELD_FOR_INSERT_UPDATE",
    InvalidIdField = "INVALID_ID_FIELD",
    InvalidOrNullForRestrictedPicklist = "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    InvalidQueryLocator = "INVALID_QUERY_LOCATOR",
    InvalidReplicationDate = "INVALID_REPLICATION_DATE",
    InvalidSearch = "INVALID_SEARCH",
    InvalidType = "INVALID_TYPE",
    InvalidTypeForOperation = "INVALID_TYPE_FOR_OPERATION",
    InvalidTypeOnFieldInRecord = "INVALID_TYPE_ON_FIELD_IN_RECORD",
    InvalidQueryFilterOperator = "INVALID_QUERY_FILTER_OPERATOR",
    JsonParserError = "JSON_PARSER_ERROR",
    MalformedId = "MALFORMED_ID",
    MalformedQuery = "MALFORMED_QUERY",
    MalformedSearch = "MALFORMED_SEARCH",
    MissingArgument = "MISSING_ARGUMENT",
    NumberOutsideValidRange = "NUMBER_OUTSIDE_VALID_RANGE",
    RequiredFieldMissing = "REQUIRED_FIELD_MISSING",
    StringTooLong = "STRING_TOO_LONG",
    TooManyEnumValue = "TOO_MANY_ENUM_VALUE",
    UndeleteFailed = "UNDELETE_FAILED",
}

impl fmt::Display for StatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
