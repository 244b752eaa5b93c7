//! `apivideo report`: measures as one HTML file.

mod chapters;
mod file;
mod period;
mod totals;

use std::ffi::OsString;
use std::path::Path;

use apivideo::{AssetId, Period, Timestamp};
use apivideo_insights::{Audience, AudienceReport};
use apivideo_report::{Chapter, Report, ReportAsset, audience_options};

use crate::args::{self, ReportComparison, ResolvedPeriod};
use crate::command_line;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::source::{Request, Source, report_unreadable};

/// What every report of this run has in common.
struct Run<'a> {
    context: &'a Context<'a>,
    arguments: &'a args::Report,
    source: Source,
    assets: Vec<AssetId>,
    /// `None` for all days of a lake.
    period: Option<ResolvedPeriod>,
    /// The days of the option, which can end in the future.
    requested_days: Option<Period>,
    /// When the data is read, to the minute.
    now: Timestamp,
    /// The chapters of the option.
    chapters: Vec<Chapter>,
}

pub(crate) async fn run(context: &Context<'_>, arguments: &args::Report) -> Result<Exit, Failure> {
    // Everything that can be refused is refused before the first request.
    file::check(arguments.file(), arguments.force)?;
    let chapters = match &arguments.chapters {
        Some(path) => crate::chapters::read(path)?,
        None => Vec::new(),
    };
    let source = Source::open(context, arguments.question.from.as_ref()).await?;
    let now = to_the_minute(source.now());
    let requested = arguments.question.period(now)?;
    let run = Run {
        context,
        arguments,
        assets: arguments.assets()?,
        requested_days: requested.as_ref().map(|period| period.days),
        period: requested
            .map(|requested| period::until_now(requested, now, &arguments.question.zone()))
            .transpose()?,
        source,
        now,
        chapters,
    };
    match arguments.from_totals {
        true => run.totals().await,
        false => run.measures().await,
    }
}

/// Returns the start of the minute: two runs on simulated data, whose clock starts at midnight, result in the same bytes.
fn to_the_minute(now: Timestamp) -> Timestamp {
    let seconds = now.as_second();
    Timestamp::from_second(seconds - seconds.rem_euclid(60)).unwrap_or(now)
}

fn report_asset(asset: &AssetId, title: String, chapters: Vec<Chapter>) -> ReportAsset {
    match asset {
        AssetId::LiveStream(id) => ReportAsset::live_stream(id.as_str(), title),
        _ => ReportAsset::video(asset.as_str(), title).with_chapters(chapters),
    }
}

