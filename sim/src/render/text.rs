//! A trace as text, for a terminal, a log or the message of a failing test.

use super::again::Again;
use super::grid::{Grid, Row};
use super::plain::{Charset, clean, cut, fair_share, width, wrap};
use super::story::{Event, Story};
use super::vocabulary::Vocabulary;
use crate::trace::Trace;

/// No line of [`text`] takes more columns than this.
pub const COLUMNS: usize = 100;

/// More actors than this do not get a column each.
const MOST_LANES: usize = 4;

/// The lines above the rows of a table.
const HEAD_LINES: usize = 2;

/// As many lines of rows are taken in at a glance.
const MOST_ROWS: usize = 20;

/// How many lines a sentence may take.
const SENTENCE_LINES: usize = 6;

/// How [`text`] is written.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct TextOptions<'a> {
    /// Whether to use printable ASCII only.
    pub ascii: bool,
    /// Whether to color marks for a terminal. Color adds nothing that is not also said by a symbol.
    pub color: bool,
    /// The file that holds the trace, for the line that tells how to replay it; without one, no
    /// such line.
    pub file: Option<&'a str>,
    /// The page that shows it, for a line that names it.
    pub page: Option<&'a str>,
}

/// The trace as text: what happened to whom, the steps with time downward and a column for each
/// actor, and how to run it again.
///
/// A line takes at most [`COLUMNS`] columns, whatever the names in the trace.
pub fn text(trace: &Trace, words: &dyn Vocabulary, options: &TextOptions<'_>) -> String {
    let page = Page::of(trace, words, options);
    let mut blocks = vec![page.head()];
    blocks.extend(page.table());
    let again = options
        .file
        .map(|file| Again::of(trace, words, file, page.charset));
    blocks.push(page.foot(again.as_ref(), options.page));
    let blocks: Vec<String> = blocks.iter().map(|block| lines(block)).collect();
    blocks.join("\n")
}

/// The table of [`text`] alone; `None` where there is no step.
pub fn table(trace: &Trace, words: &dyn Vocabulary, options: &TextOptions<'_>) -> Option<String> {
    Page::of(trace, words, options)
        .table()
        .map(|table| lines(&table))
}

fn lines(block: &[String]) -> String {
    block.iter().map(|line| format!("{line}\n")).collect()
}

/// A text under way.
struct Page {
    story: Story,
    charset: Charset,
    color: bool,
}

impl Page {
    fn of(trace: &Trace, words: &dyn Vocabulary, options: &TextOptions<'_>) -> Page {
        let charset = if options.ascii {
            Charset::Ascii
        } else {
            Charset::Unicode
        };
        Page {
            story: Story::of(trace, words, charset),
            charset,
            color: options.color,
        }
    }

    fn head(&self) -> Vec<String> {
        let story = &self.story;
        let mut names = vec![story.variant.as_str(), story.scenario.as_str()];
        names.extend(story.property.as_deref());
        let wishes: Vec<usize> = names.iter().map(|name| width(name)).collect();
        let most = fair_share(&wishes, COLUMNS - width("FAIL    variant    scenario "));
        let short = |name: &str| cut(name, most, self.charset);
        let verdict = match &story.property {
            Some(property) => format!("{} {}", self.painted("FAIL", Paint::Red), short(property)),
            None => self.painted("PASS", Paint::Green),
        };
        let (variant, scenario) = (short(&story.variant), short(&story.scenario));
        let mut lines = vec![format!(
            "{verdict}   variant {variant}   scenario {scenario}"
        )];
        lines.extend(story.numbers.clone());
        lines.push(String::new());
        for (index, sentence) in story.sentences.iter().enumerate() {
            let name = match (&story.property, index) {
                (Some(_), 0) => "why",
                (Some(_), _) => "also",
                (None, _) => "",
            };
            lines.extend(self.labeled(name, sentence));
        }
        lines
    }

    fn table(&self) -> Option<Vec<String>> {
        if self.story.events.is_empty() {
            return None;
        }
        let lanes = (self.story.acting <= MOST_LANES).then(|| self.lanes());
        let lanes = lanes.and_then(|grid| grid.lines(COLUMNS, self.charset));
        let list = || {
            let list = self.list().lines(COLUMNS, self.charset);
            list.expect("three columns leave room enough")
        };
        let lines = match lanes {
            // A column for each actor shows more, but not if it takes a second look.
            Some(lanes) if lanes.len() > HEAD_LINES + MOST_ROWS => {
                let list = list();
                if list.len() < lanes.len() {
                    list
                } else {
                    lanes
                }
            }
            Some(lanes) => lanes,
            None => list(),
        };
        let whole = |line: super::grid::Line| {
            let paint = match line.margin.contains('!') {
                true => Some(Paint::Red),
                false => line.margin.contains('*').then_some(Paint::Yellow),
            };
            let margin = match paint {
                Some(paint) => self.painted(&line.margin, paint),
                None => line.margin,
            };
            format!("{margin}{}", line.rest)
        };
        Some(lines.into_iter().map(whole).collect())
    }

