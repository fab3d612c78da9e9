//! What may come of what a client does.

use logon_models::scenario::{
    ActorName, Client, ClientOperation, HangUpPhase, LicenseReply, OnBrokenLine, Password,
    ServerSettings,
};

/// Whether this client is given a session, if creations succeed.
pub(super) fn gets_a_session(client: &Client) -> bool {
    let served = !matches!(
        client.license,
        Some(LicenseReply::Denied | LicenseReply::NeverAnswered)
    );
    let leaves = matches!(
        client.hang_up,
        Some(HangUpPhase::BeforeArrival | HangUpPhase::Admitted)
    );
    served && !leaves
}

/// Whether this client is ever logged on.
pub(super) fn authenticates(client: &Client) -> bool {
    client.logs_on() && client.hang_up != Some(HangUpPhase::AtPrompt)
}

/// Whether a session is surely deleted in some order before another is created.
pub(super) fn ids_come_again(
    server: &ServerSettings,
    clients: &[Client],
    cut: Option<&ActorName>,
) -> bool {
    let ends = |client: &&Client| {
        let hangs_up_at_prompt = client
            .script
            .windows(2)
            .any(|pair| pair == [ClientOperation::Connect, ClientOperation::HangUp]);
        gets_a_session(client)
            && (client.hang_up.is_some()
                || client.password == Password::Wrong
                || client.script.contains(&ClientOperation::LogOff)
                || hangs_up_at_prompt
                || cut == Some(&client.name))
    };
    let waiting = clients
        .iter()
        .filter(|client| gets_a_session(client))
        .count();
    clients.iter().any(|client| ends(&client)) && (server.idle_pool > 0 || waiting > 1)
}

/// Whether the line of this client may break when it is logged on.
pub(super) fn breaks_logged_on(client: &Client, cut: Option<&ActorName>) -> bool {
    let hangs_up = client
        .script
        .windows(2)
        .any(|pair| pair == [ClientOperation::LogOn, ClientOperation::HangUp]);
    authenticates(client) && (hangs_up || cut == Some(&client.name))
}

/// Whether this client may leave a disconnected session behind.
pub(super) fn may_leave_a_session(
    client: &Client,
    cut: Option<&ActorName>,
    line: OnBrokenLine,
) -> bool {
    let disconnects = client.script.contains(&ClientOperation::Disconnect);
    let broken = line == OnBrokenLine::Disconnect && breaks_logged_on(client, cut);
    authenticates(client) && (disconnects || broken)
}
