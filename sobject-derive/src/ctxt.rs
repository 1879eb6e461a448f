//! [`Ctxt`]: collects the mistakes of one run of the derive.
//!
//! Reading and checking go on after a mistake, so that one compile shows them all. **Invariant:**
//! no mistake is lost. If a [`Ctxt`] is dropped before [`Ctxt::finish`] was called, it panics, and
//! a test of the macro fails.

use std::{cell::RefCell, fmt::Display, thread};

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};

/// The mistakes found so far; `None` after they were handed over.
pub(crate) struct Ctxt {
    errors: RefCell<Option<Vec<syn::Error>>>,
}

impl Ctxt {
    pub(crate) fn new() -> Self {
        Self { errors: RefCell::new(Some(Vec::new())) }
    }

    /// Reports a mistake at a place.
    pub(crate) fn error(&self, at: Span, message: impl Display) {
        self.push(syn::Error::new(at, message));
    }

    /// Reports a mistake at all of `tokens`, from the first to the last.
    pub(crate) fn error_over(&self, tokens: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    fn push(&self, error: syn::Error) {
        if let Some(errors) = self.errors.borrow_mut().as_mut() {
            errors.push(error);
        }
    }

    /// How many mistakes there are so far. If a check adds none, what it looked at is sound.
    pub(crate) fn n_errors(&self) -> usize {
        self.errors.borrow().as_ref().map_or(0, Vec::len)
    }

    /// Returns statements with a `compile_error!` for each mistake, and an expression of whose type the
    /// compiler says nothing further; `None` if there is no mistake.
    pub(crate) fn finish_expression(self) -> Option<(TokenStream, TokenStream)> {
        let errors = self.errors.borrow_mut().take().unwrap_or_default();
        let (last, others) = errors.split_last()?;
        let others = others.iter().map(syn::Error::to_compile_error);
        let last = last.to_compile_error();
        let (statements, expression) =
            (quote!(#(let _ = #others;)* let __error = #last;), quote!(__error));
        Some((statements, expression))
    }

    /// Returns a `compile_error!` for each mistake, in the order in which they were found.
    pub(crate) fn finish(self) -> TokenStream {
        let errors = self.errors.borrow_mut().take().unwrap_or_default();
        errors.iter().map(syn::Error::to_compile_error).collect()
    }
}

impl Drop for Ctxt {
    fn drop(&mut self) {
        // A second panic while one is under way would abort and hide the first.
        assert!(
            thread::panicking() || self.errors.borrow().is_none(),
            "the mistakes were never reported"
        );
    }
}
