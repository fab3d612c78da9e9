//! The parts of a state: what each is called and what it holds, from what the state prints.
//!
//! A long state on one line says little, and less of what changed in it. `{:#?}` prints fields and entries on lines of
//! their own; what is short enough together is put together again, and the rest has a part for each field or entry.
//! Whoever prints something else than `derive(Debug)` would is shown as one part.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A part of the shared state.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// What it is called.
    pub name: String,
    /// What it holds; null if it is there no longer.
    pub value: Option<String>,
}

impl Part {
    /// A part that holds something.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Part {
            name: name.into(),
            value: Some(value.into()),
        }
    }
}

/// So many columns are short enough for one part.
const SHORT: usize = 48;

/// The most characters of a value that are kept.
const LONGEST: usize = 400;

/// The most parts of one object.
const MOST: usize = 200;

/// The parts of an object called `name` that prints `text` with `{:#?}`. Where there are more than 200, the last one
/// says how many more; what a part holds is cut after 400 characters.
#[must_use]
pub fn parts_of(name: &str, text: &str) -> Vec<Part> {
    let lines: Vec<&str> = text.lines().collect();
    let mut parts = Vec::new();
    match Node::read(&lines) {
        Some(node) => node.flatten(name, &mut parts),
        None => parts.push(Part::new(name, cut(&lines.join(" ")))),
    }
    let more = parts.len().saturating_sub(MOST);
    if more > 0 {
        parts.truncate(MOST);
        parts.push(Part::new(name, format!("and {more} more parts")));
    }
    parts
}

/// The parts of `after` that `before` has not, or has otherwise; and those that are there no longer.
#[must_use]
pub fn changed(before: &[Part], after: &[Part]) -> Vec<Part> {
    let was = |part: &Part| before.iter().find(|other| other.name == part.name);
    let is_new = |part: &&Part| was(part).is_none_or(|was| was.value != part.value);
    let is_gone = |part: &&Part| after.iter().all(|other| other.name != part.name);
    let gone = before.iter().filter(is_gone).map(|part| Part {
        name: part.name.clone(),
        value: None,
    });
    after.iter().filter(is_new).cloned().chain(gone).collect()
}

/// A value as it was printed.
#[derive(Debug, PartialEq)]
struct Node {
    /// The name of the field, or the key of the entry.
    key: Option<String>,
    /// All of it, if it is on one line; else what is before the fields: `Some(`.
    head: String,
    /// Its fields or entries, and what closes them.
    fields: Option<(Vec<Node>, char)>,
}

impl Node {
    /// The value on these lines; `None` if they are not what `derive(Debug)` prints.
    fn read(lines: &[&str]) -> Option<Node> {
        let (node, rest) = Self::begin(lines)?;
        rest.is_empty().then_some(node)
    }

    /// The value at the beginning, and the lines after it.
    fn begin<'a, 'b>(lines: &'a [&'b str]) -> Option<(Node, &'a [&'b str])> {
        let (first, mut rest) = lines.split_first()?;
        let indent = indent_of(first);
        let line = first.trim();
        let (mut key, head) = split_key(line.strip_suffix(',').unwrap_or(line));
        let closing = match head.chars().last() {
            Some('{') => '}',
            Some('(') => ')',
            Some('[') => ']',
            _ => {
                let head = head.to_owned();
                let fields = None;
                return Some((Node { key, head, fields }, rest));
            }
        };
        let mut head = head.to_owned();
        let mut closing = closing;
        loop {
            let mut fields = Vec::new();
            while indent_of(rest.first()?) > indent {
                let (field, after) = Self::begin(rest)?;
                fields.push(field);
                rest = after;
            }
            let (last, after) = rest.split_first()?;
            rest = after;
            let last = last.trim();
            let end = last.strip_prefix(closing)?;
            let node = Node {
                key: key.take(),
                head: head.clone(),
                fields: Some((fields, closing)),
            };
            // An entry of a map whose key takes several lines goes on behind them with its value.
            let Some(value) = end.strip_prefix(": ") else {
                return (end.is_empty() || end == ",").then_some((node, rest));
            };
            let value = value.strip_suffix(',').unwrap_or(value);
            key = Some(node.on_one_line());
            closing = match value.chars().last() {
                Some('{') => '}',
                Some('(') => ')',
                Some('[') => ']',
                _ => {
                    let head = value.to_owned();
                    let fields = None;
                    return Some((Node { key, head, fields }, rest));
                }
            };
            head = value.to_owned();
        }
    }

    /// The value without its key, as `{:?}` would print it.
    fn on_one_line(&self) -> String {
        let Some((fields, closing)) = &self.fields else {
            return self.head.clone();
        };
        let fields: Vec<String> = fields
            .iter()
            .map(|field| match &field.key {
                Some(key) => format!("{key}: {}", field.on_one_line()),
                None => field.on_one_line(),
            })
            .collect();
        let space = match (closing, self.head.len()) {
            ('}', 2..) => " ",
            _ => "",
        };
        format!("{}{space}{}{space}{closing}", self.head, fields.join(", "))
    }

    fn flatten(&self, name: &str, parts: &mut Vec<Part>) {
        let whole = self.on_one_line();
        match &self.fields {
            Some((fields, closing)) if whole.chars().count() > SHORT => {
                let is_alone = fields.len() == 1 && *closing == ')';
                for (index, field) in fields.iter().enumerate() {
                    let name = match &field.key {
                        Some(key) if is_name(key) => format!("{name}.{key}"),
                        Some(key) => format!("{name}[{key}]"),
                        None if is_alone => name.to_owned(),
                        None if *closing == ')' => format!("{name}.{index}"),
                        None => format!("{name}[{index}]"),
                    };
                    field.flatten(&name, parts);
                }
            }
            _ => parts.push(Part::new(name, cut(&whole))),
        }
    }
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn is_name(key: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    key.chars().all(is_letter) && !key.starts_with(|c: char| c.is_ascii_digit())
}

