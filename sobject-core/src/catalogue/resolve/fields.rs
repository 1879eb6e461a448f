//! Changing the fields of an object that the file has to those that are declared now.

use super::{
    Plan,
    demand::DemandKind,
    names::{Known, former_of_new, match_fields},
    no_room, refused,
};
use crate::{
    bytes::Slot,
    catalogue::{
        AutoNumber, Field,
        declared::{DeclaredField, DeclaredObject},
        stored::{DormantField, FieldEntry, FillValue, Filling, StoredObject},
    },
    definition::Flags,
    error::Result,
    value::FieldType,
};

impl Plan {
    /// Changes an object that the file has to what is declared now.
    pub(super) fn change(&mut self, old: StoredObject, declared: DeclaredObject) -> Result<()> {
        let number = usize::from(old.entry.number);
        let (was, is) = (&old.declared.head, &declared.head);
        let mut refusals = Vec::new();
        if was.key_prefix != is.key_prefix {
            let [was, is] = [was, is].map(|it| match &*it.key_prefix {
                "" => "none",
                prefix => prefix,
            });
            refusals.push(format!(
                "the key prefix was {was} and is {is}, but the ids of its records have it"
            ));
        }
        let n_listed = old.declared.fields.len();
        let known = old.fields().enumerate().map(|(n, (declared, place))| Known {
            declared,
            place,
            is_dormant: n >= n_listed,
        });
        let known: Vec<_> = known.collect();
        let found = match_fields(&known, &declared.fields, &mut refusals);
        let mut entry = old.entry.clone();
        (entry.name, entry.fields, entry.dormant) = (is.name.clone(), Vec::new(), Vec::new());
        // The slots of fields that go on are not free.
        let mut next_slot = old.entry.next_slot();
        for (field, found) in declared.fields.iter().zip(&found) {
            let known = found.and_then(|place| known.get(place));
            let place = match known {
                // What was described only has no values to keep.
                Some(known) if !(known.declared.flags.is_describe_only() && field.is_stored()) => {
                    self.change_field(number, known, field, &mut refusals)
                }
                _ => {
                    let slot = field.is_stored().then_some(next_slot);
                    next_slot = next_slot.saturating_add(u16::from(slot.is_some()));
                    if slot == Some(Slot::MAX) {
                        return Err(no_room(&old.entry.name));
                    }
                    let former =
                        known.map_or_else(|| former_of_new(field), |known| known.former_as(field));
                    self.add_field(number, slot, former, field)
                }
            };
            entry.fields.push(place);
        }
        if !refusals.is_empty() {
            return Err(refused(&declared.head.name, refusals));
        }
        let gone = known.iter().enumerate().filter(|(n, _)| !found.contains(&Some(*n)));
        let gone = gone.filter(|(_, known)| !known.declared.flags.is_describe_only());
        entry.dormant.extend(gone.map(|(_, known)| DormantField {
            place: known.place.clone(),
            declared: known.declared.clone(),
        }));
        let new = StoredObject { entry, declared };
        self.replace(old, new)
    }

    fn add_field(
        &mut self,
        number: usize,
        slot: Option<Slot>,
        former: Vec<String>,
        declared: &DeclaredField,
    ) -> FieldEntry {
        let name = declared.name.clone();
        let mut initial = None;
        if let Some(slot) = slot {
            if !declared.flags.is_nillable() {
                initial = declared.default_value();
                if initial.is_none() {
                    self.demand(number, slot, &name, DemandKind::NoRecords);
                }
            }
            if declared.flags.is_unique() {
                self.demand(number, slot, &name, DemandKind::Unique { with_bin: true });
            }
            self.added.push((number, slot));
        }
        FieldEntry { name, slot, former, initial }
    }

