//! How a handle leads to its field: it is one of the object itself, or references lead there.

use super::traits::Selectable;
use crate::{
    definition::Definition,
    id::{Id, RecordId},
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
    label = "no reference to records of this object",
    note = "a record is reached through an `Id<X>`, or an `Option` of one, and is then one of `X`"
)]
pub trait LeadsTo<P> {}

#[diagnostic::do_not_recommend]
impl<P: SObject> LeadsTo<P> for Id<P> {}

#[diagnostic::do_not_recommend]
impl<P: SObject> LeadsTo<P> for Option<Id<P>> {}

// CreatedById and LastModifiedById, whose object the program defines: the query looks at it.
#[diagnostic::do_not_recommend]
impl<P: SObject> LeadsTo<P> for RecordId {}

impl<O: SObject, T, F, G, S, W: Way> Field<O, T, F, G, S, W> {
    /// A field of the record that this reference names, to be selected, filtered, grouped or ordered by
    /// as the fields of the object itself are. It is null where the reference is, so it holds an `Option`.
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
    pub fn to<P: SObject, U: Selectable, F2, G2, S2, W2: Way>(
        &self,
        field: Field<P, U, F2, G2, S2, W2>,
    ) -> Field<O, Option<U::Plain>, F2, G2, S2, Through>
    where
        T: LeadsTo<P>,
    {
        let definition = self.object().field(self.idx());
        let relationship = definition.and_then(|field| field.relationship).unwrap_or_default();
        let mut parents = [""; MAX_STEPS];
        let steps = self.parents().iter().chain([&relationship]).chain(field.parents());
        let mut n = 0;
        for (place, step) in parents.iter_mut().zip(steps) {
            *place = step;
            n += 1;
        }
        Field::by_way(field.idx(), Through { object: field.object(), parents, n })
    }
}
