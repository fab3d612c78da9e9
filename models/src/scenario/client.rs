//! Whether one client makes sense: its script and its user.

use super::actor::{ActorName, Client, Password, UserName};
use super::check::Check;
use super::document::ClientDocument;
use super::error::{ErrorKind, quoted};
use super::script::{ClientOperation, Standing};

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
