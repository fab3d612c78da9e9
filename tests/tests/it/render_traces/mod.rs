//! The rendering of traces, and the file they are kept in. The traces are made by hand, so that
//! what a checker finds may change without a word here.

mod file;
mod forged;
mod hostile;
mod html;
mod huge;
mod markdown;
mod perfetto;
mod samples;
mod text;
mod words;

/// Compares with a snapshot in the folder `snapshots` beside this file.
macro_rules! assert_golden {
    ($name:literal, $rendering:expr) => {{
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let rendering: String = $rendering;
        settings.bind(|| insta::assert_snapshot!(concat!("render_", $name), rendering));
    }};
}
use assert_golden;
