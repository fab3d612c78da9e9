//! Turns what the TOML reader says into our one sentence: what is wrong, and the way out.

use super::error::{ErrorKind, Mistake, listed, quoted, shortened, suggestion};
use super::source::Source;

/// The text is not TOML.
pub(super) fn of_syntax(source: &Source<'_>, error: &toml::de::Error) -> Mistake {
    let span = error.span().unwrap_or(0..0);
    let message = match (error.message(), single_table(source.line(span.start))) {
        ("duplicate key", Some(table)) => {
            format!("[{table}] stands here twice; write [[{table}]] for each {table}")
        }
        ("duplicate key", None) => "this key stands here twice; expected each key once".to_owned(),
        (other, _) => format!(
            "this is not TOML: {}; expected a document as docs/scenarios.md shows it",
            shortened(&other.replace('\n', ", "))
        ),
    };
    source.mistake(ErrorKind::Syntax, span, message)
}

/// The text is TOML, but not of the document's shape. What serde reports is recognized by its
/// fixed phrases; a phrase that is not recognized is passed on as it is.
pub(super) fn of_data(source: &Source<'_>, error: &toml::de::Error) -> Mistake {
    let span = error.span().unwrap_or(0..0);
    let (kind, message) = match single_table(source.line(span.start)) {
        Some(table) if error.message().ends_with(", expected a sequence") => (
            ErrorKind::WrongType,
            format!(
                "found one table; write [[{table}]] for each {table}, also if there is only one"
            ),
        ),
        _ => rephrased(error.message()),
    };
    source.mistake(kind, span, message)
}

/// The key that is missing, if that is what the message of an error says.
pub(super) fn missing_key(message: &str) -> Option<&str> {
    let key = message.strip_prefix("missing field `")?;
    Some(key.trim_end_matches('`'))
}

/// The actors of which a document may have several, each in a table of its own.
pub(super) const ACTORS: [&str; 7] = [
    "client",
    "arrivals",
    "at-scale",
    "slow-disk",
    "administrator",
    "cutter",
    "timer",
];

/// The kind of actor for which this line begins the one table, or has it as a value.
fn single_table(line: &str) -> Option<&'static str> {
    let line = line.trim_start();
    let name = line.strip_prefix('[').unwrap_or(line).trim_start();
    ACTORS.into_iter().find(|actor| {
        let rest = name.strip_prefix(actor).map(str::trim_start);
        rest.is_some_and(|rest| rest.starts_with([']', '=', '.']))
    })
}

/// The keys that stand before the first table.
const FIRST: [&str; 4] = ["name", "summary", "source", "reaches"];

fn rephrased(message: &str) -> (ErrorKind, String) {
    if let Some((key, known)) = choice(message, "unknown field `") {
        if FIRST.contains(&key) {
            let message = format!(
                "the key {} is none of this table; expected it at the top, before the first table",
                quoted(key)
            );
            return (ErrorKind::UnknownKey, message);
        }
        let message = format!(
            "unknown key {}; expected {}{}",
            quoted(key),
            one_of(&known),
            suggestion(key, &known)
        );
        return (ErrorKind::UnknownKey, message);
    }
    if let Some((word, known)) = choice(message, "unknown variant `") {
        let message = format!(
            "unknown word {}; expected {}{}",
            quoted(word),
            one_of(&known),
            suggestion(word, &known)
        );
        return (ErrorKind::UnknownWord, message);
    }
    if let Some(key) = missing_key(message) {
        let message = format!(
            "the key {} is missing; expected {key} = … here",
            quoted(key)
        );
        return (ErrorKind::MissingKey, message);
    }
    for phrase in ["invalid type: ", "invalid value: "] {
        if let Some(rest) = message.strip_prefix(phrase)
            && let Some((found, expected)) = rest.rsplit_once(", expected ")
        {
            let found = match found {
                "map" => "a table or a date".to_owned(),
                "sequence" => "an array".to_owned(),
                other => shortened(&other.replace('\n', " ")),
            };
            let expected = match expected {
                "a sequence" => "an array in square brackets",
                other => other,
            };
            return (
                ErrorKind::WrongType,
                format!("found {found}; expected {expected}"),
            );
        }
    }
    if message.contains("overflow") {
        let message = "the number is too large; expected one within the range of its key";
        return (ErrorKind::OutOfRange, message.to_owned());
    }
    (
        ErrorKind::WrongType,
        shortened(&message.replace('\n', ", ")),
    )
}

/// What was written and what is known, from serde's phrase for an unknown key or word.
fn choice<'a>(message: &'a str, phrase: &str) -> Option<(&'a str, Vec<&'a str>)> {
    let (written, known) = message.strip_prefix(phrase)?.rsplit_once("`, expected ")?;
    Some((written, known.split('`').skip(1).step_by(2).collect()))
}

fn one_of(known: &[&str]) -> String {
    match known {
        [only] => quoted(only),
        _ => format!("one of {}", listed(known)),
    }
}
