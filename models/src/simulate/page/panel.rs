//! One of the pictures over time: its heading, its legend, its values and its axes.

use logon_sim::render::markup;

use super::axis::Scale;
use super::frame::{Frame, ShadeKind};
use super::shape::view_box;

/// How many columns a sentence of a picture may take.
const COLUMNS: usize = 600;

/// A picture over time.
pub(super) struct Panel {
    /// Names it within the page.
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    /// What it shows, in a phrase.
    pub(super) phrase: String,
    pub(super) scale: Scale,
    /// What is drawn, the undermost first.
    pub(super) drawn: Vec<Drawn>,
    /// A line across, and the value at which it is.
    pub(super) across: Option<(&'static str, u64)>,
    /// What is said of each piece to who points at it.
    pub(super) tips: Vec<String>,
    /// What it comes to, in a sentence, for who cannot see it.
    pub(super) said: String,
}

/// A line or an area.
pub(super) struct Drawn {
    /// What it shows, as it is written in the legend.
    pub(super) name: &'static str,
    /// How it looks.
    pub(super) class: &'static str,
    pub(super) path: String,
}

impl Panel {
    /// The picture, as rows of the grid of all of them; above the values of the first of them it is written what fell.
    pub(super) fn html(&self, frame: &Frame, is_first: bool) -> String {
        let Panel {
            id, title, phrase, ..
        } = self;
        format!(
            "<div class=\"heading\">\n<h2 id=\"{id}\">{title}</h2>\n<p>{}</p>\n{}</div>\n{}{}{}{}",
            markup(phrase, COLUMNS),
            self.legend(frame),
            is_first.then(|| banner(frame)).unwrap_or_default(),
            self.values(),
            self.plot(frame),
            times(frame)
        )
    }

    fn legend(&self, frame: &Frame) -> String {
        let drawn = self.drawn.iter().filter(|drawn| !drawn.path.is_empty());
        let drawn = drawn.map(|drawn| match drawn.class.starts_with("area") {
            true => item(&block(drawn.class), drawn.name),
            false => item(&line(drawn.class), drawn.name),
        });
        let across = self.across.iter();
        let across = across.map(|(name, _)| item(&line("across"), name));
        let mark = frame.mark.iter().map(|_| item(&line("fell"), "fell"));
        let shaded = |kind: &ShadeKind| frame.shades.iter().any(|shade| shade.kind == *kind);
        let shades = ShadeKind::ALL.into_iter().filter(shaded);
        let shades = shades.map(|kind| item(&block(&shade_class(kind)), kind.name()));
        let items: Vec<String> = drawn.chain(across).chain(mark).chain(shades).collect();
        match items.is_empty() {
            true => String::new(),
            false => format!("<ul class=\"legend\">\n{}\n</ul>\n", items.join("\n")),
        }
    }

    /// The numbers at the left.
    fn values(&self) -> String {
        let labels = self.scale.ticks().map(|tick| {
            format!(
                "<text x=\"100%\" y=\"{}\" dx=\"-8\" dy=\"0.35em\" text-anchor=\"end\">{}</text>\n",
                tenths(self.scale.depth(tick)),
                self.scale.label(tick)
            )
        });
        let labels: String = labels.collect();
        format!("<svg class=\"values\" aria-hidden=\"true\">\n{labels}</svg>\n")
    }

