//! Requests from a script or a terminal, whose answers are printed for people.

use std::{
    fs,
    io::{self, IsTerminal, Write},
    path::Path,
    process::ExitCode,
};

use rustyline::{DefaultEditor, error::ReadlineError};

use super::{
    folder::{self, Defaults, Org, Outcome},
    requests,
};

/// Answers the requests of a file in turn.
pub(crate) fn script(org: &Org, defaults: Defaults<'_>, path: &Path) -> Outcome<ExitCode> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut is_refused = false;
    for line in text.lines() {
        is_refused |= answer(org, defaults, line)?;
    }
    Ok(ExitCode::from(u8::from(is_refused)))
}

/// Answers requests until the input ends, with history if it is a terminal.
pub(crate) fn prompt(org: &Org, defaults: Defaults<'_>) -> Outcome<ExitCode> {
    if !io::stdin().is_terminal() {
        let mut is_refused = false;
        for line in io::stdin().lines() {
            is_refused |= answer(org, defaults, &line?)?;
        }
        return Ok(ExitCode::from(u8::from(is_refused)));
    }
    println!(r#"A request is a JSON object: {{"call": "describeSObjects", "objects": ["User"]}}"#);
    println!(
        "`help` lists the calls, the arrows go through what was asked, Ctrl-D or `exit` ends."
    );
    let mut editor = DefaultEditor::new()?;
    loop {
        let line = match editor.readline("calls> ") {
            Ok(line) => line,
            Err(ReadlineError::Interrupted) => continue,
            Err(ReadlineError::Eof) => return Ok(ExitCode::SUCCESS),
            Err(error) => return Err(error.into()),
        };
        if ["exit", "quit"].iter().any(|it| line.trim().eq_ignore_ascii_case(it)) {
            return Ok(ExitCode::SUCCESS);
        }
        editor.add_history_entry(&line)?;
        if line.trim().eq_ignore_ascii_case("help") {
            println!("{}", requests::help());
            continue;
        }
        answer(org, defaults, &line)?;
    }
}

/// Prints the answer of a line, unless it is no request. Was it refused?
fn answer(org: &Org, defaults: Defaults<'_>, line: &str) -> Outcome<bool> {
    let line = line.trim();
    if line.is_empty() || line.starts_with(['#', '<']) {
        return Ok(false);
    }
    let ask = |line: &folder::Line| requests::answer(org, defaults, line);
    let (answer, is_refused) = folder::answer_line(line.as_bytes(), ask)?;
    let mut out = io::stdout().lock();
    writeln!(out, "{}", indented(&answer))?;
    out.flush()?;
    Ok(is_refused)
}

/// JSON on several lines. The text is not read as values, since numbers would lose their form.
fn indented(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let mut depth = 0;
    let mut is_text = false;
    let mut chars = json.chars().peekable();
    let new_line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    while let Some(c) = chars.next() {
        if is_text {
            out.push(c);
            match c {
                '\\' => out.extend(chars.next()),
                '"' => is_text = false,
                _ => {}
            }
            continue;
        }
        match c {
            '{' | '[' => {
                out.push(c);
                if let Some(end) = chars.next_if(|it| matches!(it, '}' | ']')) {
                    out.push(end);
                } else {
                    depth += 1;
                    new_line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth -= 1;
                new_line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                new_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            '"' => {
                is_text = true;
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}