impl Run<'_> {
    /// Reads the sessions of each asset, and writes the report.
    async fn measures(&self) -> Result<Exit, Failure> {
        let mut read = Vec::new();
        let mut untitled = false;
        for (index, asset) in self.assets.iter().enumerate() {
            let Some(audience) = self.audience(asset, self.period.as_ref()).await? else {
                return Ok(Exit::Interrupted);
            };
            let title = match self.arguments.title.get(index) {
                Some(title) => title.clone(),
                None => self.title(asset).await,
            };
            untitled |= title == asset.as_str();
            let Some(chapters) = self.chapters(asset).await else {
                return Ok(Exit::Interrupted);
            };
            read.push((report_asset(asset, title, chapters), audience));
        }
        let comparison = match &self.arguments.compare {
            None => None,
            Some(compared) => match self.comparison(compared).await? {
                Some(comparison) => Some(comparison),
                None => return Ok(Exit::Interrupted),
            },
        };

        let mut report = match read.as_slice() {
            [(asset, audience)] => Report::new(asset.clone(), audience),
            several => Report::assets(
                several
                    .iter()
                    .map(|(asset, audience)| (asset.clone(), audience)),
            ),
        };
        if let Some((label, audience)) = &comparison {
            report = report.with_comparison(label, audience);
        }
        // The files of a lake do not contain when they were pulled, and change only with the data.
        if matches!(self.source, Source::Service(_)) {
            report = report.read_at(self.now);
        }
        let html = report
            .time_zone(self.arguments.question.zone())
            .source(self.source_line("Sessions and events"))
            .command(self.command())
            .to_html();
        self.write(&html)?;
        if untitled && matches!(self.source, Source::Lake(_)) {
            self.context
                .print_note("a lake has no titles: the report shows the id; --title sets a title");
        }
        let all = read.iter().map(|(_, audience)| audience);
        let all = all.chain(comparison.iter().map(|(_, audience)| audience));
        Ok(report_unreadable(
            all.map(|audience| audience.measures.quality.sessions_unreadable)
                .sum(),
        ))
    }

    /// Reads the measures of an asset; `None` if the command was interrupted.
    async fn audience(
        &self,
        asset: &AssetId,
        period: Option<&ResolvedPeriod>,
    ) -> Result<Option<AudienceReport>, Failure> {
        let assets = std::slice::from_ref(asset);
        let question = &self.arguments.question;
        let request = Request {
            assets,
            period,
            concurrency: question.concurrency,
            settings: audience_options(question.settings(assets)),
        };
        let read = self.source.read(self.context, request).await;
        let audience = read.map_err(|failure| self.suggest_totals(failure))?;
        Ok(audience.map(Audience::finish))
    }

    /// Returns the name and the measures of the other side; `None` if the command was interrupted.
    async fn comparison(
        &self,
        compared: &ReportComparison,
    ) -> Result<Option<(String, AudienceReport)>, Failure> {
        let (label, audience) = match compared {
            ReportComparison::Asset(asset) => (
                self.title(asset).await,
                self.audience(asset, self.period.as_ref()).await?,
            ),
            ReportComparison::Period(compared) => {
                let zone = self.arguments.question.zone();
                let other = compared.resolve(self.now, &zone)?;
                if self.requested_days == Some(other.days) {
                    return Err(Failure::usage(format!(
                        "--compare is the same period as --period: {}",
                        other.days
                    )));
                }
                let other = period::until_now(other, self.now, &zone)?;
                let [asset] = self.assets.as_slice() else {
                    return Err(Failure::usage("--compare requires a single ID"));
                };
                (
                    period::name(&other.days),
                    self.audience(asset, Some(&other)).await?,
                )
            }
        };
        Ok(audience.map(|audience| (label, audience)))
    }

    /// Returns the title of the service, or the identifier.
    async fn title(&self, asset: &AssetId) -> String {
        let title = self.source.title(self.context, asset).await;
        title
            .filter(|title| !title.trim().is_empty())
            .unwrap_or_else(|| asset.as_str().to_owned())
    }

    /// An account whose raw statistics are gone still has aggregates.
    fn suggest_totals(&self, failure: Failure) -> Failure {
        let is_removed = match &failure {
            Failure::Error { error, .. } => error
                .downcast_ref::<apivideo::Error>()
                .is_some_and(apivideo::Error::is_removed),
            Failure::BrokenPipe => false,
        };
        match is_removed {
            true => failure.with_hint(
                "the service does not provide raw statistics to this account; to make a report of aggregates, add --from-totals",
            ),
            false => failure,
        }
    }

    /// `Sessions and events of api.video`.
    fn source_line(&self, what: &str) -> String {
        match &self.source {
            Source::Service(_) if self.context.options.simulate => {
                format!("{what} of the simulator: not real viewers")
            }
            Source::Service(_) => format!("{what} of api.video"),
            Source::Lake(_) => format!("{what} of a lake"),
        }
    }

    /// Returns a command that makes the same report at any time: relative periods are resolved. Folders of this machine and the
    /// name of the file are left out, so that the page is the same wherever it is made.
    fn command(&self) -> String {
        let arguments = self.arguments;
        let question = &arguments.question;
        let kind = if arguments.is_live() {
            "live-stream"
        } else {
            "video"
        };
        let mut line: Vec<OsString> = vec!["report".into(), kind.into()];
        line.extend(self.assets.iter().map(|asset| asset.as_str().into()));
        let mut option = |name: &str, value: OsString| line.extend([name.into(), value]);
        if let Some(days) = &self.requested_days {
            option("--period", days.to_string().into());
        }
        if question.tz.is_some() {
            option("--tz", question.zone_name().into());
        }
        if let Some(lake) = &question.from {
            let shown = lake.to_string();
            let path = lake.path().unwrap_or(Path::new(&shown));
            let name = path.file_name().unwrap_or(path.as_os_str());
            option("--from", name.into());
        }
        for filter in &question.only {
            option("--only", filter.to_string().into());
        }
        for filter in &question.exclude {
            option("--exclude", filter.to_string().into());
        }
        if let Some(key) = &question.viewer_key {
            option("--viewer-key", key.to_string().into());
        }
        if let Some(length) = question.length {
            option("--length", length.to_string().into());
        }
        match &arguments.compare {
            Some(ReportComparison::Asset(asset)) => {
                option("--compare", format!("{kind}:{}", asset.as_str()).into());
            }
            Some(ReportComparison::Period(period)) => {
                let resolved = period.resolve(self.now, &question.zone());
                let days =
                    resolved.map_or_else(|_| period.to_string(), |period| period.days.to_string());
                option("--compare", days.into());
            }
            None => {}
        }
        if let Some(path) = &arguments.chapters {
            option(
                "--chapters",
                path.file_name().unwrap_or(path.as_os_str()).into(),
            );
        }
        if let Some(language) = &arguments.language {
            option("--language", language.into());
        }
        for title in &arguments.title {
            option("--title", title.into());
        }
        if arguments.no_chapters {
            line.push("--no-chapters".into());
        }
        if arguments.from_totals {
            line.push("--from-totals".into());
        }
        if self.context.options.simulate {
            line.push("--simulate".into());
            let world = &self.context.options.world;
            let numbers = [
                ("--seed", world.seed),
                ("--broadcast-viewers", world.broadcast_viewers),
            ];
            for (name, number) in numbers {
                if let Some(number) = number {
                    line.extend([name.into(), number.to_string().into()]);
                }
            }
        }
        line.extend(["--out".into(), "report.html".into()]);
        command_line::apivideo(&line)
    }

    /// Writes the file, and prints a note of it.
    fn write(&self, html: &str) -> Result<(), Failure> {
        file::write(self.arguments.file(), html)?;
        if let Some(path) = self.arguments.file() {
            self.context.print_note(&format!(
                "report written to {} ({} kB)",
                path.display(),
                html.len().div_ceil(1_000)
            ));
        }
        Ok(())
    }
}