    /// A column for each actor.
    fn lanes(&self) -> Grid {
        let story = &self.story;
        let mut heads = story.actors[..story.acting].to_vec();
        heads.push("what changed".to_owned());
        let row = |event: &Event| {
            let mut cells = vec![Vec::new(); story.acting];
            cells[event.actor].push(event.action.clone());
            cells.push(event.changes.clone());
            Row {
                margin: self.margin(event),
                cells,
            }
        };
        let mut rows: Vec<Row> = story.events.iter().map(row).collect();
        if let Some(ending) = &story.ending {
            let mut cells = vec![Vec::new(); story.acting];
            for &actor in story.waiting.iter().filter(|&&actor| actor < story.acting) {
                cells[actor] = vec!["waits".to_owned()];
            }
            cells.push(vec![ending.clone()]);
            rows.push(Row {
                margin: self.rest_margin(),
                cells,
            });
        }
        self.with_times(Grid { heads, rows })
    }

    /// A row for each step, for when the actors are too many for columns.
    fn list(&self) -> Grid {
        let story = &self.story;
        let heads = ["actor", "does", "what changed"]
            .map(str::to_owned)
            .to_vec();
        let row = |event: &Event| {
            let actor = story.actors[event.actor].clone();
            let cells = vec![
                vec![actor],
                vec![event.action.clone()],
                vec![event.changes.join("; ")],
            ];
            Row {
                margin: self.margin(event),
                cells,
            }
        };
        let mut rows: Vec<Row> = story.events.iter().map(row).collect();
        if let Some(ending) = &story.ending {
            let cells = vec![Vec::new(), Vec::new(), vec![ending.clone()]];
            rows.push(Row {
                margin: self.rest_margin(),
                cells,
            });
        }
        self.with_times(Grid { heads, rows })
    }

    /// The table with a first column for the times of the steps, if they have any.
    fn with_times(&self, mut table: Grid) -> Grid {
        if self.story.is_timed() {
            table.heads.insert(0, "time".to_owned());
            let times = self.story.events.iter().map(|event| event.time.clone());
            let times = times.chain(std::iter::repeat(None));
            for (row, time) in table.rows.iter_mut().zip(times) {
                row.cells.insert(0, time.into_iter().collect());
            }
        }
        table
    }

    fn margin(&self, event: &Event) -> String {
        format!("{}{}", event.mark(), event.number)
    }

    /// The mark of coming to rest or of going on for ever, which is not a step, stands where the marks of steps do.
    fn rest_margin(&self) -> String {
        format!("!{}", " ".repeat(self.story.events.len().to_string().len()))
    }

    fn foot(&self, again: Option<&Again>, page: Option<&str>) -> Vec<String> {
        let mut lines = Vec::new();
        for (name, words) in &self.story.lines {
            lines.extend(self.labeled(name, words));
        }
        let legend = self.story.legend();
        if !legend.is_empty() {
            lines.extend(self.labeled("mark", &legend.join("; ")));
        }
        for wait in &self.story.waits {
            lines.extend(self.labeled("wait", wait));
        }
        if let Some(memory) = &self.story.memory {
            lines.extend(self.labeled(self.story.memory_label, memory));
        }
        if let Some(page) = page {
            lines.extend(self.labeled("page", &clean(page, self.charset)));
        }
        match again {
            Some(Again::Command(command, file)) => lines.extend(self.command(command, file)),
            Some(Again::Elsewhere(words)) => lines.extend(self.labeled("replay", words)),
            None => {}
        }
        lines
    }

    fn labeled(&self, label: &str, words: &str) -> Vec<String> {
        let lines = wrap(words, COLUMNS - 8, SENTENCE_LINES, self.charset);
        let labels = [label].into_iter().chain(std::iter::repeat(""));
        lines
            .iter()
            .zip(labels)
            .map(|(line, label)| {
                // What keeps a line from being a command may make it too long.
                let line = cut(&no_command(line), COLUMNS - 8, self.charset);
                format!("{label:<8}{line}")
            })
            .collect()
    }

    /// The command; on two lines if it is too long for one, so that it can still be copied.
    fn command(&self, command: &str, file: &str) -> Vec<String> {
        let line = format!("replay  {command} {file}");
        if width(&line) <= COLUMNS {
            return vec![line];
        }
        vec![
            format!("replay  {command} \\"),
            cut(file, COLUMNS, self.charset),
        ]
    }

    fn painted(&self, text: &str, paint: Paint) -> String {
        let code = match paint {
            Paint::Red => "1;31",
            Paint::Yellow => "33",
            Paint::Green => "1;32",
        };
        if self.color {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// A line that no service takes for a command: those begin with two colons, after blanks.
fn no_command(line: &str) -> String {
    match line.strip_prefix("::") {
        Some(rest) => format!(": :{rest}"),
        None => line.to_owned(),
    }
}

/// The colors in use.
#[derive(Clone, Copy)]
enum Paint {
    Red,
    Yellow,
    Green,
}