/// The key before a value, if there is one, and the value.
fn split_key(line: &str) -> (Option<String>, &str) {
    let mut is_quoted = false;
    let mut is_escaped = false;
    for (at, c) in line.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            ':' if !is_quoted && line[at..].starts_with(": ") => {
                return (Some(line[..at].to_owned()), &line[at + 2..]);
            }
            _ => {}
        }
    }
    (None, line)
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet, VecDeque};
    use std::fmt::Debug;

    use super::*;

    fn of(value: &impl Debug) -> Vec<String> {
        let parts = parts_of("it", &format!("{value:#?}"));
        let shown = |part: Part| format!("{} = {}", part.name, part.value.expect("it is there"));
        parts.into_iter().map(shown).collect()
    }

    #[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
    struct Item(u32);

    #[expect(dead_code, reason = "they are printed")]
    #[derive(Debug, Default)]
    struct Buffer {
        made: u32,
        waiting: VecDeque<u32>,
        notes: Vec<String>,
        owners: BTreeMap<(u32, u32), Option<&'static str>>,
    }

    #[test]
    fn what_is_short_is_one_part_and_prints_as_ever() {
        assert_eq!(of(&[false, true]), ["it = [false, true]"]);
        assert_eq!(of(&Some(Item(3))), ["it = Some(Item(3))"]);
        assert_eq!(
            of(&BTreeSet::from([Item(1), Item(2)])),
            ["it = {Item(1), Item(2)}"]
        );
        assert_eq!(of(&"a: b, {"), ["it = \"a: b, {\""]);
    }

    #[test]
    fn what_is_long_has_a_part_for_each_field_and_entry() {
        let buffer = Buffer {
            made: 7,
            waiting: (0..30).collect(),
            notes: vec!["x".repeat(60), "y: {".to_owned()],
            owners: BTreeMap::from([((1, 2), Some("anna"))]),
        };
        let parts = of(&buffer);
        assert_eq!(parts[0], "it.made = 7");
        assert_eq!(parts[1], "it.waiting[0] = 0");
        assert_eq!(parts[31], format!("it.notes[0] = \"{}\"", "x".repeat(60)));
        assert_eq!(parts[32], "it.notes[1] = \"y: {\"");
        assert_eq!(parts[33], "it.owners = {(1, 2): Some(\"anna\")}");
        assert_eq!(parts.len(), 34);
    }

    #[test]
    fn a_map_by_keys_of_several_lines_has_a_part_for_each_entry() {
        let owners: BTreeMap<(u32, u32), &str> = (0..4)
            .map(|number| ((number, number), "a long enough name"))
            .collect();
        assert_eq!(of(&owners)[3], "it[(3, 3)] = \"a long enough name\"");
    }

    #[test]
    fn what_prints_in_a_way_of_its_own_is_one_part() {
        struct Odd;
        impl Debug for Odd {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("odd {\nends nowhere")
            }
        }
        assert_eq!(of(&Odd), ["it = odd { ends nowhere"]);
    }

    #[test]
    fn what_changed_is_told_with_what_is_gone() {
        let before = [
            Part::new("a", "1"),
            Part::new("b", "2"),
            Part::new("c", "3"),
        ];
        let after = [
            Part::new("a", "1"),
            Part::new("b", "4"),
            Part::new("d", "5"),
        ];
        let gone = Part {
            name: "c".to_owned(),
            value: None,
        };
        let expected = [Part::new("b", "4"), Part::new("d", "5"), gone];
        assert_eq!(changed(&before, &after), expected);
    }
}
