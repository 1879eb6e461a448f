//! The definition of an object: a chain of `const` methods that reads like the attributes.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote_spanned;

use super::{Output, field_value};
use crate::{
    attr::DefaultValue,
    model::{Field, Object},
    name,
    words::{field, object},
};

/// The value of `SObject::OBJECT`.
pub(super) fn expand(out: &Output<'_>) -> TokenStream {
    let Object { name, label, plural, key_prefix, words, .. } = out.object;
    let (name, key_prefix) = (&name.value, &key_prefix.value);
    let shared_prefix = words
        .has(&object::SHARED_PREFIX)
        .then(|| quote_spanned!(Span::mixed_site()=> .shared_prefix()));
    let since = words.number(&object::SINCE).map(Literal::u64_unsuffixed);
    let since = since.map(|version| quote_spanned!(Span::mixed_site()=> .since(#version)));
    let calls = words.names(&object::CALLS_WORD).map(|calls| {
        let calls = calls.iter().map(|call| Ident::new(call, Span::mixed_site()));
        quote_spanned!(Span::mixed_site()=> .calls(__so::Calls::NONE #(.#calls())*))
    });
    let system = words.names(&object::SYSTEM).map(|system| {
        let system = system.iter().map(|field| Ident::new(field, Span::mixed_site()));
        quote_spanned!(Span::mixed_site()=> .system(__so::System::NONE #(.#system())*))
    });
    let audit_fields = words
        .has(&object::AUDIT_FIELDS)
        .then(|| quote_spanned!(Span::mixed_site()=> .audit_fields()));
    let fields = out.object.fields.iter().map(|field| field_definition(out, field));
    quote_spanned! {Span::mixed_site()=>
        &__so::Definition::new(#name)
            .label(#label, #plural)
            .key_prefix(#key_prefix)
            #shared_prefix
            #since
            #calls
            #system
            #audit_fields
            .fields(&[#(#fields),*])
    }
}

/// One entry of the list of fields. It starts with the definition that belongs to the field's type,
/// which has the describe type, the objects of a reference and the values of a picklist.
fn field_definition(out: &Output<'_>, field: &Field<'_>) -> TokenStream {
    let Field { name, label, words, .. } = field;
    let name = &name.value;
    let definition = field_value(&out.so, field, "DEFINITION");
    let flags = field::FLAGS.iter().filter(|flag| words.has(flag));
    // As on the platform, an external id can name records in upsert.
    let id_lookup = words.has(&field::EXTERNAL_ID) && !words.has(&field::ID_LOOKUP);
    let flags = flags.chain(id_lookup.then_some(&field::ID_LOOKUP));
    let flags = flags.map(|flag| Ident::new(flag.name, Span::mixed_site()));
    let field_type = words.one_of(&field::TYPE).map(|name| {
        let variant = Ident::new(name::variant_of_type(name), Span::mixed_site());
        quote_spanned!(Span::mixed_site()=> .field_type(__so::FieldType::#variant))
    });
    let number = |word| words.number(&word).map(Literal::u64_unsuffixed);
    let numbers = [field::LENGTH, field::DIGITS, field::START].into_iter().filter_map(|word| {
        let method = Ident::new(word.name, Span::mixed_site());
        let n = number(word)?;
        Some(quote_spanned!(Span::mixed_site()=> .#method(#n)))
    });
    let scale = number(field::SCALE).map(|scale| {
        // 0 stands for the default precision of the type.
        let precision = number(field::PRECISION).unwrap_or_else(|| Literal::u64_unsuffixed(0));
        quote_spanned!(Span::mixed_site()=> .precision(#precision, #scale))
    });
    let texts = [field::AUTONUMBER, field::HELP].into_iter().filter_map(|word| {
        let method = Ident::new(word.name, Span::mixed_site());
        let text = words.text(&word)?;
        Some(quote_spanned!(Span::mixed_site()=> .#method(#text)))
    });
    let old_names = words.texts(&field::WAS);
    let was = (!old_names.is_empty())
        .then(|| quote_spanned!(Span::mixed_site()=> .was(&[#(#old_names),*])));
    let default = words.default_value(&field::DEFAULT).map(|value| {
        let value = match value {
            DefaultValue::Bool(value) => quote_spanned!(Span::mixed_site()=> Bool(#value)),
            DefaultValue::Int(n) => {
                let n = Literal::i64_unsuffixed(*n);
                quote_spanned!(Span::mixed_site()=> Int(#n))
            }
            DefaultValue::Double(n) => {
                let n = Literal::f64_unsuffixed(*n);
                quote_spanned!(Span::mixed_site()=> Double(#n))
            }
            DefaultValue::Text(text) => quote_spanned!(Span::mixed_site()=> Text(#text)),
        };
        quote_spanned!(Span::mixed_site()=> .default(__so::DefaultValue::#value))
    });
    let relationship = match field.relationship() {
        Some(name) => Some(quote_spanned!(Span::mixed_site()=> .relationship(#name))),
        // Only core can tell whether the field is a reference.
        None => name::relationship(name)
            .map(|name| quote_spanned!(Span::mixed_site()=> .default_relationship(#name))),
    };
    let child_relationship = field
        .child_relationship()
        .map(|name| quote_spanned!(Span::mixed_site()=> .child_relationship(#name)));
    let on_delete = words.one_of(&field::ON_DELETE).map(|rule| {
        let variant = Ident::new(name::variant_of_rule(rule), Span::mixed_site());
        quote_spanned!(Span::mixed_site()=> .on_delete(__so::OnDelete::#variant))
    });
    quote_spanned! {Span::mixed_site()=>
        #definition
            .name(#name)
            .label(#label)
            #field_type
            #(.#flags())*
            #(#numbers)*
            #scale
            #(#texts)*
            #was
            #default
            #relationship
            #on_delete
            #child_relationship
    }
}