    fn change_field(
        &mut self,
        number: usize,
        known: &Known<'_>,
        declared: &DeclaredField,
        refusals: &mut Vec<String>,
    ) -> FieldEntry {
        let (old, name) = (known.declared, &declared.name);
        let hint = if known.is_dormant {
            "; the file has kept it while it was not listed, and `drop_field` destroys it"
        } else {
            ""
        };
        if old.is_stored() && old.field_type != declared.field_type {
            refusals.push(format!(
                "the type of field {name} was {} and is {}{hint}",
                old.field_type.name(),
                declared.field_type.name()
            ));
        }
        if old.is_stored() != declared.is_stored() {
            refusals.push(format!(
                "field {name} was kept with the record and is not any more, or the reverse{hint}"
            ));
        }
        let place = FieldEntry {
            name: name.clone(),
            former: known.former_as(declared),
            ..known.place.clone()
        };
        let Some(slot) = place.slot else { return place };
        let mut demand = |wanted: bool, what: DemandKind| {
            if wanted {
                self.demand(number, slot, name, what);
            }
        };
        let (was, is) = (Measures::of(old), Measures::of(declared));
        let counts_more = |of: fn(Flags) -> bool| of(declared.flags) && !of(old.flags);
        let is_counted_otherwise =
            counts_more(Flags::is_length_in_bytes) || counts_more(Flags::is_rich_text);
        let may_not_fit = is.length < was.length || is.length > 0 && is_counted_otherwise;
        demand(may_not_fit, DemandKind::MaxLength(is.length));
        demand(is.left_digits < was.left_digits, DemandKind::MaxDigits(is.left_digits));
        let is_closed = |it: &DeclaredField| it.flags.is_closed();
        let is_any_gone = || old.picklist.iter().any(|it| !declared.lists(&it.value));
        demand(is_closed(declared) && (!is_closed(old) || is_any_gone()), DemandKind::Listed);
        let targets = |it: &DeclaredField| (it.references.clone(), it.key_prefixes.clone());
        let is_reference = declared.field_type == FieldType::Reference;
        demand(is_reference && targets(old) != targets(declared), DemandKind::References);

        // Records that were written while the field was dormant may lack it.
        let may_lack = known.is_dormant || old.flags.is_nillable();
        let must_not = may_lack && !declared.flags.is_nillable();
        let default = declared.default_value().filter(|_| must_not);
        let lacking =
            if old.flags.is_nillable() { DemandKind::NeverNull } else { DemandKind::NotLacking };
        demand(must_not && default.is_none(), lacking);
        // One default in several records would not be unique either. Uniqueness that was there
        // holds under a stricter comparison, not a looser one.
        let is_exact = |it: &DeclaredField| it.flags.is_case_sensitive();
        let is_looser = is_exact(old) && !is_exact(declared);
        let is_new = !old.flags.is_unique();
        demand(
            declared.flags.is_unique() && (is_new || default.is_some() || is_looser),
            DemandKind::Unique { with_bin: is_new },
        );
        if let Some(value) = default {
            self.fills.push((number, FillValue { slot, value }));
        }
        if declared.autonumber.is_some() && old.autonumber != declared.autonumber {
            self.counters.push((number, slot, declared.start));
        }
        place
    }

    /// Puts an object that has changed in the place of what it was.
    pub(super) fn replace(&mut self, old: StoredObject, mut new: StoredObject) -> Result<()> {
        let number = usize::from(new.entry.number);
        self.change_indexes(&old, &mut new)?;
        let slots = new.entry.slots();
        if new.entry.layouts.last() != Some(&slots) {
            new.entry.layouts.push(slots);
        }
        let values = self.fills.extract_if(.., |(object, _)| *object == number);
        let values: Vec<_> = values.map(|(_, value)| value).collect();
        if !values.is_empty() {
            new.entry.filling = Some(Filling { values, after: 0, in_bin: false });
        }
        self.note_change(number, old);
        self.stored[number] = new;
        Ok(())
    }
}

/// What the values of a field are measured by, with the defaults of its type.
struct Measures {
    /// The greatest length of text; nothing else has one.
    length: u32,
    /// Most digits left of the point.
    left_digits: u8,
}

impl Measures {
    fn of(declared: &DeclaredField) -> Self {
        // A format that is wrong was refused before.
        let autonumber = declared.autonumber.as_deref().and_then(|it| AutoNumber::parse(it).ok());
        let field = Field::new(declared, autonumber, None);
        let left_digits = match declared.field_type {
            FieldType::Int => field.digits,
            _ => field.precision.saturating_sub(field.scale.unwrap_or(0)),
        };
        Self { length: field.length, left_digits }
    }
}
