//! [`Object`] and [`Field`]: the struct as the macro understands it.
//!
//! Names, labels and the path of core are filled in where the user gave none, so that the expansion
//! need not look for defaults. Each part keeps the tokens that it was read from, so that mistakes
//! can be reported at their places.
//!
//! **Invariant:** a type is passed on as tokens and never interpreted; what it is, the compiler
//! finds out. Only `Self` is replaced by the struct's name, because it would mean the view inside a
//! view. And `XCreate::new` takes what is *spelled* `String` as `impl Into` of it, which is right
//! whatever the type is ([`Field::is_spelled_string`]).

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Attribute, Data, DataStruct, DeriveInput, Fields, Generics, Ident, Path, Visibility,
    parse_quote_spanned, spanned::Spanned,
};

use crate::{
    attr::{Kind, Words},
    ctxt::Ctxt,
    name, serde_beside,
    words::{Word, field, object, picklist::variant},
};

const OBJECT: Kind = Kind {
    name: "sobject",
    words: object::ALL,
    elsewhere: &[(field::ALL, "it is a word of a field's `#[field(..)]`")],
};

const FIELD: Kind = Kind {
    name: "field",
    words: field::ALL,
    elsewhere: &[
        (object::ALL, "it is a word of the struct's `#[sobject(..)]`"),
        (variant::ALL, "it is a word of a picklist's `#[picklist(..)]`"),
    ],
};

/// The struct.
pub(crate) struct Object<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) vis: &'a Visibility,
    pub(crate) words: Words,
    /// Path of core.
    pub(crate) krate: Path,
    pub(crate) name: Text,
    pub(crate) label: String,
    pub(crate) plural: String,
    /// Empty if none was given, which is reported.
    pub(crate) key_prefix: Text,
    /// Empty if the input is no struct with named fields, which is reported.
    pub(crate) fields: Vec<Field<'a>>,
    /// Are these all fields of the struct? Those that no object may declare are taken out once they
    /// are reported.
    pub(crate) is_whole: bool,
    pub(crate) shape: Shape,
    /// Are serde's traits written for the struct?
    pub(crate) makes_serde: bool,
}

/// What was annotated.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A struct with named fields, as it should be.
    Struct,
    /// Something without named fields. It is reported, and expanded without fields.
    Fieldless,
    /// A generic type. It is reported and not expanded, because an `impl` would need its
    /// parameters.
    Generic,
}

/// A field of the struct.
pub(crate) struct Field<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) vis: &'a Visibility,
    /// The type, with the struct's name in place of `Self`.
    pub(crate) ty: TokenStream,
    pub(crate) docs: Vec<&'a Attribute>,
    pub(crate) words: Words,
    pub(crate) name: Text,
    pub(crate) label: String,
    /// Is it certain whether the field may be null? It is not after a mistake in the words that say
    /// so. Then the type is not compared with these words, which would only repeat the mistake.
    pub(crate) is_sound: bool,
}

/// A text, and the place where a mistake in it is reported.
pub(crate) struct Text {
    pub(crate) value: String,
    pub(crate) at: Span,
}

impl Text {
    /// The API name with the suffix of a custom one, if it is one by its word.
    fn custom_if(self, is_custom: bool) -> Self {
        let value = if is_custom { name::custom(self.value) } else { self.value };
        Self { value, at: self.at }
    }
}

impl<'a> Object<'a> {
    /// Reads the struct and its attributes.
    pub(crate) fn from_syn(cx: &Ctxt, input: &'a DeriveInput) -> Self {
        let ident = &input.ident;
        let shape = shape(cx, input);
        refuse_attribute(
            cx,
            &input.attrs,
            "field",
            "stands on a field; a struct has `#[sobject(..)]`",
        );
        let words = Words::from_attrs(cx, &OBJECT, &input.attrs).unwrap_or_default();
        let name = text_or(&words, &object::NAME, ident, name::object_name(ident));
        let name = name.custom_if(words.has(&object::CUSTOM));
        let label = label_or(&words, &object::LABEL, || name::object_label(&name.value));
        let plural = label_or(&words, &object::PLURAL, || format!("{label}s"));
        let key_prefix = text_or(&words, &object::KEY_PREFIX, ident, String::new());
        let krate = path_of_core(&words, &object::CRATE);
        let fields = match &input.data {
            Data::Struct(DataStruct { fields: Fields::Named(fields), .. }) => {
                fields.named.iter().filter_map(|field| Field::from_syn(cx, ident, field)).collect()
            }
            _ => Vec::new(),
        };
        let vis = &input.vis;
        let makes_serde = serde_beside::is_none(cx, input, &words, &object::OWN_SERDE, "SObject");
        Self {
            ident,
            vis,
            words,
            krate,
            name,
            label,
            plural,
            key_prefix,
            fields,
            is_whole: true,
            shape,
            makes_serde,
        }
    }

