//! How a handle leads to its field: it is one of the object itself, or references lead there.

mod named;

pub(super) use self::named::is_name;
pub use self::named::{Name, NameField, NameFields};
use super::traits::Selectable;
use crate::{
    definition::{Definition, FieldIdx},
    id::{Id, RecordId, Ref},
    shell::{field::Field, sobject::SObject},
};

/// References that a way keeps: one more than a query may follow, so that a longer one is refused.
const MAX_STEPS: usize = 6;

/// The way of a handle to its field: [`Own`] or [`Through`].
pub trait Way: Copy + Send + Sync + 'static {
    /// The object that has the field; `None` if it is that of the handle.
    #[doc(hidden)]
    fn object(&self) -> Option<&'static Definition>;
    /// The names of the relationships that lead there.
    #[doc(hidden)]
    fn parents(&self) -> &[&'static str];
}

/// The field is one of the object itself.
#[derive(Clone, Copy, Debug)]
pub struct Own;

/// References lead from the object to the record that has the field.
#[derive(Clone, Copy)]
pub struct Through {
    object: &'static Definition,
    parents: [&'static str; MAX_STEPS],
    n: usize,
}

impl Way for Own {
    fn object(&self) -> Option<&'static Definition> {
        None
    }

    fn parents(&self) -> &[&'static str] {
        &[]
    }
}

impl Way for Through {
    fn object(&self) -> Option<&'static Definition> {
        Some(self.object)
    }

    fn parents(&self) -> &[&'static str] {
        self.parents.get(..self.n).unwrap_or_default()
    }
}

impl std::fmt::Debug for Through {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Through").field(&self.parents().join(".")).finish()
    }
}

/// A reference that names records of the object `P`.
#[diagnostic::on_unimplemented(
    message = "a field of the type `{Self}` leads to no such record",
    label = "no reference to records of `{P}`",
    note = "through an `Id<X>`, or an `Option` of one, a record of `X` is reached; through a `Ref`, which \
            may name records of several objects, a `Name`"
)]
pub trait LeadsTo<P> {}

/// What a reference of the type `T` leads to: a handle of the object that it names, or of [`Name`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no handle of a field",
    label = "no handle",
    note = "a handle is a field of `X::FIELDS`"
)]
pub trait Reached<T> {
    /// What the field holds, without `Option`.
    type Plain: 'static;
    /// May the field be filtered by?
    type Filter;
    /// May the field be grouped by?
    type Group;
    /// May the field be sorted by?
    type Sort;

    /// The field, the object that has it, and the relationships that lead there.
    #[doc(hidden)]
    fn reached(&self) -> (FieldIdx, &'static Definition, &[&'static str]);
}

impl<T: LeadsTo<P>, P: SObject, U: Selectable, F, G, S, W: Way> Reached<T>
    for Field<P, U, F, G, S, W>
{
    type Plain = U::Plain;
    type Filter = F;
    type Group = G;
    type Sort = S;

    fn reached(&self) -> (FieldIdx, &'static Definition, &[&'static str]) {
        (self.idx(), self.object(), self.parents())
    }
}

#[diagnostic::do_not_recommend]
impl<P: SObject> LeadsTo<P> for Id<P> {}

#[diagnostic::do_not_recommend]
impl<P: SObject> LeadsTo<P> for Option<Id<P>> {}

// CreatedById and LastModifiedById, whose object the program defines: the query looks at it.
#[diagnostic::do_not_recommend]
impl<P: SObject> LeadsTo<P> for RecordId {}

#[diagnostic::do_not_recommend]
impl<S> LeadsTo<Name> for Ref<S> {}

#[diagnostic::do_not_recommend]
impl<S> LeadsTo<Name> for Option<Ref<S>> {}

/// The handle of what a reference of the type `T` leads to.
type Behind<O, T, R> = Field<
    O,
    Option<<R as Reached<T>>::Plain>,
    <R as Reached<T>>::Filter,
    <R as Reached<T>>::Group,
    <R as Reached<T>>::Sort,
    Through,
>;

impl<O: SObject, T, F, G, S, W: Way> Field<O, T, F, G, S, W> {
    /// A field of the record that this reference names, to be selected, filtered, grouped or ordered by
    /// as the fields of the object itself are. It is null where the reference is, so it holds an `Option`.
    ///
    /// A record that may be of several objects is read as a [`Name`].
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let store = Store::in_memory(&[User::OBJECT])?;
    /// # let ada = store.system().create(UserCreate::new("Ada", "ada@example.com"))?;
    /// # let db = store.connect(sobject_core::Caller::system_as(ada.record_id()));
    /// db.create(UserCreate::new("Bo", "bo@example.com"))?;
    /// let by = User::FIELDS.created_by_id.to(User::FIELDS.name);
    /// let found = db.query::<User>().filter(by.eq("Ada")).select((User::FIELDS.name, by)).one()?;
    /// assert_eq!(found, ("Bo".to_owned(), Some("Ada".to_owned())));
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    #[expect(clippy::needless_pass_by_value, reason = "handles are written without `&`")]
    pub fn to<R: Reached<T>>(&self, field: R) -> Behind<O, T, R> {
        let definition = self.object().field(self.idx());
        let relationship = definition.and_then(|field| field.relationship).unwrap_or_default();
        let (idx, object, behind) = field.reached();
        let mut parents = [""; MAX_STEPS];
        let steps = self.parents().iter().chain([&relationship]).chain(behind);
        let mut n = 0;
        for (place, step) in parents.iter_mut().zip(steps) {
            *place = step;
            n += 1;
        }
        Field::by_way(idx, Through { object, parents, n })
    }
}
