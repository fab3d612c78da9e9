//! What the words of a rendering mean. A page has all of this at its end, and `docs/reading.md` has the same.

/// A word, or a few that stand together, and their meaning.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Word {
    /// As it stands in a text or on a page.
    pub name: &'static str,
    /// What it means, as plain text in one line.
    pub meaning: &'static str,
}

/// Words that stand in one place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Group {
    /// Where they stand.
    pub title: &'static str,
    /// The words, each once.
    pub words: &'static [Word],
}

/// The words of all renderings for people, by where they stand.
pub const HELP: &[Group] = &[
    Group {
        title: "Lines",
        words: LINES,
    },
    Group {
        title: "Marks",
        words: MARKS,
    },
    Group {
        title: "Picture",
        words: PICTURE,
    },
    Group {
        title: "Tables",
        words: TABLES,
    },
    Group {
        title: "Other words",
        words: OTHERS,
    },
];

const fn word(name: &'static str, meaning: &'static str) -> Word {
    Word { name, meaning }
}

/// The names of the lines. On a page each leads to its meaning.
pub(super) const LINES: &[Word] = &[
    word(
        "why",
        "what happened to whom, and who did what in between. Steps are named by their numbers",
    ),
    word(
        "also",
        "the other properties that the same execution breaks at the same moment",
    ),
    word(
        "defect",
        "what is wrong with the code of this variant, where that is known because somebody put it in",
    ),
    word("broken", "what the property asks for that is broken here"),
    word(
        "rule",
        "the fewest orders of two steps that tell failing executions from passing ones, at most three",
    ),
    word(
        "point",
        "the first step after which every continuation fails",
    ),
    word(
        "near",
        "the passing execution that leaves most steps as they are, those of actors whom why does not name before all \
         others, and the step that makes the difference: whose, with which label, and where it comes or what it chooses \
         instead",
    ),
    word(
        "min",
        "the size of the execution, among how many it is the smallest, and, where it is not the shortest of them, what \
         that is for",
    ),
    word(
        "less",
        "what was taken away from the scenario in which it was found, and whether more was tried exhaustively or by a \
         sample",
    ),
    word(
        "limit",
        "a search that was given up, and after how much work",
    ),
    word(
        "size",
        "the size of an execution about which nothing was worked out, and who found it",
    ),
    word("wait", "who waits for what at the end, if nobody can go on"),
    word("memory", "what sequential consistency cannot explain"),
    word("note", "what else there is to know of the trace"),
    word("mark", "what the marks in the table mean"),
    word("page", "where the same is as a page"),
    word("replay", "how to run it again"),
];

/// The marks of steps, each with what it says.
pub(super) const MARKS: &[Word] = &[
    word(BLAMED, "one of the steps that the reason is about"),
    word(BREAKS, "until this step the property held"),
    word(
        AT_REST,
        "no step breaks the property: it is broken because this is how things stay",
    ),
    word(
        LOOP_BEGINS,
        "from this step on the same steps repeat for ever",
    ),
    word(
        LOOP_ENDS,
        "the last of the steps that repeat; after it comes the first again",
    ),
    word(
        FOR_EVER,
        "no step breaks the property: it is broken because the steps repeat for ever",
    ),
];

pub(super) const BLAMED: &str = "* a step that why names";
pub(super) const BREAKS: &str = "! breaks the property";
pub(super) const AT_REST: &str = "! nobody can go on, and the property is broken";
pub(super) const LOOP_BEGINS: &str = "( here the loop begins";
pub(super) const LOOP_ENDS: &str = ") here it ends, and goes on where it began";
pub(super) const FOR_EVER: &str = "! so for ever, and the property is broken";

/// What stands in the legend of the picture. More may follow there.
const PICTURE: &[Word] = &[
    word(
        ORDER,
        "the line of an actor from one of its steps to the next; thin where it has not begun or is done",
    ),
    word(
        ASLEEP,
        "from falling asleep until somebody wakes it: it takes no step",
    ),
    word(
        WAKES,
        "from the step that wakes to the line of the actor that is woken",
    ),
    word(
        RULE,
        "an order that the rule names and that is no conflict: from the step that comes first to the other",
    ),
    word(
        ABSENT,
        "a step that the rule names and that this execution lacks: the order also holds where it never happens",
    ),
    word(
        CONFLICT,
        "from a step to a later one with which it collides, of those that why names",
    ),
    word(IN_CONFLICT, "a step at one end of a conflict"),
    word(WAITS, "it is asleep when nobody can go on, and why says so"),
    word(
        WAITS_TOO,
        "it is asleep then as well, mostly because there is nothing to do",
    ),
    word(
        DECIDED,
        "the steps from the point on, with a hatched bar at their side: after the first of them every continuation fails",
    ),
];

pub(super) const ORDER: &str = "what one actor does, in order";
pub(super) const ASLEEP: &str = "asleep";
pub(super) const WAKES: &str = "wakes";
pub(super) const RULE: &str = "an order of the rule";
pub(super) const ABSENT: &str = "does not happen";
pub(super) const CONFLICT: &str = "a conflict";
pub(super) const IN_CONFLICT: &str = "a step in conflict";
pub(super) const WAITS: &str = "waits, as why says";
pub(super) const WAITS_TOO: &str = "waits as well";
pub(super) const DECIDED: &str = "from the point on";

/// The columns of tables, and what stands in them.
const TABLES: &[Word] = &[
    word("step", "the number of the step, with its mark"),
    word("actor", "who takes it"),
    word(
        "does",
        "its label, then what it saw, reads, writes or chooses, or that its actor falls asleep",
    ),
    word(
        "stale by",
        "the later step after which this one would have seen something else, although its actor goes on by what it saw",
    ),
    word("on", "the monitor or the word that it uses"),
    word(
        "what changed",
        "what it told, without what goes without saying, and whom it wakes",
    ),
    word("where", "the place in the source"),
    word(
        "state",
        "what is shared, part by part; a part that the step changed has a star",
    ),
    word(
        "moved",
        "near: a step of the failing execution that comes elsewhere in the passing one",
    ),
    word(
        "otherwise",
        "near: a step of the failing execution that chooses otherwise in the passing one",
    ),
    word("new", "near: a step that only the passing execution has"),
    word("steps", "how many steps the execution has"),
    word("preemptions", "how many of them are preemptions"),
    word("actors", "how many actors the scenario has"),
];

/// Words that stand in headings, in sentences and on buttons.
const OTHERS: &[Word] = &[
    word("variant", "the code that was run"),
    word("scenario", "the situation in which it was run, as data"),
    word("property", "what must hold whatever the order of steps"),
    word("FAIL", "a property is broken in this execution"),
    word("PASS", "no property is broken in it"),
    word(
        "deliberate",
        "of a variant: its defect is known and was put in, to show that it is found",
    ),
    word(
        "execution",
        "one run, from its start until nobody can go on or a property is broken",
    ),
    word(
        "continuation",
        "one of the ways in which an execution may go on",
    ),
    word(
        "preemption",
        "a change from one actor to another although the first could have gone on",
    ),
    word("failure", "where the property is broken"),
];
