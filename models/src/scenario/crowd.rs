//! Who takes part: names are given out and groups of alike clients are expanded.

use std::collections::BTreeSet;

use toml::Spanned;

use super::ClientGroup;
use super::actor::{ActorName, Client, LONGEST_NAME, UserName};
use super::check::{Check, GROUP};
use super::error::{ErrorKind, quoted};
use super::value::Text;

/// How many clients a scenario may have, groups expanded.
pub(super) const CLIENTS: usize = 64;

/// The names of a group's members, as far as they go; then follow `client-17` and so on.
const NAMES: [&str; 16] = [
    "alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy", "kim",
    "leo", "mallory", "nina", "oscar", "peggy",
];

/// The clients, and the names of all others in the order of the document.
pub(super) struct Crowd {
    pub(super) clients: Vec<Client>,
    pub(super) group: Option<ClientGroup>,
    pub(super) administrators: Vec<ActorName>,
    pub(super) cutters: Vec<ActorName>,
    pub(super) timers: Vec<ActorName>,
    /// Whether these are all who are meant, under the names that are meant.
    pub(super) is_whole: bool,
}

impl Crowd {
    /// The client of that name.
    pub(super) fn client(&self, name: &str) -> Option<&Client> {
        self.clients
            .iter()
            .find(|client| client.name.as_str() == name)
    }

    /// The user of that name, if a client has it.
    pub(super) fn user(&self, name: &str) -> Option<&UserName> {
        self.clients
            .iter()
            .map(|client| &client.user)
            .find(|user| user.as_str() == name)
    }
}

/// Whether a creation worker has this name, in this scenario or one with more workers.
fn is_of_a_worker(name: &str) -> bool {
    let number = name.strip_prefix("worker");
    number.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

impl Check<'_> {
    /// Expands the groups and names everybody. Explicit names are taken before groups choose
    /// theirs, so that the order of the tables does not matter.
    pub(super) fn crowd(&self) -> Crowd {
        let document = self.document;
        let mut taken = BTreeSet::new();
        for client in &document.clients {
            if let Some(name) = &client.as_ref().name {
                self.take(&mut taken, name);
            }
        }
        let administrators = document
            .administrators
            .iter()
            .map(|a| (a.span(), &a.as_ref().name));
        let cutters = document
            .cutters
            .iter()
            .map(|c| (c.span(), &c.as_ref().name));
        let timers = document.timers.iter().map(|t| (t.span(), &t.as_ref().name));
        let administrators = self.names(&mut taken, "admin", administrators);
        let cutters = self.names(&mut taken, "cutter", cutters);
        let timers = self.names(&mut taken, "timer", timers);
        let (clients, group, is_whole) = self.clients(&mut taken);
        Crowd {
            clients,
            group,
            administrators,
            cutters,
            timers,
            is_whole: is_whole && !self.spoiled.has_clients(),
        }
    }

    fn names<'d>(
        &self,
        taken: &mut BTreeSet<String>,
        default: &str,
        actors: impl Iterator<Item = (std::ops::Range<usize>, &'d Option<Spanned<Text>>)>,
    ) -> Vec<ActorName> {
        let mut names = Vec::new();
        for (position, (span, written)) in actors.enumerate() {
            names.push(match written {
                Some(name) => self.take(taken, name),
                None if position == 0 => {
                    self.take(taken, &Spanned::new(span, Text(default.to_owned())))
                }
                None => {
                    let name = format!("{default}-{}", position + 1);
                    self.take(taken, &Spanned::new(span, Text(name)))
                }
            });
        }
        names
    }

    fn take(&self, taken: &mut BTreeSet<String>, written: &Spanned<Text>) -> ActorName {
        let text = &written.as_ref().0;
        let name = self.lawful(written);
        if is_of_a_worker(text) {
            self.wrong(
                ErrorKind::DuplicateName,
                written.span(),
                format!(
                    "{} is the name of a creation worker; expected another name for this actor",
                    quoted(text)
                ),
            );
        } else if name.as_str() == text && !taken.insert(text.clone()) {
            self.wrong(
                ErrorKind::DuplicateName,
                written.span(),
                format!(
                    "two actors are named {}; expected another name for this one",
                    quoted(text)
                ),
            );
        }
        name
    }

    /// The name that was written, or another one if it is unlawful.
    fn lawful(&self, written: &Spanned<Text>) -> ActorName {
        ActorName::new(&written.as_ref().0).unwrap_or_else(|| {
            self.bad_name(written);
            ActorName::new("unnamed").expect("letters may name an actor")
        })
    }

    pub(super) fn bad_name(&self, written: &Spanned<Text>) {
        self.wrong(
            ErrorKind::BadName,
            written.span(),
            format!(
                "{} cannot be a name; expected 1 to {LONGEST_NAME} letters, digits, \"-\", \"_\" \
                 or \".\"",
                quoted(&written.as_ref().0)
            ),
        );
    }

    /// The clients, their one group, and whether these are all who are meant.
    fn clients(&self, taken: &mut BTreeSet<String>) -> (Vec<Client>, Option<ClientGroup>, bool) {
        let mut clients = Vec::new();
        let mut groups = Vec::new();
        let mut is_whole = true;
        for written in &self.document.clients {
            let first = clients.len();
            let document = written.as_ref();
            match (&document.name, &document.count) {
                (Some(name), None) => {
                    let name = ActorName::new(&name.as_ref().0);
                    is_whole &= name.is_some();
                    clients.extend(name.map(|name| self.client(document, name)));
                }
                (None, Some(count)) => {
                    let written = count.as_ref().0;
                    let count = self.number("count", written, count.span(), GROUP);
                    is_whole &= i128::from(count) == written;
                    for _ in 0..count {
                        clients.push(self.client(document, next_name(taken)));
                    }
                    groups.push(ClientGroup {
                        first,
                        count: count as usize,
                    });
                }
                (Some(_), Some(count)) => {
                    is_whole = false;
                    self.wrong(
                        ErrorKind::Contradiction,
                        count.span(),
                        "a client has both name and count; expected name for one client or \
                         count for a group"
                            .to_owned(),
                    );
                }
                (None, None) => {
                    is_whole = false;
                    self.wrong(
                        ErrorKind::MissingKey,
                        written.span(),
                        "a client has neither name nor count; expected name = \"…\" for one \
                         client or count = … for a group"
                            .to_owned(),
                    );
                }
            }
            if clients.len() > CLIENTS {
                self.length("clients", clients.len(), 1..=CLIENTS, written.span());
                is_whole = false;
                break;
            }
        }
        let are_drawn = !self.document.arrivals.is_empty();
        if self.document.clients.is_empty() && !are_drawn && !self.spoiled.has_clients() {
            is_whole = false;
            self.wrong(
                ErrorKind::MissingKey,
                0..0,
                "nobody connects; expected at least one [[client]] table, or [[arrivals]]"
                    .to_owned(),
            );
        }
        let group = if groups.len() == 1 {
            groups.pop()
        } else {
            None
        };
        (clients, group, is_whole)
    }
}

/// The next name that nobody has.
fn next_name(taken: &mut BTreeSet<String>) -> ActorName {
    let numbered = (NAMES.len() + 1..).map(|number| format!("client-{number}"));
    let mut names = NAMES.into_iter().map(str::to_owned).chain(numbered);
    let name = names
        .find(|name| !taken.contains(name))
        .expect("the numbered names never end");
    taken.insert(name.clone());
    ActorName::new(&name).expect("a group's names are lawful: the check is at fault")
}
