//! [`Scope`] and [`Output`]: from the names of a query to constants that core looks up.
//!
//! **Invariant:** a name that is used in one way is looked up once, so that a mistake in it is reported
//! once.

use std::collections::HashMap;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use sobject_soql::{FromItem, Path};

use super::{input::Input, name};
use crate::ctxt::Ctxt;

/// The object of users, whom the system fields name.
const USER: &str = "User";

/// What the expansion is put together of.
pub(super) struct Output<'i> {
    pub(super) cx: &'i Ctxt,
    pub(super) input: &'i Input,
    /// Aliases of the objects' types. They stand outside of the other items, whose names they cannot
    /// mean.
    pub(super) types: Vec<TokenStream>,
    /// Constants, structs and traits.
    pub(super) items: Vec<TokenStream>,
    /// Variables by name, in the order of their first use, with where that is.
    pub(super) binds: Vec<(String, Span)>,
    /// What gives each variable to the query, and checks further uses of one.
    pub(super) given: Vec<(usize, TokenStream)>,
    known: HashMap<String, Ident>,
    n: usize,
}

/// An object that paths begin at or lead to.
#[derive(Clone)]
pub(super) struct Object {
    /// The constant that holds its definition.
    pub(super) definition: Ident,
    /// The expression that stands for its type.
    of: TokenStream,
    /// By what path it is known, apart from all others.
    key: String,
}

/// A field that a path leads to.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) object: Object,
    /// The constant that holds its number.
    pub(super) number: Ident,
    /// The expression that stands for its type.
    pub(super) column: TokenStream,
}

/// What the paths of a query begin at.
pub(super) struct Scope {
    pub(super) object: Object,
    /// The names of the root: that of the object and its alias.
    names: Vec<String>,
}

impl Scope {
    /// The names of the relationships that a path follows, without the root's name or alias.
    pub(super) fn parents<'p>(&self, path: &'p Path) -> &'p [sobject_soql::Name] {
        match path.parents.split_first() {
            Some((first, rest)) if self.names.iter().any(|name| *first == **name) => rest,
            _ => &path.parents,
        }
    }
}

impl<'i> Output<'i> {
    pub(super) fn new(cx: &'i Ctxt, input: &'i Input) -> Self {
        Self {
            cx,
            input,
            types: Vec::new(),
            items: Vec::new(),
            binds: Vec::new(),
            given: Vec::new(),
            known: HashMap::new(),
            n: 0,
        }
    }

    /// A name that nothing else in the expansion has.
    pub(super) fn fresh(&mut self, prefix: &str) -> Ident {
        self.n += 1;
        format_ident!("__{prefix}{}", self.n, span = Span::mixed_site())
    }

    /// The place in the program of a part of the text, at which generated code is reported.
    pub(super) fn at(&self, part: sobject_soql::Span) -> Span {
        Span::mixed_site().located_at(self.input.text.at(part))
    }

    /// Reports what the macro itself finds wrong.
    pub(super) fn error(&self, part: sobject_soql::Span, what: impl std::fmt::Display) {
        let text = &self.input.text;
        self.cx.error(text.at(part), format_args!("{what}{}", text.block(part)));
    }

    /// The line of a part of the text as a literal.
    pub(super) fn block(&self, part: sobject_soql::Span) -> Literal {
        let mut block = Literal::string(&self.input.text.block(part));
        block.set_span(self.at(part));
        block
    }