    fn plot(&self, frame: &Frame) -> String {
        let across = self.scale.ticks().map(|tick| {
            let y = tenths(self.scale.depth(tick));
            format!("<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"{y}\" y2=\"{y}\"/>\n")
        });
        let down = frame.ticks().into_iter().map(|(tick, _)| {
            let x = frame.place(tick);
            format!("<line class=\"grid\" x1=\"{x}\" x2=\"{x}\" y1=\"0\" y2=\"100%\"/>\n")
        });
        let shades = frame.shades.iter().map(|shade| {
            let (from, until) = (shade.from, shade.until);
            let width = frame.place(until - from);
            format!(
                "<rect class=\"{}\" x=\"{}\" y=\"0\" width=\"{width}\" height=\"100%\"/>\n",
                shade_class(shade.kind),
                frame.place(from)
            )
        });
        let drawn = self.drawn.iter().filter(|drawn| !drawn.path.is_empty());
        let drawn =
            drawn.map(|drawn| format!("<path class=\"{}\" d=\"{}\"/>\n", drawn.class, drawn.path));
        let limit = self.across.iter().map(|(_, value)| {
            let y = tenths(self.scale.depth(*value));
            format!("<line class=\"across\" x1=\"0\" x2=\"100%\" y1=\"{y}\" y2=\"{y}\"/>\n")
        });
        let mark = frame.mark.iter().map(|(at, _)| {
            let x = frame.place(*at);
            format!("<line class=\"fell\" data-at=\"{at}\" x1=\"{x}\" x2=\"{x}\" y1=\"0\" y2=\"100%\"/>\n")
        });
        let tips = self.tips.iter().enumerate().map(|(piece, tip)| {
            format!("<rect class=\"tip\" x=\"{piece}\" width=\"1\" height=\"1000\"><title>{tip}</title></rect>\n")
        });
        let wide = format!("{} preserveAspectRatio=\"none\"", view_box(frame.count));
        format!(
            "<svg class=\"plot\" role=\"img\" aria-labelledby=\"{} {}-said\" data-end=\"{}\">\n<desc id=\"{}-said\">{}</desc>\n\
             {}{}{}<svg {wide}>\n{}</svg>\n{}{}<svg {wide}>\n{}</svg>\n</svg>\n",
            self.id,
            self.id,
            frame.end(),
            self.id,
            markup(&self.said, COLUMNS),
            shades.collect::<String>(),
            across.collect::<String>(),
            down.collect::<String>(),
            drawn.collect::<String>(),
            limit.collect::<String>(),
            mark.collect::<String>(),
            tips.collect::<String>()
        )
    }
}

/// The times below a picture. Where there is little room every second one is left out.
fn times(frame: &Frame) -> String {
    let labels = frame
        .ticks()
        .into_iter()
        .enumerate()
        .map(|(nth, (tick, label))| {
            let class = match nth % 2 {
                0 => "",
                _ => " class=\"between\"",
            };
            format!(
                "<text{class} x=\"{}\" y=\"14\" text-anchor=\"{}\">{label}</text>\n",
                frame.place(tick),
                frame.anchor(tick)
            )
        });
    let labels: String = labels.collect();
    format!("<svg class=\"times\" aria-hidden=\"true\">\n{labels}</svg>\n")
}

/// What is written where a property fell.
fn banner(frame: &Frame) -> String {
    let Some((at, label)) = &frame.mark else {
        return String::new();
    };
    let anchor = match *at < frame.end() / 2 {
        true => "start",
        false => "end",
    };
    format!(
        "<svg class=\"banner\" aria-hidden=\"true\">\n<text x=\"{}\" y=\"14\" text-anchor=\"{anchor}\">{}</text>\n</svg>\n",
        frame.place(*at),
        markup(label, COLUMNS)
    )
}

fn shade_class(kind: ShadeKind) -> String {
    format!("shade {}", kind.class())
}

/// Thousandths as percent.
fn tenths(thousandths: u64) -> String {
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}

fn item(sample: &str, name: &str) -> String {
    format!(
        "<li><svg class=\"sample\" width=\"26\" height=\"14\" viewBox=\"0 0 26 14\" aria-hidden=\"true\">{sample}</svg> {name}</li>"
    )
}

fn line(class: &str) -> String {
    format!("<path class=\"{class}\" d=\"M1 7H25\"/>")
}

fn block(class: &str) -> String {
    format!("<rect class=\"{class}\" x=\"1\" y=\"1\" width=\"24\" height=\"12\"/>")
}
