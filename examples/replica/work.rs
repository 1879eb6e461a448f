//! Random work on the source. What the rules refuse, such as undeleting what is not deleted, is counted
//! and no more.

use std::fmt;

use sobject_core::{Connection, Error, Id, Patch, Result, SObject};

use super::objects::{
    Contract, ContractCreate, ContractUpdate, Customer, CustomerCreate, CustomerUpdate, Visit,
    VisitCreate, VisitUpdate,
};

/// Someone who writes at random.
pub(crate) struct Work {
    db: Connection,
    random: u64,
    customers: Vec<Id<Customer>>,
    contracts: Vec<Id<Contract>>,
    visits: Vec<Id<Visit>>,
    /// What was deleted by name and not undeleted since.
    deleted: Vec<Which>,
    pub(crate) done: Done,
}

/// One of the records.
#[derive(Clone, Copy, Debug)]
enum Which {
    Customer(Id<Customer>),
    Contract(Id<Contract>),
    Visit(Id<Visit>),
}

/// What was done.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Done {
    pub(crate) created: u32,
    pub(crate) updated: u32,
    pub(crate) deleted: u32,
    pub(crate) undeleted: u32,
    pub(crate) refused: u32,
}

impl Work {
    /// Work on what `db` writes to; the same seed does the same.
    pub(crate) fn new(db: Connection, seed: u64) -> Self {
        let (customers, contracts, visits) = (Vec::new(), Vec::new(), Vec::new());
        let (deleted, done) = (Vec::new(), Done::default());
        Self { db, random: seed, customers, contracts, visits, deleted, done }
    }

    /// Writes once.
    ///
    /// # Errors
    /// Those of the store: a refusal is none.
    pub(crate) fn write(&mut self) -> Result<()> {
        let kind = self.below(12);
        let result = match kind {
            0 | 1 => self.create_customer(),
            2 | 3 => self.create_contract(),
            4 => self.create_visit(),
            5..=7 => self.update(),
            8 | 9 => self.delete(),
            _ => self.undelete(),
        };
        let count = match result {
            Ok(()) => match kind {
                0..=4 => &mut self.done.created,
                5..=7 => &mut self.done.updated,
                8 | 9 => &mut self.done.deleted,
                _ => &mut self.done.undeleted,
            },
            Err(error) if is_refusal(&error) => &mut self.done.refused,
            Err(error) => return Err(error),
        };
        *count += 1;
        Ok(())
    }

    /// A random number below `n`.
    fn below(&mut self, n: usize) -> usize {
        // The multiplier of Knuth's MMIX; its high bits are the random ones.
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.random >> 33).unwrap_or(0) % n.max(1)
    }

    /// One of some ids, if there are any.
    fn one<T: SObject>(&mut self, of: fn(&Self) -> &Vec<Id<T>>) -> Option<Id<T>> {
        let place = self.below(of(self).len());
        of(self).get(place).copied()
    }

    /// One of a few numbers, so that customers compete for them.
    fn number(&mut self) -> Option<String> {
        let n = self.below(12);
        (n > 0).then(|| n.to_string())
    }

    fn create_customer(&mut self) -> Result<()> {
        let number = self.number();
        let name = format!("customer {}", self.customers.len());
        let id = self.db.create(CustomerCreate { number, ..CustomerCreate::new(name) })?;
        self.customers.push(id);
        Ok(())
    }

    fn create_contract(&mut self) -> Result<()> {
        let Some(customer) = self.one(|it| &it.customers) else { return self.create_customer() };
        let id = self.db.create(ContractCreate::new(customer))?;
        self.contracts.push(id);
        Ok(())
    }

    fn create_visit(&mut self) -> Result<()> {
        let customer = self.one(|it| &it.customers).filter(|_| self.random.is_multiple_of(3));
        let name = format!("visit {}", self.visits.len());
        let id = self.db.create(VisitCreate { customer, ..VisitCreate::new(name) })?;
        self.visits.push(id);
        Ok(())
    }

    fn update(&mut self) -> Result<()> {
        let note = format!("note {}", self.below(100));
        match self.below(3) {
            0 => {
                let number = self.number();
                let Some(id) = self.one(|it| &it.customers) else { return self.create_customer() };
                let update = CustomerUpdate { number: Patch::Set(number), ..Default::default() };
                self.db.update(id, update)
            }
            1 => {
                let Some(id) = self.one(|it| &it.contracts) else { return self.create_contract() };
                let update = ContractUpdate { terms: Patch::Set(Some(note)) };
                self.db.update(id, update)
            }
            _ => {
                let customer = self.one(|it| &it.customers);
                let Some(id) = self.one(|it| &it.visits) else { return self.create_visit() };
                let update = VisitUpdate { customer: Patch::Set(customer), ..Default::default() };
                self.db.update(id, update)
            }
        }
    }

    fn delete(&mut self) -> Result<()> {
        let which = match self.below(4) {
            0 => self.one(|it| &it.customers).map(Which::Customer),
            1 | 2 => self.one(|it| &it.contracts).map(Which::Contract),
            _ => self.one(|it| &it.visits).map(Which::Visit),
        };
        let Some(which) = which else { return self.create_customer() };
        match which {
            Which::Customer(id) => self.db.delete(id),
            Which::Contract(id) => self.db.delete(id),
            Which::Visit(id) => self.db.delete(id),
        }?;
        self.deleted.push(which);
        Ok(())
    }

    fn undelete(&mut self) -> Result<()> {
        if self.deleted.is_empty() {
            return self.create_customer();
        }
        let place = self.below(self.deleted.len());
        match self.deleted.swap_remove(place) {
            Which::Customer(id) => self.db.undelete(id),
            Which::Contract(id) => self.db.undelete(id),
            Which::Visit(id) => self.db.undelete(id),
        }
    }
}

/// Did the rules refuse the write, rather than the store fail?
fn is_refusal(error: &Error) -> bool {
    !matches!(error, Error::Corrupt { .. } | Error::Storage(_))
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { created, updated, deleted, undeleted, refused } = self;
        write!(
            f,
            "The source: {created} created, {updated} updated, {deleted} deleted, {undeleted} \
             undeleted, and {refused} writes refused."
        )
    }
}
