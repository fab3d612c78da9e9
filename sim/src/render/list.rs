//! What an index lists besides counterexamples.

use super::html::{address, escaped};
use super::markdown::shown;
use super::plain::{Charset, clean, cut};

/// How many columns a cell may take.
const CELL_COLUMNS: usize = 300;

/// A list of something else that is in a folder, a folder each. What is in it may come from anywhere: it is cleaned, cut
/// and escaped.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct List {
    /// What is listed, in the plural and with a capital.
    pub title: &'static str,
    /// What that is, in one sentence.
    pub sentence: String,
    /// What stands in each column.
    pub heads: &'static [Head],
    /// What there is, in order; a list of nothing is not shown.
    pub rows: Vec<Row>,
}

/// The head of a column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Head {
    /// A word or two.
    pub name: &'static str,
    /// Whether it holds numbers.
    pub is_number: bool,
}

impl Head {
    /// A column of text.
    #[must_use]
    pub const fn text(name: &'static str) -> Self {
        Head {
            name,
            is_number: false,
        }
    }

    /// A column of numbers.
    #[must_use]
    pub const fn number(name: &'static str) -> Self {
        Head {
            name,
            is_number: true,
        }
    }
}

/// Something in a list.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Row {
    /// As many cells as there are columns; the first leads to the file.
    pub cells: Vec<String>,
    /// The name of its folder.
    pub folder: String,
    /// Which file in it the list leads to.
    pub file: &'static str,
}

impl Row {
    fn address(&self) -> String {
        format!("{}/{}", address(&self.folder), self.file)
    }
}

/// The list as a section of a page.
pub(super) fn html(list: &List) -> String {
    let heads = list.heads.iter();
    let heads = heads.map(|head| format!("<th scope=\"col\">{}</th>", head.name));
    let rows = list.rows.iter().map(|row| {
        let cells = row.cells.iter().zip(list.heads).enumerate();
        let cells = cells.map(|(column, (cell, head))| {
            let class = match head.is_number {
                true => " class=\"number\"",
                false => "",
            };
            let cell = clean(cell, Charset::Unicode);
            let cell = escaped(&cut(&cell, CELL_COLUMNS, Charset::Unicode));
            let cell = match column {
                0 => format!("<a href=\"{}\"><bdi>{cell}</bdi></a>", row.address()),
                _ => format!("<bdi>{cell}</bdi>"),
            };
            format!("<td{class} data-head=\"{}\">{cell}</td>", head.name)
        });
        format!("<tr>{}</tr>\n", cells.collect::<String>())
    });
    let title = list.title;
    let id = title.to_lowercase();
    format!(
        "<section>\n<h2 id=\"{id}\">{title}</h2>\n<p>{}</p>\n<div class=\"box\" tabindex=\"0\" role=\"region\" \
         aria-labelledby=\"{id}\">\n<table>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody>\n</table>\n</div>\n\
         </section>\n",
        escaped(&list.sentence),
        heads.collect::<String>(),
        rows.collect::<String>()
    )
}

/// The same as Markdown.
pub(super) fn markdown(list: &List) -> String {
    let cell = |text: &str| shown(&clean(text, Charset::Unicode), CELL_COLUMNS);
    let heads: Vec<&str> = list.heads.iter().map(|head| head.name).collect();
    let rules = list.heads.iter().map(|head| match head.is_number {
        true => "---:",
        false => "---",
    });
    let rules: Vec<&str> = rules.collect();
    let mut out = format!(
        "\n## {}\n\n{}\n\n| {} |\n| {} |\n",
        list.title,
        cell(&list.sentence),
        heads.join(" | "),
        rules.join(" | ")
    );
    for row in &list.rows {
        let cells = row
            .cells
            .iter()
            .enumerate()
            .map(|(column, text)| match column {
                0 => format!("[{}]({})", cell(text), row.address()),
                _ => cell(text),
            });
        out.push_str(&format!(
            "| {} |\n",
            cells.collect::<Vec<String>>().join(" | ")
        ));
    }
    out
}
