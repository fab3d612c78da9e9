//! Where the parts of a scenario stand in its document.

use std::ops::Range;

use super::check::Check;
use super::document::ClientDocument;
use super::idle::Part;

impl Check<'_> {
    /// Where `part` was written; `None` if it is a default.
    pub(super) fn place(&self, part: Part) -> Option<Range<usize>> {
        let document = self.document;
        let server = &document.server;
        match part {
            Part::User(client) => Some(self.table(client)?.user.as_ref()?.span()),
            Part::License(client) => Some(self.table(client)?.license.as_ref()?.span()),
            Part::Password(client) => Some(self.table(client)?.password.as_ref()?.span()),
            Part::HangUp(client) => Some(self.table(client)?.hang_up.as_ref()?.span()),
            Part::Script(client, operation) => operation_of(self.table(client)?, operation),
            Part::Think(client) => Some(self.table(client)?.think.as_ref()?.span()),
            Part::Stays(client) => Some(self.table(client)?.stays.as_ref()?.span()),
            Part::Patience(client) => Some(self.table(client)?.patience.as_ref()?.span()),
            Part::LicenseAfter(client) => Some(self.table(client)?.license_after.as_ref()?.span()),
            Part::StallingCreation(number) => {
                let mut stalling = server.stalling_creations.iter();
                let written = stalling.find(|written| written.as_ref().0 == number.into())?;
                Some(written.span())
            }
            Part::Stall => Some(document.time.as_ref()?.as_ref().stall.as_ref()?.span()),
            Part::DisconnectTimeOut => {
                let time = document.time.as_ref()?.as_ref();
                Some(time.disconnect_time_out.as_ref()?.span())
            }
            Part::ReuseIds => Some(server.reuse_ids.as_ref()?.span()),
            Part::OnBrokenLine => Some(server.on_broken_line.as_ref()?.span()),
            Part::LogonsEnabled => Some(server.logons_enabled.as_ref()?.span()),
            Part::FailingCreation(number) => {
                let mut failing = server.failing_creations.iter();
                let written = failing.find(|written| written.as_ref().0 == number.into())?;
                Some(written.span())
            }
            Part::Administration(administrator, operation) => {
                let script = &document.administrators.get(administrator)?.as_ref().script;
                Some(script.as_ref().get(operation)?.span())
            }
            Part::Cutter(cutter) => Some(document.cutters.get(cutter)?.as_ref().cuts.span()),
            Part::Timer(timer) => Some(document.timers.get(timer)?.as_ref().expires.span()),
        }
    }

    /// The table that the client at `index` is from.
    fn table(&self, index: usize) -> Option<&ClientDocument> {
        let mut end = 0;
        let mut tables = self.document.clients.iter().map(|table| table.as_ref());
        tables.find(|table| {
            let count = table.count.as_ref().map_or(1, |count| count.as_ref().0);
            end += usize::try_from(count).unwrap_or(usize::MAX);
            index < end
        })
    }
}

/// The written operation that the operation at `index` is from.
fn operation_of(table: &ClientDocument, index: usize) -> Option<Range<usize>> {
    let mut end = 0;
    let mut written = table.script.as_ref()?.as_ref().iter();
    let written = written.find(|written| {
        end += written.as_ref().expanded().len();
        index < end
    })?;
    Some(written.span())
}
