//! `render`: a recorded execution, shown.

use super::arguments::{RenderArguments, RenderFormat};
use super::{Failure, Status, print, replay};
use crate::render;

pub(super) fn run(arguments: &RenderArguments) -> Result<Status, Failure> {
    let trace = replay::read(&arguments.trace)?;
    let file = arguments.trace.display().to_string();
    let options = render::TextOptions {
        ascii: arguments.ascii,
        color: true,
        file: Some(&file),
        page: None,
    };
    print(&match arguments.format {
        RenderFormat::Text => render::text(&trace, &options),
        RenderFormat::Markdown => render::markdown(&trace, &file),
        RenderFormat::Html => {
            let source = arguments.source.as_ref();
            let options = render::PageOptions {
                file: &file,
                index: None,
                source,
            };
            render::html_with(&trace, &options)
        }
        RenderFormat::Perfetto => render::perfetto(&trace),
        RenderFormat::Json => trace.to_json(),
    })
}
