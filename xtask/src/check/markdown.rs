//! Links, headings and code of Markdown files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// A Markdown file.
pub(super) struct Markdown {
    /// Its path, relative to the workspace root.
    pub(super) path: PathBuf,
    pub(super) text: String,
    /// The targets of links, as written.
    pub(super) links: Vec<Located<String>>,
    /// The anchors of its headings.
    pub(super) anchors: Vec<String>,
    /// Code spans.
    pub(super) spans: Vec<Located<String>>,
    /// Lines of shell blocks, with continued lines joined.
    pub(super) commands: Vec<Located<String>>,
}

/// A value with its line, starting at 1.
pub(super) struct Located<T> {
    pub(super) line: usize,
    pub(super) value: T,
}

/// Returns all Markdown files below a folder, except in hidden folders and build output.
pub(super) fn documents(root: &Path) -> Result<Vec<Markdown>, String> {
    let mut found = Vec::new();
    let mut ahead = vec![root.to_owned()];
    while let Some(folder) = ahead.pop() {
        let entries = std::fs::read_dir(&folder)
            .map_err(|error| format!("failed to list {}: {error}", folder.display()))?;
        for entry in entries.flatten() {
            let path = entry.path();
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with('.') || name == "target" {
                continue;
            }
            if path.is_dir() {
                ahead.push(path);
            } else if name.ends_with(".md") {
                let text = std::fs::read_to_string(&path)
                    .map_err(|error| format!("failed to read {}: {error}", path.display()))?;
                let below = path.strip_prefix(root).unwrap_or(&path).to_owned();
                found.push(Markdown::parse(below, text));
            }
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

impl Markdown {
    pub(super) fn parse(path: PathBuf, text: String) -> Self {
        let mut links = Vec::new();
        let mut spans = Vec::new();
        let mut commands = Vec::new();
        let mut anchors = Anchors::default();
        let mut heading: Option<String> = None;
        let mut is_shell = false;
        for (event, range) in Parser::new(&text).into_offset_iter() {
            let line = text[..range.start].matches('\n').count() + 1;
            match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    links.push(Located {
                        line,
                        value: dest_url.into_string(),
                    });
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => anchors.add(&heading.take().unwrap_or_default()),
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(kind))) => {
                    is_shell = matches!(&*kind, "sh" | "bash" | "shell" | "console");
                }
                Event::End(TagEnd::CodeBlock) => is_shell = false,
                Event::Text(inside) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&inside);
                    } else if is_shell {
                        commands.extend(joined(&inside, line));
                    }
                }
                Event::Code(inside) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&inside);
                    }
                    spans.push(Located {
                        line,
                        value: inside.into_string(),
                    });
                }
                _ => {}
            }
        }
        let anchors = anchors.found;
        Self {
            path,
            text,
            links,
            anchors,
            spans,
            commands,
        }
    }
}

/// Returns the lines of a block, joining those that end with a backslash with the next.
fn joined(block: &str, first: usize) -> Vec<Located<String>> {
    let mut lines: Vec<Located<String>> = Vec::new();
    let mut is_continued = false;
    for (index, text) in block.lines().enumerate() {
        let (text, goes_on) = match text.strip_suffix('\\') {
            Some(text) => (text, true),
            None => (text, false),
        };
        match lines.last_mut().filter(|_| is_continued) {
            Some(before) => before.value.push_str(text),
            None => lines.push(Located {
                line: first + index,
                value: text.to_owned(),
            }),
        }
        is_continued = goes_on;
    }
    lines
}

/// The anchors of headings, as code forges generate them.
#[derive(Default)]
struct Anchors {
    found: Vec<String>,
    counts: BTreeMap<String, usize>,
}

impl Anchors {
    fn add(&mut self, heading: &str) {
        let plain: String = heading
            .trim()
            .chars()
            .filter_map(|c| match c {
                ' ' | '-' => Some('-'),
                _ if c.is_alphanumeric() || c == '_' => Some(c),
                _ => None,
            })
            .flat_map(char::to_lowercase)
            .collect();
        let count = self.counts.entry(plain.clone()).or_default();
        self.found.push(match *count {
            0 => plain,
            again => format!("{plain}-{again}"),
        });
        *count += 1;
    }
}