    /// Does the object support the call?
    pub(crate) fn has_call(&self, call: &str) -> bool {
        // Without a list, an object has every call but merge.
        self.words.names(&object::CALLS_WORD).map_or(call != "merge", |calls| calls.contains(&call))
    }

    /// Is it certain that the object does not support the call?
    pub(crate) fn lacks_call(&self, call: &str) -> bool {
        !self.has_call(call) && !self.words.was_misread(&object::CALLS_WORD)
    }
}

impl<'a> Field<'a> {
    /// Reads a field and its attributes; `None` for a field without a name.
    fn from_syn(cx: &Ctxt, object: &Ident, input: &'a syn::Field) -> Option<Self> {
        let ident = input.ident.as_ref()?;
        let n_errors = cx.n_errors();
        refuse_attribute(
            cx,
            &input.attrs,
            "sobject",
            "stands on the struct; a field has `#[field(..)]`",
        );
        let is_told = cx.n_errors() > n_errors;
        let words = Words::from_attrs(cx, &FIELD, &input.attrs);
        let is_sound = words.as_ref().is_some_and(|words| !words.may_lack(&field::OF_NULL));
        let is_system = name::system_field(&name::field_name(ident)).is_some();
        if words.is_none() && !is_told && !is_system {
            cx.error(
                ident.span(),
                format_args!(
                    "`{}` has no `#[field(..)]`; write the properties of the field, such as \
                     `#[field(create, filter, update)]` (every field of the struct is stored)",
                    name::printed(ident)
                ),
            );
        }
        let words = words.unwrap_or_default();
        let name = text_or(&words, &field::NAME, ident, name::field_name(ident));
        let name = name.custom_if(words.has(&field::CUSTOM));
        let label = label_or(&words, &field::LABEL, || name::field_label(&name.value));
        let docs = input.attrs.iter().filter(|attr| attr.path().is_ident("doc")).collect();
        let ty = without_self(input.ty.to_token_stream(), object);
        Some(Self { ident, vis: &input.vis, ty, docs, words, name, label, is_sound })
    }

    pub(crate) fn has(&self, word: &Word) -> bool {
        self.words.has(word)
    }

    /// The name of the relationship that was given, with the suffix of a custom one if the field is
    /// custom by its word.
    pub(crate) fn relationship(&self) -> Option<String> {
        self.name_of_relationship(&field::RELATIONSHIP)
    }

    /// The name of the child relationship that was given, with that suffix as well.
    pub(crate) fn child_relationship(&self) -> Option<String> {
        self.name_of_relationship(&field::CHILD_RELATIONSHIP)
    }

    fn name_of_relationship(&self, word: &Word) -> Option<String> {
        let given = self.words.text(word)?.value();
        Some(if self.has(&field::CUSTOM) { name::custom_relationship(given) } else { given })
    }

    /// Does the store supply a value if a create gives none?
    pub(crate) fn is_defaulted(&self) -> bool {
        let words = [field::DEFAULTED_ON_CREATE, field::DEFAULT, field::AUTONUMBER];
        words.iter().any(|word| self.has(word))
    }

    /// Does the platform fill the field, which nobody may give and which is never null?
    pub(crate) fn is_filled(&self) -> bool {
        let given = [field::CREATE, field::UPDATE, field::NILLABLE];
        !given.iter().any(|word| self.has(word)) && !self.is_defaulted() && self.is_used()
    }

    /// Does the attribute say what the field can be used for, as pages print it for every field?
    fn is_used(&self) -> bool {
        field::FLAGS.iter().any(|word| !word.page.is_empty() && self.has(word))
    }

    /// Is the type spelled `String`, by whatever path?
    ///
    /// This decides no more than how a text may be given, and every type is `Into` itself: an alias
    /// of `String` takes a `String`, and another type of that name takes its own values.
    pub(crate) fn is_spelled_string(&self) -> bool {
        is_path_to_string(&self.ty)
    }

    /// Does a create have to give a value?
    pub(crate) fn is_required(&self) -> bool {
        self.has(&field::CREATE) && !self.has(&field::NILLABLE) && !self.is_defaulted()
    }
}

/// The traits that views have without a derive.
const TRAITS_OF_VIEWS: [&str; 6] =
    ["Clone", "Debug", "Default", "Deserialize", "PartialEq", "Serialize"];

