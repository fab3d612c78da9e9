//! A scenario written back as a document: only what differs from the defaults.

use toml::Spanned;

use super::actor::{Administrator, AdministratorOperation, Client, Password};
use super::administration::WrittenAdministration;
use super::document::{
    AdministratorDocument, ClientDocument, CutterDocument, Document, ServerDocument, TimerDocument,
};
use super::script::{ClientOperation, WrittenOperation};
use super::time::Span;
use super::value::{Flag, Text, Whole, WrittenLimit};
use super::{LimitRelation, Scenario, ServerSettings};

/// The document that means this scenario.
pub(super) fn document(scenario: &Scenario) -> Document {
    let named = |name: &str| unplaced(Text(name.to_owned()));
    Document {
        name: named(&scenario.name),
        summary: named(&scenario.summary),
        source: named(&scenario.source),
        reaches: scenario.reaches.iter().copied().map(unplaced).collect(),
        server: server(scenario),
        time: scenario.time.map(super::time::document),
        slow_disks: scenario
            .slow_disks
            .iter()
            .map(super::slow_disk::document)
            .collect(),
        arrivals: scenario
            .arrivals
            .iter()
            .map(super::arrivals::document)
            .collect(),
        at_scale: scenario
            .at_scale
            .iter()
            .map(super::arrivals::document)
            .collect(),
        faults: super::faults::document(&scenario.faults),
        clients: clients(scenario),
        administrators: scenario.administrators.iter().map(administrator).collect(),
        cutters: scenario
            .cutters
            .iter()
            .map(|cutter| {
                unplaced(CutterDocument {
                    name: Some(named(cutter.name.as_str())),
                    cuts: named(cutter.cuts.as_str()),
                    at: cutter.at.map(time),
                })
            })
            .collect(),
        timers: scenario
            .timers
            .iter()
            .map(|timer| {
                unplaced(TimerDocument {
                    name: Some(named(timer.name.as_str())),
                    expires: named(timer.expires.as_str()),
                })
            })
            .collect(),
    }
}

/// A value that stands in no text.
pub(super) fn unplaced<T>(value: T) -> Spanned<T> {
    Spanned::new(0..0, value)
}

fn time(time: u64) -> Spanned<Text> {
    unplaced(Text(Span(time).to_string()))
}

fn unless<T: PartialEq>(value: T, default: &T) -> Option<T> {
    (value != *default).then_some(value)
}

fn server(scenario: &Scenario) -> ServerDocument {
    let defaults = ServerSettings::default();
    let settings = &scenario.server;
    let number = |number: u32| unplaced(Whole(number.into()));
    let limit = settings
        .max_connections
        .map(|number| match scenario.scaling.limit {
            LimitRelation::Independent => WrittenLimit::Number(number.into()),
            LimitRelation::Clients => WrittenLimit::Clients,
            LimitRelation::ClientsExceptOne => WrittenLimit::ClientsExceptOne,
        });
    ServerDocument {
        idle_pool: unless(settings.idle_pool, &defaults.idle_pool).map(number),
        max_connections: limit.map(unplaced),
        creation_workers: unless(settings.creation_workers, &defaults.creation_workers).map(number),
        reuse_ids: unless(settings.reuse_ids, &defaults.reuse_ids).map(|f| unplaced(Flag(f))),
        on_broken_line: unless(settings.on_broken_line, &defaults.on_broken_line).map(unplaced),
        failing_creations: settings
            .failing_creations
            .iter()
            .copied()
            .map(number)
            .collect(),
        stalling_creations: settings
            .stalling_creations
            .iter()
            .copied()
            .map(number)
            .collect(),
        logons_enabled: unless(settings.logons_enabled, &defaults.logons_enabled)
            .map(|f| unplaced(Flag(f))),
        spurious_wakes: unless(settings.spurious_wakes, &defaults.spurious_wakes).map(number),
    }
}

/// One table per client, except that the members of the group share one.
fn clients(scenario: &Scenario) -> Vec<Spanned<ClientDocument>> {
    let group = scenario.scaling.group;
    let mut tables = Vec::new();
    for (index, member) in scenario.clients.iter().enumerate() {
        match group {
            Some(group) if group.first == index => {
                tables.push(unplaced(ClientDocument {
                    name: None,
                    count: Some(unplaced(Whole(group.count as i128))),
                    ..client(member)
                }));
            }
            Some(group) if group.first < index && index - group.first < group.count => {}
            _ => tables.push(unplaced(client(member))),
        }
    }
    tables
}

fn client(client: &Client) -> ClientDocument {
    let text = |text: &str| unplaced(Text(text.to_owned()));
    let times = &client.times;
    let own_user = client.user.as_str() == client.name.as_str();
    let script = (client.script != [ClientOperation::Connect]).then(|| {
        let operations = client.script.iter().copied();
        unplaced(
            operations
                .map(|operation| unplaced(WrittenOperation::from(operation)))
                .collect(),
        )
    });
    ClientDocument {
        name: Some(text(client.name.as_str())),
        count: None,
        user: (!own_user).then(|| text(client.user.as_str())),
        script,
        license: client.license.map(unplaced),
        password: unless(client.password, &Password::default()).map(unplaced),
        hang_up: client.hang_up.map(unplaced),
        arrives: unless(times.arrives, &0).map(time),
        think: unless(times.think, &0).map(time),
        stays: unless(times.stays, &0).map(time),
        patience: times.patience.map(time),
        license_after: unless(times.license_after, &0).map(time),
    }
}

fn administrator(administrator: &Administrator) -> Spanned<AdministratorDocument> {
    let script = administrator.script.iter().map(|operation| {
        unplaced(match operation {
            AdministratorOperation::Reset(target) => {
                WrittenAdministration::Reset(unplaced(Text(target.as_str().to_owned())))
            }
            AdministratorOperation::DisableLogons => WrittenAdministration::DisableLogons,
            AdministratorOperation::EnableLogons => WrittenAdministration::EnableLogons,
        })
    });
    unplaced(AdministratorDocument {
        name: Some(unplaced(Text(administrator.name.as_str().to_owned()))),
        at: super::dates::document(&administrator.at),
        script: unplaced(script.collect()),
    })
}
