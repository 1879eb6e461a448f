//! Makes searches.

use sobject_soql::{
    Find, Operand, Pattern, PatternPart, Returning, Search, SearchExpr, SearchGroup, SearchWith,
    SelectItem, Spanned, With,
};

use super::Draw;

impl Draw<'_> {
    /// A term of a search; of a word, without what would end it or join it to others.
    fn term(&mut self, is_word: bool) -> Pattern {
        let pieces: &[&str] = if is_word {
            &["acme", "é", "a\\b", "\"", "{x}", "(", "*", "?", "and", "1+1", "O'Neill", "\u{1F600}"]
        } else {
            &["acme", " ", "OR", "AND NOT", "\"", "}", "(a)", "*", "?", "\n", "-", "\u{a0}"]
        };
        let mut parts: Vec<_> = self.list(1, |draw| match draw.below(4) {
            2 => PatternPart::AnyRun,
            3 => PatternPart::AnyOne,
            _ => PatternPart::Text(draw.one(pieces).into()),
        });
        if is_word {
            // No word is one that joins others.
            parts.push(PatternPart::Text("x".into()));
        }
        parts.into_iter().collect()
    }

    fn search_expr(&mut self) -> SearchExpr {
        self.deeper(
            |draw| match draw.below(7) {
                3 => SearchExpr::Phrase(draw.term(false)),
                4 => SearchExpr::And(draw.list(2, Self::search_expr)),
                5 => SearchExpr::Or(draw.list(2, Self::search_expr)),
                6 => draw.search_expr().and_not(draw.search_expr()),
                _ => SearchExpr::Word(draw.term(true)),
            },
            |_| SearchExpr::text("a"),
        )
    }

    fn returning(&mut self) -> Returning {
        let object = Returning::object(self.name());
        if self.yes() {
            return object;
        }
        Returning {
            fields: self.list(1, |draw| SelectItem {
                selected: draw.field_or_distance().into(),
                alias: draw.option(Self::name),
            }),
            filter: self.option(Self::expr),
            list_view: self.option(Self::name),
            order_by: self.option(|draw| draw.list(1, Self::order_item)).unwrap_or_default(),
            limit: self.option(Self::count),
            offset: self.option(Self::count),
            ..object
        }
    }

    fn text_operand(&mut self) -> Spanned<Operand> {
        self.operand_of(|draw| draw.text().into())
    }

    fn search_with(&mut self) -> SearchWith {
        match self.below(10) {
            0 => SearchWith::Highlight,
            1 => SearchWith::Division(self.text_operand()),
            2 => SearchWith::Metadata(self.text_operand()),
            3 => SearchWith::Network(vec![self.text_operand()]),
            4 => SearchWith::Network(self.list(2, Self::operand)),
            5 => SearchWith::PricebookId(self.text_operand()),
            6 => SearchWith::Snippet(self.option(Self::count)),
            7 => SearchWith::SpellCorrection(self.yes()),
            8 => self.one(&[SearchWith::UserMode, SearchWith::SystemMode]),
            _ => match self.with_value() {
                With::DataCategory(categories) => SearchWith::DataCategory(categories),
                _ => SearchWith::Highlight,
            },
        }
    }

    /// A search that text can say, in the dialect that was asked for.
    pub(crate) fn search(&mut self) -> Search {
        let find = match self.below(8) {
            6 => Find::TooLong,
            7 if self.programs => Find::Bind(self.bind()),
            _ => Find::Expr(self.search_expr()),
        };
        Search {
            find: find.into(),
            group: self.option(|draw| draw.one(&SearchGroup::ALL)),
            returning: self.option(|draw| draw.list(1, Self::returning)).unwrap_or_default(),
            with: self.list(0, |draw| draw.search_with().into()),
            limit: self.option(Self::count),
            update: self.option(|draw| draw.list(1, Self::plain_name)).unwrap_or_default(),
        }
    }
}
