//! The file: head, header, footer and data around the sections.

use crate::html::{Html, Trusted, html};
use crate::tiles::Glossary;

const STYLE: &str = include_str!("style.css");

/// What a page has besides its sections.
pub(crate) struct Page<'a> {
    pub(crate) title: &'a str,
    /// `video`, `live stream`, `video · from totals`.
    pub(crate) kind: String,
    pub(crate) period: &'a str,
    /// `days and hours in UTC`.
    pub(crate) zone: String,
    /// Where the data is from, and when it was read.
    pub(crate) source: String,
    /// The lines of the footer.
    pub(crate) facts: Vec<(&'static str, Html)>,
    pub(crate) body: Html,
    pub(crate) glossary: &'a Glossary,
    pub(crate) data: String,
}

impl Page<'_> {
    pub(crate) fn render(self) -> String {
        let style = STYLE.replace('\n', "");
        let source = match self.source.as_str() {
            "" => Html::new(),
            source => html!("<p class=\"src\">{}</p>", source),
        };
        let header = html!(
            "<header><p class=\"eyebrow\">Viewing report · {}</p><h1 dir=\"auto\">{}</h1><p class=\"when\">{} <span class=\"w\">· {}</span></p>{}</header>\n",
            self.kind,
            self.title,
            self.period,
            self.zone,
            source
        );
        let facts: Html = self
            .facts
            .into_iter()
            .map(|(name, fact)| html!("<dt>{}</dt><dd>{}</dd>", name, fact))
            .collect();
        let footer = html!(
            "<footer><dl>{}<dt>Data</dt><dd>Every number of this page is in the file itself, as JSON in the element <code>report-data</code>. The page runs no script and fetches nothing.</dd></dl></footer>\n",
            facts
        );
        let page = html!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\"><meta name=\"robots\" content=\"noindex\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"><title>{}: viewing report, {}</title><style>{}</style></head><body>\n{}<main>{}{}</main>\n{}<script type=\"application/json\" id=\"report-data\">{}</script>\n</body></html>\n",
            self.title,
            self.period,
            Trusted(&style),
            header,
            self.body,
            self.glossary.render(),
            footer,
            Trusted(&self.data)
        );
        page.into_string()
    }
}