/// The trait of a derive, if views have it without one.
pub(crate) fn trait_of_views(derive: &Path) -> Option<&'static str> {
    let name = &derive.segments.last()?.ident;
    TRAITS_OF_VIEWS.into_iter().find(|known| name == known)
}

/// The path of core: the one that was given, or else `::sobject_core`.
pub(crate) fn path_of_core(words: &Words, word: &Word) -> Path {
    match words.path(word) {
        Some(path) => path.clone(),
        None => parse_quote_spanned!(Span::mixed_site()=> ::sobject_core),
    }
}

/// The tokens of a type with the struct's name in place of `Self`. Spans stay as they are.
fn without_self(ty: TokenStream, object: &Ident) -> TokenStream {
    let renamed = ty.into_iter().map(|token| match token {
        TokenTree::Ident(ident) if ident == "Self" => {
            let mut object = object.clone();
            object.set_span(ident.span());
            TokenTree::Ident(object)
        }
        TokenTree::Group(group) => {
            let mut renamed = Group::new(group.delimiter(), without_self(group.stream(), object));
            renamed.set_span(group.span());
            TokenTree::Group(renamed)
        }
        other => other,
    });
    renamed.collect()
}

/// Are these the tokens of a path that ends with `String`? A macro may have put them into a group
/// that nobody sees.
fn is_path_to_string(tokens: &TokenStream) -> bool {
    let mut is_string = false;
    for token in tokens.clone() {
        is_string = match token {
            TokenTree::Ident(ident) => ident == "String",
            TokenTree::Punct(punct) if punct.as_char() == ':' => false,
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                return is_path_to_string(&group.stream());
            }
            _ => return false,
        };
    }
    is_string
}

/// Reports attributes of this name, which do not belong here; `belongs` says where they do.
pub(crate) fn refuse_attribute(cx: &Ctxt, attrs: &[Attribute], name: &str, belongs: &str) {
    for attr in attrs.iter().filter(|attr| attr.path().is_ident(name)) {
        cx.error_over(attr.path(), format_args!("`#[{name}(..)]` {belongs}"));
    }
}

/// The text given with a word, or else a default. Mistakes in a default are reported at the
/// identifier.
pub(crate) fn text_or(words: &Words, word: &Word, ident: &Ident, default: String) -> Text {
    match words.text(word) {
        Some(text) => Text { value: text.value(), at: text.span() },
        None => Text { value: default, at: ident.span() },
    }
}

/// The text given with a word, or else a default.
pub(crate) fn label_or(words: &Words, word: &Word, default: impl FnOnce() -> String) -> String {
    words.text(word).map_or_else(default, syn::LitStr::value)
}

/// Reports everything but a struct with named fields and without parameters.
fn shape(cx: &Ctxt, input: &DeriveInput) -> Shape {
    let ident = &input.ident;
    let refuse = |at: Span, what: &str| {
        cx.error(at, format_args!("{what}; an object is a struct with named fields"));
        Shape::Fieldless
    };
    let shape = match &input.data {
        Data::Enum(data) => {
            let what = format!("the enum `{ident}` is no object, but may be a `Picklist`");
            refuse(data.enum_token.span, &what)
        }
        Data::Union(data) => {
            refuse(data.union_token.span, &format!("the union `{ident}` cannot be an object"))
        }
        Data::Struct(data) => match &data.fields {
            Fields::Named(_) => Shape::Struct,
            Fields::Unnamed(fields) => {
                refuse(fields.span(), &format!("the fields of `{ident}` have no names"))
            }
            Fields::Unit => refuse(ident.span(), &format!("`{ident}` has no fields")),
        },
    };
    if input.generics.params.is_empty() && input.generics.where_clause.is_none() {
        shape
    } else {
        check_generics(cx, ident, &input.generics);
        Shape::Generic
    }
}

/// Reports parameters. An object has one name and one definition, so it must be one type.
fn check_generics(cx: &Ctxt, ident: &Ident, generics: &Generics) {
    let what = if generics.type_params().next().is_some() {
        "type parameters: an object is one type with one definition"
    } else if generics.lifetimes().next().is_some() {
        "lifetimes: a record owns its values, so write `String` for `&str`"
    } else if generics.const_params().next().is_some() {
        "const parameters: an object is one type with one definition"
    } else {
        let clause = generics.where_clause.as_ref();
        cx.error_over(clause, format_args!("`{ident}` is an object, which has no bounds"));
        return;
    };
    cx.error_over(&generics.params, format_args!("`{ident}` is an object, which has no {what}"));
}
