//! The prompt: a line is a query, and is answered.

use std::{
    io::{self, IsTerminal},
    process::ExitCode,
};

use rustyline::{
    CompletionType, Config, Context, Editor, Helper, completion::Completer, error::ReadlineError,
    highlight::Highlighter, hint::Hinter, history::DefaultHistory, validate::Validator,
};
use sobject_core::Connection;

use super::{complete::Names, folder::Outcome};

struct Completion(Names);

impl Completer for Completion {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        pos: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        Ok(self.0.complete(line, pos))
    }
}

impl Hinter for Completion {
    type Hint = String;
}

impl Highlighter for Completion {}

impl Validator for Completion {}

impl Helper for Completion {}

/// Answers queries until the input ends, with history and completion if it is a terminal. Else the
/// status is that of the last query that was not answered.
pub(crate) fn run(
    db: &Connection,
    answer: impl Fn(&str) -> Outcome<ExitCode>,
) -> Outcome<ExitCode> {
    if !io::stdin().is_terminal() {
        let mut status = ExitCode::SUCCESS;
        for line in io::stdin().lines() {
            let line = line?;
            let answered = query(&line).map_or(Ok(ExitCode::SUCCESS), &answer)?;
            if answered != ExitCode::SUCCESS {
                status = answered;
            }
        }
        return Ok(status);
    }
    let config = Config::builder().completion_type(CompletionType::List).build();
    let mut editor: Editor<Completion, DefaultHistory> = Editor::with_config(config)?;
    editor.set_helper(Some(Completion(Names::of(db)?)));
    println!("Tab completes, the arrows go through what was asked, Ctrl-D or `exit` ends.");
    loop {
        let line = match editor.readline("soql> ") {
            Ok(line) => line,
            Err(ReadlineError::Interrupted) => continue,
            Err(ReadlineError::Eof) => return Ok(ExitCode::SUCCESS),
            Err(error) => return Err(error.into()),
        };
        let Some(text) = query(&line) else { continue };
        if ["exit", "quit"].iter().any(|it| text.eq_ignore_ascii_case(it)) {
            return Ok(ExitCode::SUCCESS);
        }
        editor.add_history_entry(text)?;
        // What is wrong with it has been said.
        answer(text)?;
    }
}

/// The query of a line, without the `;` that many are used to.
fn query(line: &str) -> Option<&str> {
    let text = line.trim().trim_end_matches(';').trim_end();
    (!text.is_empty()).then_some(text)
}
