//! Traces as pages, and in an index.

use logon_core::Variant;
use logon_models::render::{
    Entry, PageOptions, SourceBase, html, html_index, html_with, markdown_index, perfetto,
};
use logon_models::trace::{
    Basis, Explanation, Move, Near, NearStep, Order, OtherStep, Point, Reach, Reduction, Rule,
    Trace,
};
use proptest::prelude::*;
use serde_json::Value;

use crate::render_traces::{hostile, samples};

const FILE: &str = "two-claimants-3f9c.json";

/// What was worked out about [`samples::check_then_act`], with one number and one step that are not there.
pub(crate) fn explained() -> Trace {
    let order = |first, then| Order {
        first,
        then: Some(then),
        other: None,
    };
    let absent = Order {
        first: 2,
        then: None,
        other: Some(other("worker 1", "publish")),
    };
    let step = |actor: &str, label: &str, kept| NearStep {
        actor: actor.to_owned(),
        label: label.to_owned(),
        object: "server".to_owned(),
        kept,
        chosen: None,
        asleep: false,
        read: None,
        written: None,
        summary: Vec::new(),
    };
    let explanation = Explanation {
        why: "alice is refused: bob takes session 3 (step 4) after alice saw it (step 2)"
            .to_owned(),
        conflict: vec![2, 4, 5, 99],
        pairs: vec![(2, 4), (4, 5)],
        basis: Basis {
            exhausted: true,
            states: Some(12),
            failing: Some("4".to_owned()),
            passing: Some("2".to_owned()),
        },
        rule: Some(Rule {
            reach: Reach::Exactly,
            orders: vec![order(2, 4), order(4, 5), absent],
            sentence: "fails exactly when 2 before 4, 4 before 5".to_owned(),
        }),
        point: Some(Point {
            step: 4,
            sentence: "step 4: from here every continuation fails".to_owned(),
        }),
        near: Some(Near {
            moves: vec![Move {
                step: 3,
                after: Some(5),
                before: None,
                instead: None,
            }],
            sentence: "passes if bob's look (step 3) moves after step 5".to_owned(),
            steps: vec![
                step("alice", "look at the idle list", Some(2)),
                step("alice", "take session", Some(5)),
                step("bob", "look at the idle list", None),
                step("bob", "leave", None),
            ],
        }),
        smallest: "1 preemption, 5 steps, the smallest of the 4 failing executions".to_owned(),
        reduction: Some(Reduction {
            taken: vec!["carol".to_owned()],
            searches: 2,
            sampled: 0,
            given_up: None,
        }),
        limits: Vec::new(),
        stale: Vec::new(),
    };
    Trace {
        explanation: Some(explanation),
        ..samples::check_then_act()
    }
}

#[test]
fn a_page_has_the_lines_the_picture_and_the_passing_neighbour() {
    let page = html(&explained(), FILE);
    for part in [
        "<dt><a href=\"#help-rule\">rule</a></dt><dd>fails exactly when 2 before 4, 4 before 5</dd>",
        "<a href=\"#help-point\">point</a></dt>",
        "<a href=\"#help-near\">near</a></dt>",
        "<a href=\"#help-min\">min</a></dt>",
        "<a href=\"#help-less\">less</a></dt><dd>without carol; nothing more can be taken away (2 searches, each exhaustive)</dd>",
        "logon-check replay two-claimants-3f9c.json",
        "does not happen",
        "<td class=\"where\"><bdi>core/<wbr>src/<wbr>",
        "from the point on: every continuation fails",
        "<a href=\"#s3\">3</a> moved",
        "<tr class=\"new\">",
        "<tr class=\"passes\">",
        "every property holds",
    ] {
        assert!(page.contains(part), "without {part}");
    }
    let count = |what: &str| page.matches(what).count();
    // Two of the three orders of the rule are those of the conflict.
    assert_eq!(count("<path class=\"edge rule\" marker-end"), 1);
    assert_eq!(count("<path class=\"edge conflict\" marker-end"), 2);
    assert_eq!(count("<path class=\"edge wake\" marker-end"), 1);
}

#[test]
fn a_page_lets_nothing_run_but_its_own_script() {
    let page = html(&explained(), FILE);
    let policy = "default-src 'none'; script-src 'sha256-";
    assert_eq!(page.matches(policy).count(), 1);
    assert!(!page.contains("unsafe"), "nothing unsafe is allowed");
    for loads in [" src=", "@import", "url(http", "<link", "style=\""] {
        assert!(!page.contains(loads), "{loads}");
    }
}

