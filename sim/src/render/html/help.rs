//! The end of a page: what its words mean.

use super::super::help::{HELP, LINES, Word};
use super::escaped;

/// What all words mean, as a section. The names of lines can be led to.
pub(super) fn section() -> String {
    let mut out =
        String::from("<section id=\"help\">\n<h2>What the words mean</h2>\n<div class=\"help\">\n");
    for group in HELP {
        out.push_str(&format!("<div><h3>{}</h3>\n<dl>\n", group.title));
        for Word { name, meaning } in group.words {
            let id = match is_line(name) {
                true => format!(" id=\"help-{name}\""),
                false => String::new(),
            };
            out.push_str(&format!(
                "<div{id}><dt>{}</dt><dd>{}</dd></div>\n",
                escaped(name),
                escaped(meaning)
            ));
        }
        out.push_str("</dl>\n</div>\n");
    }
    out.push_str("</div>\n</section>\n");
    out
}

/// The name of a line, which leads to what it means.
pub(super) fn term(name: &str) -> String {
    match is_line(name) {
        true => format!("<a href=\"#help-{name}\">{name}</a>"),
        false => escaped(name),
    }
}

fn is_line(name: &str) -> bool {
    LINES.iter().any(|line| line.name == name)
}
