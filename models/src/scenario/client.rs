//! Whether one client makes sense: its script and its user.

use super::actor::{ActorName, Client, ClientTimes, Password, UserName};
use super::check::Check;
use super::document::ClientDocument;
use super::error::{ErrorKind, quoted};
use super::script::{ClientOperation, Standing};
use super::value::Text;
use toml::Spanned;

impl Check<'_> {
    /// The client that a table means, under the name that it was given.
    pub(super) fn client(&self, written: &ClientDocument, name: ActorName) -> Client {
        let password = written
            .password
            .as_ref()
            .map_or(Password::Right, |p| *p.as_ref());
        let script = self.client_script(written, &name);
        let user = written.user.as_ref().and_then(|user| {
            let lawful = UserName::new(&user.as_ref().0);
            if lawful.is_none() {
                self.bad_name(user);
            }
            lawful
        });
        let user = user.unwrap_or_else(|| {
            UserName::new(name.as_str())
                .expect("actors and users are named by the same rule: the check is at fault")
        });
        Client {
            name,
            user,
            script,
            license: written.license.as_ref().map(|reply| *reply.as_ref()),
            password,
            hang_up: written.hang_up.as_ref().map(|phase| *phase.as_ref()),
            times: self.client_times(written),
        }
    }

    /// When the client does what it does.
    fn client_times(&self, written: &ClientDocument) -> ClientTimes {
        let time = |key, written: &Option<Spanned<Text>>| {
            let written = written.as_ref()?;
            if self.document.time.is_none() {
                self.needs_time(key, written.span());
            }
            Some(self.time_of(key, written, 1))
        };
        ClientTimes {
            arrives: time("arrives", &written.arrives).unwrap_or(0),
            think: time("think", &written.think).unwrap_or(0),
            stays: time("stays", &written.stays).unwrap_or(0),
            patience: time("patience", &written.patience),
            license_after: time("license-after", &written.license_after).unwrap_or(0),
        }
    }

    /// The operations up to the first that cannot happen.
    fn client_script(&self, written: &ClientDocument, name: &ActorName) -> Vec<ClientOperation> {
        let Some(script) = &written.script else {
            return vec![ClientOperation::Connect];
        };
        self.script_length(script.as_ref().len(), script.span());
        let mut standing = Standing::Away;
        let mut operations = Vec::new();
        for (position, operation) in script.as_ref().iter().enumerate() {
            let word = operation.as_ref();
            for &expanded in word.expanded() {
                let Some(after) = standing.after(expanded) else {
                    let message = format!(
                        "the client {} cannot do operation {} of its script, \"{}\", when {}; \
                         expected {}{}",
                        quoted(name.as_str()),
                        position + 1,
                        word.word(),
                        standing.described(),
                        standing.may_follow(),
                        if position == 0 {
                            ""
                        } else {
                            ", or the end of the script"
                        }
                    );
                    self.wrong(ErrorKind::ImpossibleScript, operation.span(), message);
                    return operations;
                };
                standing = after;
                operations.push(expanded);
            }
        }
        operations
    }
}
