//! What the records of a file must satisfy for a change of its objects to be safe.

use crate::bytes::Slot;

/// What the records of an object must satisfy for a change to be safe.
#[derive(Debug)]
pub(crate) struct Demand {
    /// Number of the object.
    pub(crate) object: usize,
    /// Slot of the field; that of the field's old records.
    pub(crate) slot: Slot,
    /// Name of the field.
    pub(crate) field: String,
    pub(crate) what: DemandKind,
}

/// The kinds of [`Demand`].
#[derive(Debug)]
pub(crate) enum DemandKind {
    /// There is no record at all.
    NoRecords,
    /// No record is null there.
    NeverNull,
    /// No record that was written while the field was dormant is null there.
    NotLacking,
    /// No text is longer, as the field counts.
    MaxLength(u32),
    /// No number has more digits left of the point.
    MaxDigits(u8),
    /// No two live records have the same value.
    Unique {
        /// Do deleted records count as well? An org counts them where a field becomes unique.
        with_bin: bool,
    },
    /// Every value is one of the picklist.
    Listed,
    /// Every reference names one of these objects; and those that name an object which is given
    /// anew lead to a live record, unless the file holds records of a replica.
    References,
}

impl Demand {
    /// What is refused where the records do not satisfy it, as a sentence.
    pub(crate) fn sentence(&self) -> String {
        let field = &self.field;
        match self.what {
            DemandKind::NoRecords => format!(
                "field {field} is new and cannot be null, and there is nothing to put into the \
                 records that there are"
            ),
            DemandKind::NeverNull => format!(
                "field {field} may no longer be null and has no default, but is null in records"
            ),
            DemandKind::NotLacking => format!(
                "field {field} cannot be null and has no default, but records lack it that were \
                 written while the field was not listed"
            ),
            DemandKind::MaxLength(max) => {
                format!("the length of field {field} is {max} now, but records have longer values")
            }
            DemandKind::MaxDigits(max) => format!(
                "field {field} has at most {max} digits left of the point now, but records have more"
            ),
            DemandKind::Unique { .. } => {
                format!("field {field} is unique now, but records have the same value")
            }
            DemandKind::Listed => format!(
                "the enum of field {field} has no arm for other values, but records have values \
                 that it lacks"
            ),
            DemandKind::References => format!(
                "records refer by field {field} to records of objects that it does not name, or \
                 that are not there"
            ),
        }
    }
}