    /// The scope of a query of an object.
    pub(super) fn root(&mut self, from: &FromItem) -> Scope {
        let written = &from.path.name;
        let definition = |out: &Self, alias: &Ident| {
            let (at, block, name) = (out.at(from.span()), out.block(from.span()), written.as_str());
            quote_spanned!(at=> __so::named(__so::root::<#alias>(), #name, #block))
        };
        let given = name::object(written.as_str());
        self.scope(from, &given, definition)
    }

    /// The scope of a child query; `None` if the arguments do not give its type.
    pub(super) fn children(&mut self, from: &FromItem, parent: &Object) -> Option<Scope> {
        let written = &from.path.name;
        if self.given_type(written.as_str()).is_none() {
            let name = written.as_str();
            self.error(
                from.span(),
                format_args!(
                    "of which object the children `{name}` are is not in their name: give it behind \
                     the query, as in `{name}: TheObject`"
                ),
            );
            return None;
        }
        let parent = parent.definition.clone();
        let definition = |out: &Self, alias: &Ident| {
            let (at, block) = (out.at(from.span()), out.block(from.span()));
            quote_spanned!(at=> __so::child_of(__so::root::<#alias>(), #parent, #block))
        };
        Some(self.scope(from, "", definition))
    }

    fn scope(
        &mut self,
        from: &FromItem,
        default: &str,
        definition: impl Fn(&Self, &Ident) -> TokenStream,
    ) -> Scope {
        let written = from.path.name.as_str();
        let own = || Ident::new(default, self.input.text.at(from.span())).to_token_stream();
        let ty = self.given_type(written).unwrap_or_else(own);
        let (alias, at) = (self.alias(from.span(), &ty), self.at(from.span()));
        let value = definition(self, &alias);
        let definition = self.definition(from.span(), &value);
        let of = quote_spanned!(at=> __so::object::<#alias>());
        let names = [Some(written), from.alias.as_ref().map(|alias| alias.as_str())];
        let key = definition.to_string();
        Scope {
            object: Object { definition, of, key },
            names: names.into_iter().flatten().map(str::to_owned).collect(),
        }
    }

    /// Another name for a type that the user has named.
    fn alias(&mut self, part: sobject_soql::Span, ty: &TokenStream) -> Ident {
        let (alias, at) = (self.fresh("T"), self.at(part));
        self.types.push(quote_spanned!(at=> type #alias = #ty;));
        alias
    }

    /// The type that the arguments give for an object or for children.
    fn given_type(&self, name: &str) -> Option<TokenStream> {
        let is_named = |ident: &Ident| name::plain(ident).eq_ignore_ascii_case(name);
        let given = self.input.types.iter().find(|(ident, _)| is_named(ident));
        given.map(|(_, ty)| ty.clone())
    }

    /// A constant that holds a definition.
    fn definition(&mut self, part: sobject_soql::Span, value: &TokenStream) -> Ident {
        let (ident, at) = (self.fresh("O"), self.at(part));
        self.items.push(quote_spanned! {at=>
            #[allow(dead_code)]
            const #ident: &'static __so::Definition = #value;
        });
        ident
    }

    /// The object that a relationship of another leads to.
    pub(super) fn parent(&mut self, of: &Object, relationship: &sobject_soql::Name) -> Object {
        let written = relationship.as_str();
        let key = format!("{}.{}", of.key, written.to_ascii_lowercase());
        let number = self.number(&key, relationship.span(), |at, block| {
            let definition = &of.definition;
            quote_spanned!(at=> __so::relation(#definition, #written, #block))
        });
        let at = self.at(relationship.span());
        // The type of these fields does not say of which object users are.
        let is_user = ["CreatedBy", "LastModifiedBy"].iter().any(|it| *relationship == **it);
        let parent = if is_user {
            let alias = self.user(relationship.span());
            quote_spanned!(at=> __so::object::<#alias>())
        } else {
            let column = column(at, &of.of, &number);
            quote_spanned!(at=> __so::parent(#column))
        };
        let known = format!("{key}#");
        if let Some(definition) = self.known.get(&known) {
            return Object { definition: definition.clone(), of: parent, key };
        }
        let value = quote_spanned!(at=> __so::definition(#parent));
        let definition = self.definition(relationship.span(), &value);
        self.known.insert(known, definition.clone());
        Object { definition, of: parent, key }
    }

    /// The name of the type of users.
    fn user(&mut self, part: sobject_soql::Span) -> Ident {
        if let Some(alias) = self.known.get(USER) {
            return alias.clone();
        }
        let ident = Ident::new(USER, self.input.text.at(part));
        let ty = self.given_type(USER).unwrap_or_else(|| ident.to_token_stream());
        let alias = self.alias(part, &ty);
        self.known.insert(USER.to_owned(), alias.clone());
        alias
    }

    /// The object that a path leads to, in front of its last name.
    pub(super) fn follow(&mut self, scope: &Scope, path: &Path) -> Object {
        let mut object = scope.object.clone();
        for relationship in scope.parents(path) {
            object = self.parent(&object, relationship);
        }
        object
    }

    /// The field that a path leads to, used so: by a variant of core's `Use`.
    pub(super) fn find(&mut self, scope: &Scope, path: &Path, used: &str) -> Found {
        let object = self.follow(scope, path);
        let written = path.name.as_str();
        let key = format!("{} {} {used}", object.key, written.to_ascii_lowercase());
        let part = path.span();
        let number = self.number(&key, part, |at, block| {
            let definition = &object.definition;
            let used = Ident::new(used, at);
            quote_spanned!(at=> __so::field_named(#definition, #written, __so::Use::#used, #block))
        });
        let column = column(self.at(part), &object.of, &number);
        Found { object, number, column }
    }

    /// The constant that holds the number of a field.
    fn number(
        &mut self,
        key: &str,
        part: sobject_soql::Span,
        value: impl FnOnce(Span, Literal) -> TokenStream,
    ) -> Ident {
        if let Some(known) = self.known.get(key) {
            return known.clone();
        }
        let value = value(self.at(part), self.block(part));
        let (number, at) = (self.fresh("N"), self.at(part));
        self.items.push(quote_spanned! {at=>
            #[allow(dead_code)]
            const #number: __so::usize = #value;
        });
        self.known.insert(key.to_owned(), number.clone());
        number
    }
}

/// The expression that stands for the type of a field.
fn column(at: Span, of: &TokenStream, number: &Ident) -> TokenStream {
    quote_spanned! {at=>
        __so::column::<_, { __so::block_of(#number) }, { __so::place_in(#number) }, _>(#of)
    }
}
