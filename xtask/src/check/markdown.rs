//! Code in Markdown files.

use std::path::PathBuf;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use super::{Context, walk};

/// A Markdown file.
pub(super) struct Markdown {
    /// Its path, relative to the workspace root.
    pub(super) path: PathBuf,
    pub(super) text: String,
    /// Code in running text.
    pub(super) spans: Vec<Located>,
    /// Lines of shell blocks.
    pub(super) commands: Vec<Located>,
}

/// Code with its line, starting at 1.
pub(super) struct Located {
    pub(super) line: usize,
    pub(super) code: String,
}

/// Returns all Markdown files of the workspace.
pub(super) fn documents(context: &Context) -> Result<Vec<Markdown>, String> {
    let files = walk::files(&context.root)?.into_iter();
    files
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .map(|path| {
            let text = std::fs::read_to_string(context.root.join(&path))
                .map_err(|error| format!("failed to read {}: {error}", path.display()))?;
            Ok(Markdown::parse(path, text))
        })
        .collect()
}

impl Markdown {
    pub(super) fn parse(path: PathBuf, text: String) -> Self {
        let (mut spans, mut commands) = (Vec::new(), Vec::new());
        let mut is_shell = false;
        for (event, range) in Parser::new(&text).into_offset_iter() {
            let line = text[..range.start].matches('\n').count() + 1;
            match event {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(kind))) => {
                    is_shell = &*kind == "sh";
                }
                Event::End(TagEnd::CodeBlock) => is_shell = false,
                Event::Text(inside) if is_shell => {
                    let lines = inside.lines().enumerate();
                    commands.extend(lines.map(|(index, code)| Located {
                        line: line + index,
                        code: code.to_owned(),
                    }));
                }
                Event::Code(inside) => spans.push(Located {
                    line,
                    code: inside.into_string(),
                }),
                _ => {}
            }
        }
        Self {
            path,
            text,
            spans,
            commands,
        }
    }
}
