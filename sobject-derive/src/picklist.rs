//! [`Picklist`]: the enum of `#[derive(Picklist)]` as the macro understands it, and its rules.
//!
//! A variant without fields is a value of the picklist. A variant with one unnamed field is the arm
//! for all values that the list lacks.

use std::collections::HashMap;

use proc_macro2::{Ident, Span};
use syn::{Attribute, Data, DataEnum, DeriveInput, Fields, Path, Type};

use crate::{
    attr::{Kind, Words},
    ctxt::Ctxt,
    model::{Text, label_or, path_of_core, text_or},
    name, serde_beside,
    words::{
        field, object,
        picklist::{self, variant},
    },
};

/// Longest value, in characters.
const MAX_VALUE: usize = 255;

const ENUM: Kind = Kind {
    name: "picklist",
    words: picklist::ALL,
    elsewhere: &[
        (variant::ALL, "it is a word of a variant's `#[picklist(..)]`"),
        (field::ALL, "it is a word of a field's `#[field(..)]`"),
    ],
};

const VARIANT: Kind = Kind {
    name: "picklist",
    words: variant::ALL,
    elsewhere: &[
        (picklist::ALL, "it is a word of the enum's `#[picklist(..)]`"),
        (field::ALL, "it is a word of a field's `#[field(..)]`"),
        (object::ALL, "it is a word of a struct's `#[sobject(..)]`"),
    ],
};

/// The enum.
pub(crate) struct Picklist<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) words: Words,
    /// Path of core.
    pub(crate) krate: Path,
    /// Are serde's traits written for it?
    pub(crate) makes_serde: bool,
    pub(crate) values: Vec<Variant<'a>>,
    /// The arm for values that the list lacks.
    pub(crate) other: Option<(&'a Ident, &'a Type)>,
    pub(crate) shape: Shape,
}

/// What was annotated.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// An enum of values, as it should be.
    Enum,
    /// Something else, which has been reported. It is expanded, so that the compiler does not
    /// report missing traits as well, but the functions never run.
    Other,
    /// A generic type. It is reported and not expanded, because an `impl` would need its
    /// parameters.
    Generic,
}

/// A variant that is a value of the picklist.
pub(crate) struct Variant<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) value: Text,
    pub(crate) label: String,
    pub(crate) words: Words,
}

impl<'a> Picklist<'a> {
    /// Reads the enum and its attributes, and checks them.
    pub(crate) fn from_syn(cx: &Ctxt, input: &'a DeriveInput) -> Self {
        let ident = &input.ident;
        let words = Words::from_attrs(cx, &ENUM, &input.attrs).unwrap_or_default();
        let krate = path_of_core(&words, &picklist::CRATE);
        let makes_serde =
            serde_beside::is_none(cx, input, &words, &picklist::OWN_SERDE, "Picklist");
        let (values, other, shape) = (Vec::new(), None, Shape::Enum);
        let mut picklist = Self { ident, words, krate, makes_serde, values, other, shape };
        match &input.data {
            Data::Enum(data) => picklist.read_variants(cx, data),
            Data::Struct(data) => picklist.refuse(cx, data.struct_token.span, "struct"),
            Data::Union(data) => picklist.refuse(cx, data.union_token.span, "union"),
        }
        if picklist.shape == Shape::Enum && picklist.values.is_empty() {
            cx.error(
                ident.span(),
                format_args!("`{ident}` has no values; write a variant for each"),
            );
            picklist.shape = Shape::Other;
        }
        if !input.generics.params.is_empty() {
            cx.error_over(
                &input.generics.params,
                format_args!("`{ident}` is a picklist, which has no parameters"),
            );
            picklist.shape = Shape::Generic;
        }
        picklist.check_values(cx);
        picklist.check_default(cx);
        picklist
    }

    fn refuse(&mut self, cx: &Ctxt, at: Span, what: &str) {
        let ident = self.ident;
        cx.error(
            at,
            format_args!(
                "the {what} `{ident}` cannot be a picklist, which is an enum of its values"
            ),
        );
        self.shape = Shape::Other;
    }

    fn read_variants(&mut self, cx: &Ctxt, data: &'a DataEnum) {
        for variant in &data.variants {
            let ident = &variant.ident;
            match &variant.fields {
                Fields::Unit => {
                    let words = Words::from_attrs(cx, &VARIANT, &variant.attrs).unwrap_or_default();
                    let value = text_or(&words, &variant::VALUE, ident, name::object_name(ident));
                    let label = label_or(&words, &variant::LABEL, || {
                        if words.has(&variant::VALUE) {
                            value.value.clone()
                        } else {
                            name::object_label(&value.value)
                        }
                    });
                    self.values.push(Variant { ident, value, label, words });
                }
                Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                    self.read_other(cx, ident, &variant.attrs, &fields.unnamed[0].ty);
                }
                fields => {
                    cx.error_over(
                        fields,
                        format_args!(
                            "a value has no fields; write `{ident}` alone, or `Other(String)` for \
                             the values that the list lacks"
                        ),
                    );
                    self.shape = Shape::Other;
                }
            }
        }
    }

    fn read_other(&mut self, cx: &Ctxt, ident: &'a Ident, attrs: &[Attribute], ty: &'a Type) {
        for attr in attrs.iter().filter(|attr| attr.path().is_ident(VARIANT.name)) {
            cx.error_over(
                attr,
                format_args!("`{ident}` stands for every other value, and is none to describe"),
            );
        }
        if let Some((first, _)) = self.other {
            cx.error(ident.span(), format_args!("`{first}` stands for every other value already"));
            self.shape = Shape::Other;
        } else {
            self.other = Some((ident, ty));
        }
    }

    /// Values must be texts that an org can keep, and each must be there once.
    fn check_values(&self, cx: &Ctxt) {
        let mut known: HashMap<String, &Ident> = HashMap::new();
        for Variant { ident, value: Text { value, at }, .. } in &self.values {
            if value.trim() != value {
                cx.error(*at, "a value neither begins nor ends with a blank");
            }
            let n_chars = value.chars().count();
            if n_chars > MAX_VALUE {
                cx.error(
                    *at,
                    format_args!(
                        "a value has at most {MAX_VALUE} characters, and this one has {n_chars}"
                    ),
                );
            }
            if let Some(first) = known.insert(value.trim().to_lowercase(), ident) {
                cx.error(
                    *at,
                    format_args!(
                        "`{value}` is the value of `{}` as well; values that differ in case only \
                         are the same",
                        name::printed(first)
                    ),
                );
            }
        }
    }

    /// At most one value may be the default, and it must be active.
    fn check_default(&self, cx: &Ctxt) {
        let mut first: Option<&Ident> = None;
        for value in &self.values {
            let Some(at) = value.words.at(&variant::DEFAULT) else { continue };
            if value.words.has(&variant::INACTIVE) {
                cx.error(at, "no record is given an `inactive` value; take `default` away");
            }
            match first {
                Some(first) => {
                    cx.error(at, format_args!("`{first}` is the default already; take one away"));
                }
                None => first = Some(value.ident),
            }
        }
    }
}
