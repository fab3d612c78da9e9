//! Turns what the TOML reader says into our one sentence: what is wrong, and the way out.

use super::error::{ErrorKind, ScenarioError, Source, listed, quoted, shortened, suggestion};

/// The text is not TOML.
pub(super) fn of_syntax(source: &Source<'_>, error: &toml::de::Error) -> ScenarioError {
    let message = match error.message() {
        "duplicate key" => "this key stands here twice; expected each key once".to_owned(),
        other => format!(
            "this is not TOML: {}; expected a document as docs/scenarios.md shows it",
            shortened(&other.replace('\n', ", "))
        ),
    };
    source.error(ErrorKind::Syntax, error.span().unwrap_or(0..0), message)
}

/// The text is TOML, but not of the document's shape. What serde reports is recognized by its
/// fixed phrases; a phrase that is not recognized is passed on as it is.
pub(super) fn of_data(source: &Source<'_>, error: &toml::de::Error) -> ScenarioError {
    let span = error.span().unwrap_or(0..0);
    let (kind, message) = rephrased(error.message());
    source.error(kind, span, message)
}

fn rephrased(message: &str) -> (ErrorKind, String) {
    if let Some((key, known)) = choice(message, "unknown field `") {
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
    if let Some(key) = message.strip_prefix("missing field `") {
        let key = key.trim_end_matches('`');
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
