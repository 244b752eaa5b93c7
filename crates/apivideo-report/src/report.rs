use apivideo_insights::{AssetKind, AudienceReport};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::asset::ReportAsset;
use crate::calendar::{self, Period, Zone, time_of_day};
use crate::compare::Comparison;
use crate::data::Data;
use crate::days::Days;
use crate::format::Clock;
use crate::html::{Html, html};
use crate::live;
use crate::page::Page;
use crate::summary;
use crate::tiles::Glossary;
use crate::totals::Totals;
use crate::totals_page;
use crate::video;
use crate::view::{Scope, View};

/// A viewing report: one HTML file.
///
/// The file contains its style, its charts and its data. It runs no script and makes no request. The same measures result in the
/// same bytes.
///
/// ```
/// use apivideo_insights::{Asset, Audience, Event, EventKind, SessionFacts};
/// use apivideo_report::{Report, ReportAsset, audience_options};
///
/// let mut audience = audience_options(Audience::new());
/// let session = SessionFacts {
///     asset: Some(Asset::video("vi4k0jvEUuaTdRAEjQ4Prklg")),
///     country: Some("France"),
///     ..SessionFacts::new("psEmFwGQUAXR2lFHj5nDOpy")
/// };
/// let event = |kind, time: &str, at| -> Result<Event, jiff::Error> {
///     Ok(Event { emitted_at: Some(time.parse()?), at: Some(at), ..Event::new(kind) })
/// };
/// audience.add(&session, &[
///     event(EventKind::Play, "2022-01-01T12:00:05Z", 0.0)?,
///     event(EventKind::End, "2022-01-01T12:01:05Z", 60.0)?,
/// ]);
/// let asset = ReportAsset::video("vi4k0jvEUuaTdRAEjQ4Prklg", "Knots for <beginners>");
/// let page = Report::new(asset, &audience.finish())
///     .source("Sessions and events of api.video")
///     .read_at("2022-02-01T00:00:00Z".parse()?)
///     .to_html();
/// assert!(page.contains("<h1 dir=\"auto\">Knots for &lt;beginners&gt;</h1>"));
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Report<'a> {
    subject: Subject<'a>,
    title: Option<String>,
    source: Option<String>,
    command: Option<String>,
    read_at: Option<Timestamp>,
    zone: Option<Zone>,
    comparison: Option<(String, &'a AudienceReport)>,
}

