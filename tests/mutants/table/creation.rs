//! A creation ends, well or not.

use super::{Place, harmless, noticed, place};

const FILE: &str = "server/creation.rs";

/// The places.
pub(super) const PLACES: &[Place] = &[
    place(
        FILE,
        "publish",
        "self.finish_loading(claim); self.announce(claim);",
        &[
            noticed(
                "publish: not loaded",
                "self.announce(claim);",
                "S1",
                "a logon is refused for a reason that does not hold: dropped, session not \
                 ready",
            ),
            noticed(
                "publish: the console is put on the idle list",
                "self.finish_loading(claim); self.announce(claim); \
                 self.idle.push_back(Claim { session: crate::ids::CONSOLE, \
                 generation: Generation(0) });",
                "S4",
                "a session is on the idle list that there is not",
            ),
            noticed(
                "publish: not announced",
                "self.finish_loading(claim);",
                "L4",
                "nobody will ever deal with a session",
            ),
            noticed(
                "publish: not announced while the server shuts down",
                "self.finish_loading(claim); if !self.closing { self.announce(claim); }",
                "L4",
                "nobody will ever deal with a session",
            ),
            noticed(
                "publish: not while logons are disabled",
                "if self.logons_enabled { self.finish_loading(claim); \
                 self.announce(claim); }",
                "L4",
                "nobody will ever deal with a session",
            ),
            harmless(
                "publish: announced before it is loaded",
                "self.announce(claim); self.finish_loading(claim);",
                "Both happen in one section, so nobody comes between.",
            ),
            noticed(
                "publish: announced twice",
                "self.finish_loading(claim); self.announce(claim); self.announce(claim);",
                "S4",
                "an idle session is not on the idle list, or another session is, or one \
                 is twice",
            ),
            noticed(
                "publish: thrown away",
                "self.finish_loading(claim); self.transition(claim, SessionState::Down); \
                 self.delete_now(claim);",
                "L1",
                "sections that might follow each other for ever",
            ),
        ],
    ),
    place(
        FILE,
        "finish_loading",
        "session.loaded = true;",
        &[noticed(
            "finish loading: told and not noted",
            "",
            "S5",
            "what is told of a session is not what is on record",
        )],
    ),
    place(
        FILE,
        "finish_loading",
        "self.tell(Fact::Loaded { claim });",
        &[noticed(
            "finish loading: nobody is told",
            "",
            "S5",
            "what is told of a session is not what is on record",
        )],
    ),
    place(
        FILE,
        "announce",
        "self.transition(claim, SessionState::Idle);",
        &[
            noticed(
                "announce: not declared idle",
                "",
                "L4",
                "nobody will ever deal with a session",
            ),
            noticed(
                "announce: declared connecting",
                "self.transition(claim, SessionState::ConnectQuery);",
                "L4",
                "nobody will ever deal with a session",
            ),
        ],
    ),
    place(
        FILE,
        "announce",
        "self.queue.pop_front()",
        &[
            noticed(
                "announce: to the pool in spite of the line",
                "None",
                "L2",
                "no longer true: nobody is in line while a session is idle",
            ),
            noticed(
                "announce: the place in line stays",
                "self.queue.front().copied()",
                "S4",
                "a logon that waits has no place in line, or one that does not wait has \
                 one",
            ),
            noticed(
                "announce: to the second in line",
                "{ let first = self.queue.pop_front(); self.queue.pop_front().or(first) }",
                "S4",
                "a logon that waits has no place in line, or one that does not wait has \
                 one",
            ),
        ],
    ),
    place(
        FILE,
        "announce",
        "self.assign(claim, oldest)",
        &[
            noticed(
                "announce: to the line and to the pool",
                "{ self.assign(claim, oldest); self.idle.push_back(claim); }",
                "S4",
                "an idle session is not on the idle list, or another session is, or one \
                 is twice",
            ),
            noticed(
                "announce: a place in line is lost",
                "self.idle.push_back(claim)",
                "S4",
                "a logon that waits has no place in line, or one that does not wait has \
                 one",
            ),
            noticed(
                "announce: passed on as if it were connecting",
                "self.pass_on(claim, oldest)",
                "S3",
                "an idle session has a holder, a user or a name",
            ),
        ],
    ),
    place(
        FILE,
        "announce",
        "self.idle.push_back(claim)",
        &[
            noticed(
                "announce: not on the idle list",
                "{}",
                "S4",
                "an idle session is not on the idle list, or another session is, or one \
                 is twice",
            ),
            noticed(
                "announce: not on the idle list while the server shuts down",
                "if !self.closing { self.idle.push_back(claim); }",
                "S4",
                "an idle session is not on the idle list, or another session is, or one \
                 is twice",
            ),
            noticed(
                "announce: on the idle list twice",
                "{ self.idle.push_back(claim); self.idle.push_back(claim); }",
                "S4",
                "an idle session is not on the idle list, or another session is, or one \
                 is twice",
            ),
        ],
    ),
    place(
        FILE,
        "fail_creation",
        "self.transition(claim, SessionState::Down);",
        &[
            noticed(
                "fail creation: a setting is changed",
                "self.settings.creation_workers = 0.into();
                 self.transition(claim, SessionState::Down);",
                "S13",
                "a section changes what the server keeps besides its records",
            ),
            noticed(
                "fail creation: the console is changed",
                "if let Some(console) = self.sessions.get_mut(&crate::ids::CONSOLE) {
                     console.loaded = false;
                 }
                 self.transition(claim, SessionState::Down);",
                "S13",
                "a section changes what the server keeps besides its records",
            ),
            noticed(
                "fail creation: the maximum is forgotten",
                "let in_use = self.ledger.in_use();
                 self.ledger = crate::ledger::Ledger::new(None);
                 self.ledger.set_in_use(in_use);
                 self.transition(claim, SessionState::Down);",
                "S13",
                "a section changes what the server keeps besides its records",
            ),
            noticed(
                "fail creation: the session is not down",
                "",
                "L4",
                "nobody will ever deal with a session",
            ),
            noticed(
                "fail creation: the session is idle",
                "self.transition(claim, SessionState::Idle);",
                "S4",
                "an idle session is not on the idle list, or another session is, or one \
                 is twice",
            ),
        ],
    ),
    place(
        FILE,
        "fail_creation",
        "self.queue.pop_front()",
        &[
            harmless(
                "fail creation: nobody is refused",
                "None",
                "Whoever waits goes on waiting, and another session is begun for it.",
            ),
            harmless(
                "fail creation: the place in line stays",
                "self.queue.front().copied()",
                "Refusing takes it back with everything else.",
            ),
        ],
    ),
    place(
        FILE,
        "fail_creation",
        "self.refuse_in_line(oldest, Refusal::CreationFailed);",
        &[
            noticed(
                "fail creation: two in line are refused",
                "self.refuse_in_line(oldest, Refusal::CreationFailed);
                 if let Some(next) = self.queue.pop_front() {
                     self.refuse_in_line(next, Refusal::CreationFailed);
                 }",
                "S1",
                "a logon is refused for a reason that does not hold: the session could not be created",
            ),
            noticed(
                "fail creation: the answer is not kept for who sleeps",
                "self.refuse(oldest, Refusal::CreationFailed);",
                "S9",
                "what connect returns is not what became of the logon",
            ),
            noticed(
                "fail creation: refused for another reason",
                "self.refuse_in_line(oldest, Refusal::SessionReset);",
                "S1",
                "a logon is refused for a reason that does not hold: the session was \
                 reset",
            ),
            noticed(
                "fail creation: dropped",
                "self.refuse_in_line(oldest, \
                 Refusal::Dropped(crate::refusal::DropReason::NotReady));",
                "S1",
                "a logon is refused for a reason that does not hold: dropped, session not \
                 ready",
            ),
            noticed(
                "fail creation: out of the line and not refused",
                "",
                "S4",
                "a logon that waits has no place in line, or one that does not wait has \
                 one",
            ),
            noticed(
                "fail creation: back to the end of the line",
                "self.enqueue(oldest);",
                "S11",
                "a logon that waits in line goes to its end once more",
            ),
        ],
    ),
    place(
        FILE,
        "clear_down",
        "session.state == SessionState::Down",
        &[
            harmless(
                "clear down: the state is not asked",
                "true",
                "It is called when the session has gone down in the same section.",
            ),
            noticed(
                "clear down: never",
                "false",
                "L4",
                "nobody will ever deal with a session",
            ),
        ],
    ),
    place(
        FILE,
        "clear_down",
        "self.delete_now(claim);",
        &[
            noticed(
                "clear down: nothing happens",
                "",
                "L4",
                "nobody will ever deal with a session",
            ),
            noticed(
                "clear down: reset and left",
                "self.transition(claim, SessionState::Reset);",
                "L4",
                "nobody will ever deal with a session",
            ),
        ],
    ),
];
