//! Batch mode: one request a line in, one answer a line out, in the same order.

use std::io::{BufRead, Write};

use super::{
    ask,
    folder::{self, Defaults, Org, Outcome, Refusal},
};

/// Answers requests until the input ends.
///
/// # Errors
/// Those of reading and writing.
pub(crate) fn serve(
    org: &Org,
    defaults: Defaults<'_>,
    input: impl BufRead,
    out: &mut impl Write,
) -> Outcome<()> {
    folder::serve(input, out, |line| {
        let call: Option<String> = line.get("call")?;
        let call = call.as_deref().unwrap_or("query");
        if !ask::CALLS.contains(&call) {
            return Err(Refusal::no_call(call));
        }
        line.has_only(&[&folder::KEYS[..], &ask::KEYS].concat())?;
        org.ask(line, defaults, |db| ask::ask(db, line, call, defaults.batch_size))
    })
}
