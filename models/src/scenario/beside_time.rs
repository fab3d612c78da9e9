//! What makes no sense beside `[time]`: who would act at any moment, and what nobody takes.

use toml::Spanned;

use super::check::Check;
use super::error::ErrorKind;
use super::timed_document::TimeDocument;

impl Check<'_> {
    /// Time passes when nobody else can act, so whoever may act at any moment would act at the first.
    pub(super) fn nobody_acts_at_any_moment(&self) {
        let document = self.document;
        let administrators = document.administrators.iter();
        let cutters = document.cutters.iter();
        let untimed = [
            (
                "an administrator",
                administrators
                    .clone()
                    .find(|one| one.as_ref().at.is_none())
                    .map(Spanned::span),
            ),
            (
                "a cutter",
                cutters
                    .clone()
                    .find(|one| one.as_ref().at.is_none())
                    .map(Spanned::span),
            ),
        ];
        for (part, span) in untimed {
            if let Some(span) = span {
                let message = format!(
                    "{part} without a time acts at any moment, and with [time] it would act at the first; expected at, \
                     such as at = \"5min\""
                );
                self.wrong(ErrorKind::Contradiction, span, message);
            }
        }
        if let Some(timer) = document.timers.first() {
            let message = "a timer acts at any moment, and with [time] it would act at the first; expected \
                           disconnect-time-out in [time], which is for every session, and no [[timer]]";
            self.wrong(ErrorKind::Contradiction, timer.span(), message.to_owned());
        }
        let wakes = document.server.spurious_wakes.as_ref();
        if let Some(wakes) = wakes.filter(|wakes| wakes.as_ref().0 != 0) {
            self.wrong(
                ErrorKind::Contradiction,
                wakes.span(),
                "spurious-wakes come at any moment, and with [time] they would come at the first; expected none beside \
                 [time]"
                    .to_owned(),
            );
        }
        let drawn = "reset-every or disable-logons in [faults]";
        for administrator in administrators {
            self.expect_no_arrivals(drawn, "[[administrator]]", administrator.span());
        }
        for cutter in cutters {
            self.expect_no_arrivals("break in [faults]", "[[cutter]]", cutter.span());
        }
    }

    /// Refuses what is said of clients that are drawn where none are, and names what to use instead.
    pub(super) fn somebody_is_drawn(&self, written: &TimeDocument) {
        if !self.document.arrivals.is_empty() {
            return;
        }
        let of_clients = "of a [[client]]";
        for (key, written, instead) in [
            ("think", &written.think, format!("think {of_clients}")),
            ("session", &written.session, format!("stays {of_clients}")),
            (
                "license",
                &written.license,
                format!("license-after {of_clients}"),
            ),
            (
                "keep-alive",
                &written.keep_alive,
                format!("a longer stays {of_clients} that hangs up"),
            ),
            (
                "back-off",
                &written.back_off,
                "another [[client]] of the same user".to_owned(),
            ),
        ] {
            if let Some(written) = written {
                let message = format!(
                    "{key} is for clients that are drawn, and here none are; expected [[arrivals]], or {instead}"
                );
                self.wrong(ErrorKind::NeverActs, written.span(), message);
            }
        }
    }
}
