//! [`Row`]: what a row has, and its struct.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};

use super::{name, scope::Output};

/// What a row has, in the order of the answer.
pub(super) struct Row {
    fields: Vec<Field>,
}

struct Field {
    name: String,
    at: Span,
    what: What,
}

/// What a field of a row is.
enum What {
    /// The expression that reads it.
    Value(TokenStream),
    Parent(Row),
    Children(Row),
}

impl Row {
    pub(super) fn new() -> Self {
        Self { fields: Vec::new() }
    }

    /// Adds a value, or says what is in its way.
    pub(super) fn add(
        &mut self,
        out: &Output<'_>,
        name: &str,
        part: sobject_soql::Span,
        read: TokenStream,
    ) {
        self.push(out, name, part, What::Value(read));
    }

    /// Adds children.
    pub(super) fn add_children(
        &mut self,
        out: &Output<'_>,
        name: &str,
        part: sobject_soql::Span,
        row: Self,
    ) {
        self.push(out, name, part, What::Children(row));
    }

    fn push(&mut self, out: &Output<'_>, name: &str, part: sobject_soql::Span, what: What) {
        let name = name::field(name);
        if self.fields.iter().any(|field| field.name == name) {
            out.error(part, format_args!("two items of a row are called `{name}`"));
            return;
        }
        self.fields.push(Field { name, at: out.input.text.at(part), what });
    }

    /// The row of a parent, which is added if it is the first time that it is named.
    pub(super) fn parent(
        &mut self,
        out: &Output<'_>,
        name: &str,
        part: sobject_soql::Span,
    ) -> Option<&mut Self> {
        let wanted = name::field(name);
        let place = self.fields.iter().position(|field| field.name == wanted);
        let place = place.unwrap_or_else(|| {
            let what = What::Parent(Self::new());
            self.fields.push(Field { name: wanted.clone(), at: out.input.text.at(part), what });
            self.fields.len() - 1
        });
        if let Some(What::Parent(row)) = self.fields.get_mut(place).map(|field| &mut field.what) {
            return Some(row);
        }
        out.error(part, format_args!("two items of a row are called `{wanted}`"));
        None
    }

    /// Writes the struct of the row and of those inside it, and gives the closure that reads one.
    pub(super) fn expand(&self, out: &mut Output<'_>, prefix: &str) -> TokenStream {
        let here = Span::mixed_site();
        let ident = format_ident!("{prefix}Row", span = here);
        let mut names = Vec::new();
        let mut reads = Vec::new();
        for field in &self.fields {
            names.push(name::ident(&field.name, field.at));
            reads.push(match &field.what {
                What::Value(read) => read.clone(),
                What::Parent(row) => {
                    let read = row.expand(out, &inner(prefix, &field.name));
                    quote_spanned!(here=> __row.parent(#read))
                }
                What::Children(row) => {
                    let read = row.expand(out, &inner(prefix, &field.name));
                    quote_spanned!(here=> __row.children(#read))
                }
            });
        }
        let types: Vec<Ident> =
            (0..names.len()).map(|n| format_ident!("T{n}", span = here)).collect();
        out.items.push(quote_spanned! {here=>
            #[derive(__so::Clone, __so::Debug, __so::PartialEq)]
            #[allow(dead_code)]
            struct #ident<#(#types),*> {
                #(#names: #types,)*
            }
        });
        quote_spanned! {here=>
            |__row: &mut __so::RowCells<'_>| __so::Ok(#ident { #(#names: #reads?,)* })
        }
    }
}

/// What the name of a struct begins with that stands in another's field.
fn inner(prefix: &str, field: &str) -> String {
    format!("{prefix}{}", name::object(field))
}