#[test]
fn a_page_leads_to_the_source_and_to_the_index_where_it_was_told_of_them() {
    let mut trace = explained();
    trace.steps[0].location = "/elsewhere/a.rs:7".to_owned();
    trace.steps[1].location = "core/src/a\"<b>.rs:8".to_owned();
    let base = SourceBase::parse("https://example.org/o/r/blob/0a1b?").expect_err("a query");
    assert!(base.contains('?'), "{base}");
    let base = SourceBase::parse("https://example.org/o/r/blob/it's/").expect_err("a quote");
    assert!(base.contains("'\\''"), "{base}");
    let base = SourceBase::parse("https://example.org/o&r/blob/0a1b/").expect("an address");
    let options = PageOptions {
        file: FILE,
        index: Some("../index.html"),
        source: Some(&base),
    };
    let page = html_with(&trace, &options);
    let links = page
        .matches("href=\"https://example.org/o&amp;r/blob/0a1b/core/src/")
        .count();
    assert_eq!(links, trace.steps.len() - 1);
    assert!(page.contains("core/src/a%22%3Cb%3E.rs#L8\" rel=\"noreferrer\"><bdi>"));
    assert!(page.contains("<bdi>/<wbr>elsewhere/<wbr>a.rs:7</bdi></td>"));
    assert_eq!(page.matches("<a href=\"../index.html\">").count(), 1);
    let alone = html(&trace, FILE);
    assert!(!alone.contains("https://") && !alone.contains("index.html"));
}

#[test]
fn an_index_says_what_made_it_and_calls_deliberate_what_is_known_to_be_wrong() {
    let known = Entry::new("a", &explained());
    let mut trace = samples::deadlock();
    trace.variant = "somebody's own".to_owned();
    trace.preemptions = None;
    let own = Entry::new("b", &trace);
    let both = [html_index, markdown_index];
    for index in both {
        let text = index(&[known.clone(), known.clone()]);
        assert!(
            text.contains("logon-check runs the code that hands out sessions"),
            "{text}"
        );
        assert!(
            text.contains("All of these defects are deliberate"),
            "{text}"
        );
        let text = index(std::slice::from_ref(&own));
        assert!(!text.contains("deliberate"), "{text}");
        assert!(text.contains("not counted"), "{text}");
        let text = index(&[known.clone(), own.clone()]);
        assert!(
            text.contains("Where it says deliberate, in 1 of 2"),
            "{text}"
        );
        assert_eq!(text.matches("deliberate").count(), 2, "{text}");
    }
    let row = format!(
        "| {} | {} | {} |",
        known.steps,
        known.preemptions.expect("counted"),
        known.actors
    );
    assert!(markdown_index(&[known]).contains(&row));
}

#[test]
fn a_deadlock_shows_who_is_stuck() {
    let page = html(&samples::deadlock(), FILE);
    // Each is in the picture and in its legend; the sentence is about alice, and the worker only waits.
    for class in ["stuck", "stuck merely"] {
        let drawn = format!("<rect class=\"{class}\" x=");
        assert_eq!(page.matches(&drawn).count(), 2, "{class}");
    }
    assert!(page.contains("nobody can go on"));
}

#[test]
fn an_index_leads_to_the_pages_and_obeys_no_name() {
    let mut trace = samples::deadlock();
    trace.variant = "<b>|x".to_owned();
    let entries = [Entry::new("a b#<c>\"|", &trace)];
    let page = html_index(&entries);
    assert!(
        page.contains("href=\"a%20b%23%3Cc%3E%22%7C/trace.html\""),
        "{page}"
    );
    assert!(
        page.contains("&lt;b&gt;|x") && !page.contains("<b>"),
        "{page}"
    );
    let text = markdown_index(&entries);
    assert!(
        text.contains("[&#60;b&#62;&#124;x](a%20b%23%3Cc%3E%22%7C/trace.md)"),
        "{text}"
    );
}

/// What stands between the first `from` after `mark` and the next `to`.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = page.split_once(from).expect(from);
    rest.split_once(to).expect(to).0
}

/// The numbers in an attribute, in order.
fn numbers(page: &str, attribute: &str) -> Vec<usize> {
    let mark = format!(" {attribute}=\"");
    let values = page.split(mark.as_str()).skip(1);
    let values = values.map(|rest| rest.split('"').next().expect("a quoted value"));
    values.map(|value| value.parse().expect(value)).collect()
}

/// The elements that a page opens, in order.
fn elements(page: &str) -> Vec<&str> {
    let names = page.split('<').skip(1).map(|rest| {
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(rest.len());
        &rest[..end]
    });
    names.filter(|name| !name.is_empty()).collect()
}

