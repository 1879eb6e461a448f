//! Finds the bind variables of a query or a search.

use super::{
    Expr, FieldExpr, Find, Location, Name, Operand, OrderItem, Query, Returning, Search,
    SearchWith, Select, SelectItem, Selected, SemiJoin, Set, Test, With,
};

impl Query {
    /// The bind variables, in the order of the text. One that stands there twice is there twice.
    ///
    /// ```
    /// use sobject_soql::{Dialect, Query};
    ///
    /// let text = "SELECT Id, (SELECT Id FROM Contacts LIMIT :few) FROM Account WHERE Id IN :ids";
    /// let query = Query::parse(text, Dialect::Rust)?;
    /// let names: Vec<_> = query.binds().into_iter().map(|name| name.as_str()).collect();
    /// assert_eq!(names, ["few", "ids"]);
    /// # Ok::<(), sobject_soql::Error>(())
    /// ```
    pub fn binds(&self) -> Vec<&Name> {
        let mut binds = Binds(Vec::new());
        binds.query(self);
        binds.0
    }
}

impl Search {
    /// The bind variables, in the order of the text. One that stands there twice is there twice.
    pub fn binds(&self) -> Vec<&Name> {
        let mut binds = Binds(Vec::new());
        binds.search(self);
        binds.0
    }
}

/// The bind variables found so far.
struct Binds<'q>(Vec<&'q Name>);

impl<'q> Binds<'q> {
    fn query(&mut self, query: &'q Query) {
        if let Select::Items(items) = &query.select.value {
            self.items(items);
        }
        self.expr(query.filter.as_ref());
        for with in &query.with {
            self.with(with);
        }
        if let Some(group_by) = &query.group_by {
            for field in &group_by.fields {
                self.field(field);
            }
            self.expr(group_by.having.as_ref());
        }
        self.order(&query.order_by);
        for count in query.limit.iter().chain(&query.offset) {
            self.operand(count);
        }
    }

    fn search(&mut self, search: &'q Search) {
        if let Find::Bind(name) = &search.find.value {
            self.0.push(name);
        }
        for returning in &search.returning {
            self.returning(returning);
        }
        for with in &search.with {
            match &with.value {
                SearchWith::Division(operand)
                | SearchWith::Metadata(operand)
                | SearchWith::PricebookId(operand) => self.operand(operand),
                SearchWith::Network(operands) => {
                    for operand in operands {
                        self.operand(operand);
                    }
                }
                SearchWith::Snippet(Some(length)) => self.operand(length),
                SearchWith::DataCategory(_)
                | SearchWith::Highlight
                | SearchWith::Snippet(None)
                | SearchWith::SpellCorrection(_)
                | SearchWith::SystemMode
                | SearchWith::UserMode => {}
            }
        }
        if let Some(limit) = &search.limit {
            self.operand(limit);
        }
    }

    fn returning(&mut self, returning: &'q Returning) {
        self.items(&returning.fields);
        self.expr(returning.filter.as_ref());
        self.order(&returning.order_by);
        for count in returning.limit.iter().chain(&returning.offset) {
            self.operand(count);
        }
    }

    fn items(&mut self, items: &'q [SelectItem]) {
        for item in items {
            match &item.selected {
                Selected::Field(field) => self.field(field),
                Selected::Children(query) => self.query(query),
                Selected::Fields(_) | Selected::TypeOf(_) => {}
            }
        }
    }

    fn order(&mut self, items: &'q [OrderItem]) {
        for item in items {
            self.field(&item.field);
        }
    }

    fn expr(&mut self, expr: Option<&'q Expr>) {
        match expr {
            None => {}
            Some(Expr::And(all) | Expr::Or(all)) => {
                for expr in all {
                    self.expr(Some(expr));
                }
            }
            Some(Expr::Not(inner)) => self.expr(Some(inner)),
            Some(Expr::Comparison(comparison)) => {
                self.field(&comparison.field);
                self.test(&comparison.test);
            }
        }
    }

    fn test(&mut self, test: &'q Test) {
        match test {
            Test::Compare(_, operand) | Test::Like(operand) => self.operand(operand),
            Test::In(set) | Test::NotIn(set) => match set {
                Set::Bind(name) => self.0.push(name),
                Set::SemiJoin(query) => self.semi_join(query),
                Set::List(operands) => {
                    for operand in operands {
                        self.operand(operand);
                    }
                }
            },
            Test::Includes(operands) | Test::Excludes(operands) => {
                for operand in operands {
                    self.operand(operand);
                }
            }
        }
    }

    fn semi_join(&mut self, query: &'q SemiJoin) {
        self.field(&query.field);
        self.expr(query.filter.as_ref());
        if let Some(with) = &query.with {
            self.with(with);
        }
    }

    fn with(&mut self, with: &'q With) {
        match with {
            With::Equals(_, operand) => self.operand(operand),
            With::Settings(_, settings) => {
                for (_, operand) in settings {
                    self.operand(operand);
                }
            }
            With::DataCategory(_)
            | With::SecurityEnforced
            | With::UserMode
            | With::SystemMode
            | With::Other(_) => {}
        }
    }

    fn field(&mut self, field: &'q FieldExpr) {
        if let FieldExpr::Distance(distance) = field
            && let Location::Geolocation { latitude, longitude } = &distance.location
        {
            self.operand(latitude);
            self.operand(longitude);
        }
    }

    fn operand<T>(&mut self, operand: &'q Operand<T>) {
        if let Operand::Bind(name) = operand {
            self.0.push(name);
        }
    }
}
