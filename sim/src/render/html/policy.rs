//! The shell of a page: its head, and the policy that lets it run nothing but our own script.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The style of every page.
const STYLE: &str = include_str!("page.css");

/// What makes a page of a trace step.
pub(super) const SCRIPT: &str = include_str!("page.js");

/// A whole page. `title` is text, already escaped, and `body` is markup. `script` runs at the end of it, if there is
/// one; a script that is not the one given here does not run, nor is anything loaded from anywhere. `style` is added to
/// the style of every page.
pub(in crate::render) fn page(
    title: &str,
    body: &str,
    script: Option<&str>,
    style: &str,
) -> String {
    let allowed = match script {
        Some(script) => hash(script),
        None => "'none'".to_owned(),
    };
    let policy = format!(
        "default-src 'none'; script-src {allowed}; style-src {}; base-uri 'none'; form-action 'none'",
        hash(&[STYLE, style].concat())
    );
    let script = script.map_or_else(String::new, |script| format!("<script>{script}</script>\n"));
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<style>{STYLE}{style}</style>\n</head>\n<body>\n{body}{script}</body>\n</html>\n"
    )
}

/// The source expression that allows an element with exactly this text.
fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}