/// Elements that no page has, or has only as often as said.
const RARE: [(&str, usize); 8] = [
    ("script", 2),
    ("style", 1),
    ("img", 0),
    ("iframe", 0),
    ("object", 0),
    ("link", 0),
    ("b", 5),
    ("html", 1),
];

fn check(trace: &Trace, file: &str) -> Result<(), TestCaseError> {
    let page = html(trace, file);
    prop_assert_eq!(&page, &html(&trace.clone(), file), "twice the same");
    let steers = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    prop_assert!(!page.contains(steers));
    let all: Vec<usize> = (1..=trace.steps.len()).collect();
    for attribute in ["data-step", "data-row", "data-node"] {
        prop_assert_eq!(&numbers(&page, attribute), &all, "{}", attribute);
    }
    let embedded = between(
        &page,
        "<script type=\"application/json\" id=\"trace\">",
        "</script>",
    );
    prop_assert!(
        embedded
            .chars()
            .all(|c| c == '\n' || (' '..='~').contains(&c))
    );
    prop_assert!(!embedded.contains(['<', '>', '&']));
    // As it stands: whether it contradicts itself is not the page's question.
    let back: Trace =
        serde_json::from_str(embedded).map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert_eq!(&back, trace);
    // The scripts are over by now; what is left has no markup of theirs.
    let elements = elements(&page);
    for (name, most) in RARE {
        let count = elements.iter().filter(|element| **element == name).count();
        prop_assert!(count <= most, "{} times <{}>", count, name);
    }
    let events: Value = serde_json::from_str(&perfetto(trace)).expect("JSON");
    let slices = events["traceEvents"].as_array().expect("a list").iter();
    let slices = slices.filter(|event| event["cat"] == "step").count();
    prop_assert_eq!(slices, trace.steps.len());
    let entries = [Entry::new(file, trace)];
    let is_known = Variant::named(&trace.variant).is_some_and(Variant::is_defect);
    prop_assert!(!html_index(&entries).contains(steers));
    prop_assert_eq!(
        markdown_index(&entries).lines().count(),
        9 + 2 * usize::from(is_known)
    );
    Ok(())
}

proptest! {
    #![proptest_config(hostile::config(192))]

    #[test]
    fn whatever_is_in_a_trace_the_page_is_whole_and_harmless(
        trace in hostile::trace(), file in hostile::string()
    ) {
        check(&trace, &file)?;
    }

    #[test]
    fn whatever_was_worked_out_the_page_is_whole_and_harmless(
        words in prop::collection::vec(hostile::string(), 12), numbers in prop::collection::vec(1_usize..6, 12)
    ) {
        check(&worked_out(&words, &numbers), FILE)?;
    }
}

/// [`explained`] with other words and numbers, which need not make sense.
fn worked_out(words: &[String], numbers: &[usize]) -> Trace {
    let mut trace = explained();
    let mut words = words.iter().cloned().cycle();
    let mut numbers = numbers.iter().copied().cycle();
    let (mut word, mut number) = (
        || words.next().expect("endless"),
        || numbers.next().expect("endless"),
    );
    let explanation = trace.explanation.as_mut().expect("explained");
    explanation.why = word();
    explanation.smallest = word();
    explanation.reduction = Some(Reduction {
        taken: vec![word(), word()],
        searches: number(),
        sampled: number(),
        given_up: Some(number()),
    });
    explanation.limits = vec![word()];
    explanation.conflict = vec![number(), number(), number()];
    explanation.pairs = vec![(number(), number()), (number(), number())];
    let rule = explanation.rule.as_mut().expect("a rule");
    rule.sentence = word();
    for order in &mut rule.orders {
        order.first = number();
        order.then = order.then.map(|_| number());
        order.other = order.other.as_ref().map(|_| other(&word(), &word()));
    }
    explanation.point = Some(Point {
        step: number(),
        sentence: word(),
    });
    let near = explanation.near.as_mut().expect("a passing neighbour");
    near.sentence = word();
    near.moves = vec![Move {
        step: number(),
        after: Some(number()),
        before: Some(number()),
        instead: None,
    }];
    for step in &mut near.steps {
        step.actor = word();
        step.label = word();
        step.kept = step.kept.map(|_| number());
    }
    trace
}

fn other(actor: &str, label: &str) -> OtherStep {
    OtherStep {
        actor: actor.to_owned(),
        label: label.to_owned(),
        object: "server".to_owned(),
        nth: 1,
    }
}
