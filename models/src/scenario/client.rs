//! Whether one client makes sense: its script and its user.

use super::actor::{ActorName, Client, Password, UserName};
use super::check::Check;
use super::document::ClientDocument;
use super::error::{ErrorKind, ScenarioError, quoted};
use super::script::{ClientOperation, Standing};

impl Check<'_> {
    /// The client that a table means, under the name that it was given.
    pub(super) fn client(
        &self,
        written: &ClientDocument,
        name: ActorName,
    ) -> Result<Client, ScenarioError> {
        let password = written
            .password
            .as_ref()
            .map_or(Password::Right, |p| *p.as_ref());
        let script = self.client_script(written, &name)?;
        let user = match &written.user {
            Some(user) => UserName::new(&user.as_ref().0).ok_or_else(|| self.bad_name(user))?,
            None => UserName::new(name.as_str())
                .expect("actors and users are named by the same rule: the check is at fault"),
        };
        Ok(Client {
            name,
            user,
            script,
            license: written.license.as_ref().map(|reply| *reply.as_ref()),
            password,
            hang_up: written.hang_up.as_ref().map(|phase| *phase.as_ref()),
        })
    }

    fn client_script(
        &self,
        written: &ClientDocument,
        name: &ActorName,
    ) -> Result<Vec<ClientOperation>, ScenarioError> {
        let Some(script) = &written.script else {
            return Ok(vec![ClientOperation::Connect]);
        };
        self.script_length(script.as_ref().len(), script.span())?;
        let mut standing = Standing::Away;
        let mut operations = Vec::new();
        for (position, operation) in script.as_ref().iter().enumerate() {
            let word = operation.as_ref();
            for &expanded in word.expanded() {
                standing = standing.after(expanded).ok_or_else(|| {
                    self.source.error(
                        ErrorKind::ImpossibleScript,
                        operation.span(),
                        format!(
                            "the client {} cannot do operation {} of its script, \"{}\", when \
                             {}; expected {}{}",
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
                        ),
                    )
                })?;
                operations.push(expanded);
            }
        }
        Ok(operations)
    }
}
