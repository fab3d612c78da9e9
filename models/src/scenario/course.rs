//! How far each client of a scenario can come, in any order of events.
//!
//! The fixed algorithm serves whoever may be served, and every order of events is tried. So what stops a client is
//! written in the scenario: where it leaves by itself, what it is refused, and where its script ends.

use super::actor::{Client, HangUpPhase, LicenseReply, Password};
use super::broken_line::OnBrokenLine;
use super::script::ClientOperation;
use super::{AdministratorOperation, Scenario};

/// How far a connection has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// The server has not seen it.
    Away,
    /// It has arrived, and has no permit.
    Arrived,
    /// It has a permit.
    Admitted,
    /// The license service is asked.
    Licensing,
    /// It is due for a session.
    InLine,
    /// It has a session that it has not seen.
    Claimed,
    /// It sees the prompt.
    AtPrompt,
    /// Its user is being authenticated.
    Authenticating,
    /// It is logged on.
    LoggedOn,
}

/// Where and why a script can go on no more.
#[derive(Clone, Copy, Debug)]
struct Stop {
    /// The operation that does not succeed, by its index.
    operation: usize,
    phase: Phase,
    why: &'static str,
}

/// How far one client can come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Course {
    stop: Option<Stop>,
    logs_on: bool,
}

impl Course {
    /// The furthest phase of any of its connections.
    pub(super) fn furthest(&self) -> Phase {
        match self.stop {
            Some(stop) => stop.phase,
            None if self.logs_on => Phase::LoggedOn,
            None => Phase::AtPrompt,
        }
    }

    /// Why it comes no further than that, as a clause whose subject is the client.
    pub(super) fn why(&self) -> &'static str {
        match self.stop {
            Some(stop) => stop.why,
            None if self.logs_on => "its script ends",
            None => "it never logs on",
        }
    }

    /// How many operations of the script begin.
    pub(super) fn length(&self, client: &Client) -> usize {
        let length = client.script.len();
        self.stop
            .map_or(length, |stop| length.min(stop.operation + 1))
    }
}

/// How far each client of `scenario` can come, in the order of the clients.
pub(super) fn courses(scenario: &Scenario) -> Vec<Course> {
    let admits = admits(scenario);
    let mut courses: Vec<Course> = scenario
        .clients
        .iter()
        .map(|client| Course {
            stop: stop(client, admits),
            logs_on: client.script.contains(&ClientOperation::LogOn),
        })
        .collect();
    starve(scenario, &mut courses);
    courses
}

/// Whether logons are enabled at any moment.
fn admits(scenario: &Scenario) -> bool {
    let mut administrators = scenario.administrators.iter();
    scenario.server.logons_enabled
        || administrators.any(|administrator| {
            administrator
                .script
                .contains(&AdministratorOperation::EnableLogons)
        })
}

/// What stops a client that gets every session it asks for.
fn stop(client: &Client, admits: bool) -> Option<Stop> {
    let at = |operation, phase, why| {
        Some(Stop {
            operation,
            phase,
            why,
        })
    };
    let leaves = |phase| client.hang_up == Some(phase);
    if leaves(HangUpPhase::BeforeArrival) {
        return at(
            0,
            Phase::Away,
            "it leaves before it arrives (hang-up = \"before-arrival\")",
        );
    }
    if !admits {
        return at(
            0,
            Phase::Arrived,
            "logons are disabled and nobody enables them (logons-enabled = false)",
        );
    }
    if leaves(HangUpPhase::Admitted) {
        return at(
            0,
            Phase::Admitted,
            "it leaves as soon as it is admitted (hang-up = \"admitted\")",
        );
    }
    match client.license {
        Some(LicenseReply::Denied) => {
            return at(
                0,
                Phase::Licensing,
                "it is denied a license (license = \"denied\")",
            );
        }
        Some(LicenseReply::NeverAnswered) => {
            return at(
                0,
                Phase::Licensing,
                "its license is never answered (license = \"never-answered\")",
            );
        }
        Some(LicenseReply::Granted) | None => {}
    }
    if leaves(HangUpPhase::Claimed) {
        return at(
            0,
            Phase::Claimed,
            "it leaves before it sees its session (hang-up = \"claimed\")",
        );
    }
    if leaves(HangUpPhase::AtPrompt) && first_connection_logs_on(client) {
        return at(
            1,
            Phase::AtPrompt,
            "it leaves at the prompt (hang-up = \"at-prompt\")",
        );
    }
    if client.password == Password::Wrong {
        let log_on = client
            .script
            .iter()
            .position(|operation| *operation == ClientOperation::LogOn)?;
        return at(
            log_on,
            Phase::Authenticating,
            "its password is wrong (password = \"wrong\")",
        );
    }
    None
}

/// Whether the first connection of a client's script comes to a log-on.
pub(super) fn first_connection_logs_on(client: &Client) -> bool {
    client.script.get(1) == Some(&ClientOperation::LogOn)
}