#[derive(Clone, Debug)]
enum Subject<'a> {
    Assets(Vec<(ReportAsset, &'a AudienceReport)>),
    Totals(Box<(ReportAsset, Totals)>),
}

impl<'a> Report<'a> {
    /// Creates the report of one video or live stream. The measures are those of its sessions only; see
    /// [`audience_options`](crate::audience_options).
    #[must_use]
    pub fn new(asset: ReportAsset, audience: &'a AudienceReport) -> Self {
        Self::of(Subject::Assets(vec![(asset, audience)]))
    }

    /// Creates the report of several videos and live streams: a table of all of them, then the sections of each. The period and
    /// the time zone are those of the first.
    #[must_use]
    pub fn assets(assets: impl IntoIterator<Item = (ReportAsset, &'a AudienceReport)>) -> Self {
        Self::of(Subject::Assets(assets.into_iter().collect()))
    }

    /// Creates a report of aggregates alone, for a period whose sessions are not available.
    #[must_use]
    pub fn totals(asset: ReportAsset, totals: Totals) -> Self {
        Self::of(Subject::Totals(Box::new((asset, totals))))
    }

    fn of(subject: Subject<'a>) -> Self {
        Self {
            subject,
            title: None,
            source: None,
            command: None,
            read_at: None,
            zone: None,
            comparison: None,
        }
    }

    /// Sets the title. Defaults to the title of the video or live stream, or to the number of them.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Sets where the data is from, such as `Sessions and events of api.video`.
    #[must_use]
    pub fn source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Sets the command that makes this file. It must not contain credentials.
    #[must_use]
    pub fn command(mut self, command: impl Into<String>) -> Self {
        self.command = Some(command.into());
        self
    }

    /// Sets when the data was read. Sessions of the three days before can still change, which the report says.
    #[must_use]
    pub const fn read_at(mut self, read_at: Timestamp) -> Self {
        self.read_at = Some(read_at);
        self
    }

    /// Sets the time zone of times in the text, which must be the one with which the measures were computed.
    ///
    /// Defaults to the zone that the measures name. Names of zones are known with the feature `time-zones` only; of an unknown
    /// one, times are in UTC.
    #[must_use]
    pub fn time_zone(mut self, zone: TimeZone) -> Self {
        self.zone = Some(Zone::new(zone));
        self
    }

    /// Adds a comparison with the measures of another period, or of another video or live stream. Ignored in a report of several
    /// videos or of aggregates. The label names the other side, such as `December 2021`.
    #[must_use]
    pub fn with_comparison(
        mut self,
        label: impl Into<String>,
        audience: &'a AudienceReport,
    ) -> Self {
        self.comparison = Some((label.into(), audience));
        self
    }

    /// Returns the file.
    #[must_use]
    pub fn to_html(&self) -> String {
        match &self.subject {
            Subject::Assets(assets) => self.measures_page(assets),
            Subject::Totals(subject) => self.totals_page(&subject.0, &subject.1),
        }
    }

    fn measures_page(&self, assets: &[(ReportAsset, &'a AudienceReport)]) -> String {
        let first = assets.first().map(|(_, audience)| *audience);
        let zone = match (&self.zone, first) {
            (Some(zone), _) => zone.clone(),
            (None, Some(audience)) => Zone::named(&audience.time_zone),
            (None, None) => Zone::utc(),
        };
        let period = period(assets, &zone);
        let is_one = assets.len() == 1;
        let views: Vec<View<'_>> = assets
            .iter()
            .enumerate()
            .map(|(index, (asset, audience))| View {
                asset,
                audience,
                zone: &zone,
                period: &period,
                read_at: self.read_at,
                clock: clock(asset, audience),
                scope: scope(index, asset, is_one),
            })
            .collect();
        let comparison = self.comparison.as_ref().filter(|_| is_one);
        let comparison = comparison.map(|(label, audience)| (label.as_str(), *audience));
        let mut glossary = Glossary::default();
        let body = match views.as_slice() {
            [view] => {
                let comparison = comparison.map(|(label, audience)| Comparison { label, audience });
                sections(view, comparison.as_ref(), &mut glossary)
            }
            views => {
                let mut body = summary::section(views);
                for view in views {
                    let sections = sections(view, None, &mut glossary);
                    body.push(html!(
                        "<article id=\"{}\"><p class=\"eyebrow\">{}</p><h2 class=\"t1\" dir=\"auto\">{}</h2>{}</article>\n",
                        view.scope.id("top"), view.asset.kind_text(), view.asset.title(), sections
                    ));
                }
                body
            }
        };
        let title = self.title.clone().unwrap_or_else(|| match assets {
            [(asset, _)] => asset.title().to_owned(),
            assets => number_of(assets),
        });
        let rules = first.map(|audience| html!("measures/{}", u64::from(audience.rules_version)));
        let facts = self.facts(assets.iter().map(|(asset, _)| asset), &period, &zone, rules);
        let page = Page {
            title: &title,
            kind: match assets {
                [(asset, _)] => asset.kind_text().to_owned(),
                assets => number_of(assets),
            },
            period: &period.text,
            zone: zone_text(&views, &zone),
            source: self.source_line(&zone),
            facts,
            body,
            glossary: &glossary,
            data: Data::of_measures(&views, comparison, (&period, &zone, self.read_at)).to_json(),
        };
        page.render()
    }

    fn totals_page(&self, asset: &ReportAsset, totals: &Totals) -> String {
        let zone = self.zone.clone().unwrap_or_else(Zone::utc);
        let last = totals.last.max(totals.first);
        let period = Period::of_days(Some((totals.first, last)));
        let mut glossary = Glossary::default();
        let body = totals_page::body(totals, &zone, &mut glossary);
        let rules = html!("the counting of the service");
        let days = Zone::utc();
        let page = Page {
            title: self.title.as_deref().unwrap_or(asset.title()),
            kind: format!("{} · from totals", asset.kind_text()),
            period: &period.text,
            zone: match zone.is_utc() {
                true => "days and hours in UTC".to_owned(),
                false => format!("days in UTC, hours in {}", zone.name()),
            },
            source: self.source_line(&zone),
            facts: self.facts([asset], &period, &days, Some(rules)),
            body,
            glossary: &glossary,
            data: Data::of_totals(asset, totals, (&period, &zone, self.read_at)).to_json(),
        };
        page.render()
    }

    /// `Sessions of api.video, read on 1 February 2022 at 00:00 UTC`.
    fn source_line(&self, zone: &Zone) -> String {
        let read = self.read_at.map(|at| {
            let at = zone.at(at);
            format!(
                "ead on {} at {} {}",
                calendar::full_day(at.date()),
                time_of_day(at),
                zone.name()
            )
        });
        match (&self.source, read) {
            (Some(source), Some(read)) => format!("{source}, r{read}"),
            (Some(source), None) => source.clone(),
            (None, Some(read)) => format!("R{read}"),
            (None, None) => String::new(),
        }
    }

    fn facts<'f>(
        &self,
        assets: impl IntoIterator<Item = &'f ReportAsset>,
        period: &Period,
        zone: &Zone,
        rules: Option<Html>,
    ) -> Vec<(&'static str, Html)> {
        let mut facts: Vec<(&'static str, Html)> = assets
            .into_iter()
            .map(|asset| {
                let name = match asset.kind() {
                    AssetKind::Video => "Video",
                    AssetKind::LiveStream => "Live stream",
                };
                (name, html!("<code>{}</code>", asset.id()))
            })
            .collect();
        let days = if period.is_whole_days {
            ", whole days in "
        } else {
            ", in "
        };
        facts.push(("Period", html!("{}{}{}", period.text, days, zone.name())));
        let read = self
            .read_at
            .map(|at| format!("read {} UTC", at.strftime("%Y-%m-%d %H:%M:%S")));
        match (&self.source, read) {
            (Some(source), Some(read)) => facts.push(("Source", html!("{}, {}", source, read))),
            (Some(source), None) => facts.push(("Source", html!("{}", source))),
            (None, Some(read)) => facts.push(("Source", html!("{}", read))),
            (None, None) => {}
        }
        facts.extend(rules.map(|rules| ("Rules", rules)));
        if let Some(command) = &self.command {
            facts.push(("Made by", html!("<code>{}</code>", command)));
        }
        facts
    }
}

fn sections(view: &View<'_>, comparison: Option<&Comparison<'_>>, glossary: &mut Glossary) -> Html {
    match view.asset.kind() {
        AssetKind::Video => video::body(view, comparison, glossary),
        AssetKind::LiveStream => live::body(view, comparison, glossary),
    }
}

fn clock(asset: &ReportAsset, audience: &AudienceReport) -> Clock {
    let length = audience
        .measures
        .length
        .filter(|_| asset.kind() == AssetKind::Video);
    Clock::of_length(length.map(|length| length.seconds))
}

fn scope(index: usize, asset: &ReportAsset, is_one: bool) -> Scope {
    match is_one {
        true => Scope::default(),
        false => Scope {
            prefix: format!("a{}-", index + 1),
            // The number, because titles can be equal.
            suffix: format!(": {} ({})", asset.title(), index + 1),
            is_nested: true,
        },
    }
}

/// The period that was set for the first measures, or the days with activity of all.
fn period(assets: &[(ReportAsset, &AudienceReport)], zone: &Zone) -> Period {
    let first = assets.first().map(|(_, audience)| *audience);
    if let Some((start, end)) = first.and_then(|first| first.period_start.zip(first.period_end)) {
        return Period::between(start, end, zone);
    }
    let days = assets
        .iter()
        .flat_map(|(_, audience)| &audience.measures.days)
        .map(|day| day.date);
    Period::of_days(days.clone().min().zip(days.max()))
}

/// `3 videos`, `2 live streams`, `3 videos and live streams`.
fn number_of(assets: &[(ReportAsset, &AudienceReport)]) -> String {
    let live = assets
        .iter()
        .filter(|(asset, _)| asset.kind() == AssetKind::LiveStream)
        .count();
    let all = assets.len();
    match (live, all - live) {
        (0, videos) => format!("{videos} videos"),
        (live, 0) => format!("{live} live streams"),
        _ => format!("{all} videos and live streams"),
    }
}

fn zone_text(views: &[View<'_>], zone: &Zone) -> String {
    let has_utc_days = views.iter().filter_map(Days::new).any(|days| days.is_utc());
    match has_utc_days && zone.hours() != "UTC" {
        true => format!("days in UTC, hours in {}", zone.hours()),
        false => format!("days and hours in {}", zone.hours()),
    }
}
