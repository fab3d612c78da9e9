//! What the words of the page mean. The page has all of this at its end, for it may be read where nothing else is.

use logon_sim::render::markup;

/// The words of legends and tables.
pub(super) const WORDS: &[(&str, &str)] = &[
    (
        "virtual time",
        "The clock of the run. It stands still while anybody can act, and then goes on to the next event.",
    ),
    (
        "arrived",
        "Connections that were tried, also by clients that were turned away and came back.",
    ),
    ("served", "Saw the logon prompt before patience was lost."),
    (
        "timed out",
        "Lost patience before the prompt came, and hung up.",
    ),
    (
        "refused 71",
        "Refused because the maximum of connections was reached: event 71.",
    ),
    (
        "dropped 22",
        "Refused without a lawful reason: event 22. Always a defect.",
    ),
    ("refused 201", "Refused for want of a license: event 201."),
    (
        "refused otherwise",
        "Refused for another reason: a wrong password, logons disabled, a failed creation, a reset.",
    ),
    (
        "logged on",
        "Users whose password was right, after their prompt.",
    ),
    (
        "at once",
        "The most there was at one moment of the whole run.",
    ),
    (
        "50 %",
        "Half of those who saw their prompt had waited at most so long.",
    ),
    (
        "95 %",
        "95 of 100 of those who saw their prompt had waited at most so long.",
    ),
    (
        "99 %",
        "99 of 100 of those who saw their prompt had waited at most so long.",
    ),
    (
        "patience",
        "How long a client waits for its prompt before it hangs up. Where the scenario says that clocks are wrong, it is that of a client whose clock is right.",
    ),
    (
        "in line",
        "Logons that were let in, and wait until a session is ready.",
    ),
    ("under creation", "Sessions that are being set up."),
    (
        "clients",
        "Clients that are there in any way, from their first attempt until they are gone.",
    ),
    (
        "connected",
        "Logons that the server has let in and that have not left: they count against the maximum of connections.",
    ),
    (
        "fell",
        "Where a property fell first, which must hold always. Later ones are not marked.",
    ),
    (
        "slow disk",
        "When the scenario slows down the set-up of sessions.",
    ),
    ("logons disabled", "When an administrator lets nobody in."),
    ("from", "When a piece of the run begins."),
    (
        "digest",
        "A number made of all that the server told and when. The same command gives the same one on any machine.",
    ),
    (
        "seed",
        "The number from which everything is drawn that is left to chance.",
    ),
];

/// The words as a section.
pub(super) fn section() -> String {
    let words = WORDS.iter().map(|(name, meaning)| {
        format!(
            "<div><dt>{}</dt><dd>{}</dd></div>\n",
            markup(name, 40),
            markup(meaning, 400)
        )
    });
    format!(
        "<section id=\"help\">\n<h2>What the words mean</h2>\n<div class=\"help\">\n<dl>\n{}</dl>\n</div>\n</section>\n",
        words.collect::<String>()
    )
}