/// Stops those who wait for creations that fail. With a pool the worker tries again before anybody waits. Without one
/// every creation is begun for somebody in line, and a failure costs one of them its logon: so the first failures in
/// a row use up as many clients, and a client alone loses the connection whose creation fails.
fn starve(scenario: &Scenario, courses: &mut [Course]) {
    const WHY: &str = "the creation of its session fails (failing-creations, with idle-pool = 0)";
    let failing = &scenario.server.failing_creations;
    if scenario.server.idle_pool > 0 || failing.is_empty() {
        return;
    }
    let waiting = |course: &Course| course.furthest() >= Phase::InLine;
    let waiters: Vec<usize> = (0..courses.len())
        .filter(|&index| waiting(&courses[index]))
        .collect();
    if let [only] = waiters[..] {
        let length = courses[only].length(&scenario.clients[only]);
        let connections = connections(&scenario.clients[only].script[..length]);
        let failed = (1..)
            .zip(connections)
            .find(|(number, _)| failing.contains(number));
        if let Some((number, operation)) = failed {
            courses[only].stop = Some(Stop {
                operation,
                // What earlier connections reached counts.
                phase: if number == 1 {
                    Phase::InLine
                } else {
                    earlier(&scenario.clients[only].script[..operation])
                },
                why: WHY,
            });
        }
        return;
    }
    let in_a_row = (1..).take_while(|number| failing.contains(number)).count();
    if in_a_row >= waiters.len() {
        for index in waiters {
            courses[index].stop = Some(Stop {
                operation: 0,
                phase: Phase::InLine,
                why: WHY,
            });
        }
    }
}

/// The furthest phase of connections that went as their script says.
fn earlier(script: &[ClientOperation]) -> Phase {
    if script.contains(&ClientOperation::LogOn) {
        Phase::LoggedOn
    } else {
        Phase::AtPrompt
    }
}

/// Where the connections of a script begin.
fn connections(script: &[ClientOperation]) -> impl Iterator<Item = usize> {
    let operations = script.iter().enumerate();
    operations
        .filter(|(_, operation)| **operation == ClientOperation::Connect)
        .map(|(place, _)| place)
}

/// One connection that comes as far as waiting for a session, and what may become of it.
pub(super) struct Connection {
    /// Whose it is, by the index of the client.
    pub(super) client: usize,
    /// Which of that client's it is, from 0.
    pub(super) number: usize,
    /// What the client does on it, as far as it comes.
    pub(super) operations: Vec<ClientOperation>,
    /// The furthest phase.
    pub(super) furthest: Phase,
    /// Whether it is the one on which the client is stopped.
    pub(super) is_stopped: bool,
}

/// Every connection that comes as far as waiting for a session.
pub(super) fn waiting_connections(scenario: &Scenario, courses: &[Course]) -> Vec<Connection> {
    let mut found = Vec::new();
    for (index, (client, course)) in scenario.clients.iter().zip(courses).enumerate() {
        if course.furthest() < Phase::InLine {
            continue;
        }
        let script = &client.script[..course.length(client)];
        let starts: Vec<usize> = connections(script).collect();
        for (number, &start) in starts.iter().enumerate() {
            let end = starts.get(number + 1).copied().unwrap_or(script.len());
            let operations = script[start..end].to_vec();
            let here = start..end;
            let stopped = course.stop.filter(|stop| here.contains(&stop.operation));
            found.push(Connection {
                client: index,
                number,
                furthest: match stopped {
                    // Only a creation that fails stops a later connection before its prompt.
                    Some(stop) if stop.operation == start && number > 0 => Phase::InLine,
                    Some(stop) => stop.phase,
                    None => earlier(&operations),
                },
                is_stopped: stopped.is_some(),
                operations,
            });
        }
    }
    found
}

/// Whether a client may leave a disconnected session behind.
pub(super) fn may_leave_a_session(scenario: &Scenario, index: usize, course: &Course) -> bool {
    let client = &scenario.clients[index];
    let script = &client.script[..course.length(client)];
    let disconnects = script.contains(&ClientOperation::Disconnect);
    course.furthest() == Phase::LoggedOn
        && (disconnects
            || scenario.server.on_broken_line == OnBrokenLine::Disconnect
                && line_breaks_logged_on(scenario, index, course))
}

/// Whether the line of a client that is logged on may break.
pub(super) fn line_breaks_logged_on(scenario: &Scenario, index: usize, course: &Course) -> bool {
    let client = &scenario.clients[index];
    let script = &client.script[..course.length(client)];
    let leaves = [ClientOperation::LogOn, ClientOperation::HangUp];
    course.furthest() == Phase::LoggedOn
        && (is_cut(scenario, client) || script.windows(2).any(|pair| pair == leaves))
}

/// Whether somebody cuts the line of `client`.
pub(super) fn is_cut(scenario: &Scenario, client: &Client) -> bool {
    let mut cutters = scenario.cutters.iter();
    cutters.any(|cutter| cutter.cuts == client.name)
}
