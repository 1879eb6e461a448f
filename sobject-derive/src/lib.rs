//! The derive macro of `sobject-core`, which re-exports it: `#[derive(SObject)]`.
//!
//! The manual is at [`SObject`]. The way through the code:
//!
//! 1. `model` reads the struct by the tables of `words` (`attr` does the reading) and fills
//!    in what follows from other things (`name`).
//! 2. `check` applies the rules that need to see more than one word.
//! 3. `expand` writes the code.
//!
//! **Invariant:** the three go on after a mistake, and `ctxt` collects: one compile shows every
//! mistake that the macro can see, each at the wrong word, together with those that the compiler
//! finds in the types.

#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used))]

mod attr;
mod autonumber;
mod check;
mod ctxt;
mod expand;
mod model;
mod name;
#[cfg(test)]
mod tests;
mod words;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct behave like a Salesforce object.
///
/// The struct has the fields that its object page lists, without the system fields (`Id`,
/// `IsDeleted`, `CreatedDate`, `CreatedById`, `LastModifiedDate`, `LastModifiedById`,
/// `SystemModstamp`), which come with `Record<X>`. Each field says in words what the page says of
/// it in its list of properties:
///
/// ```ignore
/// use sobject_core::{Id, SObject, standard::User};
///
/// /// One agent's chat session.
/// #[derive(SObject)]
/// #[sobject(key_prefix = "0HK", label = "Chat Session", since = 28)]
/// pub struct LiveAgentSession {
///     /// Who was logged in.
///     #[field(create, filter, group, sort, update, label = "User ID", relationship = "Agent")]
///     pub agent_id: Id<User>,
///     #[field(create, filter, group, nillable, sort, update)]
///     pub chat_req_assigned: Option<i32>,
///     #[field(autonumber = "{00000000}", defaulted_on_create, filter, id_lookup, name_field, sort)]
///     pub name: String,
/// }
///
/// // A create takes what is createable; `new` takes what is required, in the struct's order.
/// let create = LiveAgentSessionCreate {
///     chat_req_assigned: Some(3),
///     ..LiveAgentSessionCreate::new(agent)
/// };
/// // An update leaves what it does not set.
/// let update = LiveAgentSessionUpdate {
///     chat_req_assigned: Patch::NULL,
///     ..LiveAgentSessionUpdate::default()
/// };
/// // Handles name the fields in filters and orders.
/// let by = LiveAgentSession::FIELDS.agent_id;
/// ```
///
/// # What it makes
///
/// For a struct `X`, with its visibility:
///
/// - `XCreate`, what a create may set: the `create` fields. A required field is a `T`; one that is
///   `nillable` is the `Option` that it is in `X`; one that is `defaulted_on_create` is an
///   `Option<T>`, where `None` leaves it to the store; one that is both is a `Patch<Option<T>>`.
///   `XCreate::new` takes the required fields. Without any, `XCreate` has a `Default`.
/// - `XUpdate`, what an update may set: a `Patch<T>` for each `update` field. Its default sets
///   nothing.
/// - `XFields`, and `X::FIELDS` of that type: a typed handle for each field.
/// - `impl SObject for X`, with the definition as `X::OBJECT`.
///
/// A field of a view has the visibility that it has in `X`. Views print (`Debug`), compare and
/// serialise what they set, under API names, and nothing else; so they also do as the body of
/// another client's request.
///
/// # Words of the struct: `#[sobject(..)]`
///
/// | word | says |
/// |---|---|
/// | `key_prefix = "0HK"` | the three characters of `0-9A-Za-z` that ids start with; always given |
/// | `name = "Invoice__c"` | API name; else the name of the struct |
/// | `label = "Invoice"` | label of one record; else the words of the API name |
/// | `plural = "Invoices"` | label of several; else the label with an `s` |
/// | `since = 28` | first API version that has the object |
/// | `calls(create, query)` | the calls that the object supports: `create`, `delete`, `describe_layout`, `describe_sobjects`, `get_deleted`, `get_updated`, `merge`, `query`, `retrieve`, `search`, `undelete`, `update`, `upsert`; else all but `merge` |
/// | `crate = path` | path of `sobject_core`, where it has another name or is re-exported |
///
/// # Words of a field: `#[field(..)]`
///
/// Every field has the attribute, for every field is stored.
///
/// | word | on the object page | says |
/// |---|---|---|
/// | `create` | Create | a create may set the field |
/// | `update` | Update | an update may set the field |
/// | `filter` | Filter | the field may stand in a filter |
/// | `group` | Group | the field may be grouped by |
/// | `sort` | Sort | the field may be sorted by |
/// | `nillable` | Nillable | the field may be null; its type is an `Option` |
/// | `defaulted_on_create` | Defaulted on create | the store supplies the value that a create does not give |
/// | `id_lookup` | idLookup | the field may name a record in upsert |
/// | `autonumber = "INV-{0000}"` | Autonumber | the store numbers the records, in this format; the field is a `String` |
/// | `name_field` | | the field is the record's name; one field at most |
/// | `per_caller` | | each caller has a value: `LastViewedDate` and `LastReferencedDate` |
/// | `name = "Amount__c"` | field name | API name; else the field's name as `agent_id` gives `AgentId` |
/// | `label = "Amount"` | label | label; else the words of the API name, with `ID` for `Id` |
/// | `length = 80` | length | greatest length in characters, of text |
/// | `digits = 9` | digits | most digits of an int |
/// | `relationship = "Agent"` | relationship name | name by which queries follow the reference; else the API name without `Id`, or with `__r` for `__c` |
///
/// The store has a default for three kinds of field: a `bool` is false, and so has
/// `defaulted_on_create` always, unless an `Option` lets it be null; an auto-number is the next one;
/// and a reference named `OwnerId` that may name a `User` is the caller.
///
/// A field that is neither `nillable` nor `defaulted_on_create` is required, and so a create can
/// give it or it is an auto-number; all else would leave no way to create a record.
///
/// An auto-number format is text with one `{0}` to `{0000000000}`, whose zeros are the fewest
/// digits, and any of `{YYYY}`, `{YY}`, `{MM}` and `{DD}` for the day of creation: 30 characters at
/// most.
///
/// # Types of fields
///
/// `bool`, `i32`, `f64`, `String`, `NaiveDate`, `DateTime<Utc>`, `Id<X>`, `Ref<(X, Y)>`, and an
/// `Option` of each for a `nillable` field. The type says which describe type the field has and
/// which objects it may name; an alias of a type is as good as the type.
#[proc_macro_derive(SObject, attributes(sobject, field))]
pub fn derive_sobject(input: TokenStream) -> TokenStream {
    derive(&parse_macro_input!(input as DeriveInput)).into()
}

/// The expansion, behind the mistakes if there are any.
fn derive(input: &DeriveInput) -> proc_macro2::TokenStream {
    let cx = ctxt::Ctxt::new();
    let mut object = model::Object::from_syn(&cx, input);
    check::check(&cx, &mut object);
    let mut output = cx.finish();
    output.extend(expand::expand(&object));
    output
}
