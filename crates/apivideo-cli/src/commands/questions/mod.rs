//! Commands that answer questions about an audience: `audience`, `retention`, `concurrency`, `explain` and `reconcile`.

mod answer;
pub(crate) mod audience;
mod breakdown;
pub(crate) mod concurrency;
pub(crate) mod explain;
mod figures;
mod page;
mod quality;
pub(crate) mod reconcile;
pub(crate) mod retention;

use std::collections::{BTreeMap, BTreeSet};

use apivideo::AssetId;
use apivideo_insights::{Audience, Breakdown};

use crate::args::{Question, ResolvedPeriod, Subject};
use crate::context::Context;
use crate::failure::Failure;
use crate::source::{Request, Source};
use page::Page;

/// The most assets whose titles are read.
const MAX_TITLES: usize = 5;
/// The most rows of a breakdown whose titles are read.
const MAX_ROW_TITLES: usize = 25;

/// A question, and the source that answers it.
struct Asked<'a> {
    question: &'a Question,
    source: Source,
    assets: Vec<AssetId>,
    period: Option<ResolvedPeriod>,
}

impl<'a> Asked<'a> {
    /// Opens the source of a question; `None` if the command was interrupted.
    async fn open(
        context: &Context<'_>,
        subject: &Subject,
        question: &'a Question,
    ) -> Result<Option<Self>, Failure> {
        let mut asked = Self::open_for(context, subject.assets()?, question).await?;
        if subject.asset_type.is_none() {
            let (videos, live_streams) = (subject.all_videos, subject.all_live_streams);
            let all = asked.source.assets(context, videos, live_streams).await?;
            let Some(all) = all else {
                return Ok(None);
            };
            if all.is_empty() {
                let what = match (videos, live_streams) {
                    (true, true) => "video or live stream",
                    (true, false) => "video",
                    _ => "live stream",
                };
                let source = asked.source.name(context);
                return Err(Failure::failed(format!("no {what} found in {source}")));
            }
            asked.assets = all;
        }
        Ok(Some(asked))
    }

    /// Opens the source of a question about these assets.
    async fn open_for(
        context: &Context<'_>,
        assets: Vec<AssetId>,
        question: &'a Question,
    ) -> Result<Self, Failure> {
        let source = Source::open(context, question.from.as_ref()).await?;
        let period = question.period(source.now())?;
        Ok(Self {
            question,
            source,
            assets,
            period,
        })
    }

    /// Returns an empty audience with the settings of the question.
    fn settings(&self) -> Audience {
        self.question.settings(&self.assets)
    }

    /// Reads the sessions into an audience; `None` if the command was interrupted.
    async fn read(
        &self,
        context: &Context<'_>,
        settings: Audience,
    ) -> Result<Option<Audience>, Failure> {
        let request = Request {
            assets: &self.assets,
            period: self.period.as_ref(),
            concurrency: self.question.concurrency,
            settings,
        };
        self.source.read(context, request).await
    }

    /// Returns the titles of the assets in the rows of a breakdown by asset, by their ids. A title that several have is followed by
    /// the id. More than a page of them is not read.
    async fn titles(
        &self,
        context: &Context<'_>,
        breakdowns: &[Breakdown],
    ) -> BTreeMap<String, String> {
        let mut titles = BTreeMap::new();
        let rows = breakdowns
            .iter()
            .filter(|breakdown| breakdown.dimension == "asset")
            .flat_map(|breakdown| &breakdown.rows);
        let ids: BTreeSet<&str> = rows.filter_map(|row| row.value.as_deref()).collect();
        if ids.len() > MAX_ROW_TITLES {
            return titles;
        }
        for asset in &self.assets {
            if !ids.contains(asset.as_str()) {
                continue;
            }
            let title = self.source.title(context, asset).await;
            if let Some(title) = title.filter(|title| !title.trim().is_empty()) {
                titles.insert(asset.as_str().to_owned(), title);
            }
        }
        let all: Vec<String> = titles.values().cloned().collect();
        for (id, title) in &mut titles {
            if all.iter().filter(|other| *other == title).count() > 1 {
                title.push_str(&format!(" ({id})"));
            }
        }
        titles
    }

    /// Starts a page with the titles of the assets, the period and the source.
    async fn page(&self, context: &Context<'_>) -> Page {
        let mut page = Page::of_stdout();
        let separator = page.theme().either(" · ", " | ");
        let mut facts = Vec::new();
        match self.assets.as_slice() {
            assets if assets.len() <= MAX_TITLES => {
                for asset in assets {
                    if let Some(title) = self.source.title(context, asset).await {
                        page.heading(&title);
                    }
                }
                facts.extend(assets.iter().map(AssetId::to_string));
            }
            assets => {
                let is_live = |asset: &&AssetId| matches!(asset, AssetId::LiveStream(_));
                let live = assets.iter().filter(is_live).count();
                let noun = |n: usize, noun| (n > 0).then(|| format!("{n} {noun}"));
                let parts = [
                    noun(assets.len() - live, "videos"),
                    noun(live, "live streams"),
                ];
                let parts: Vec<String> = parts.into_iter().flatten().collect();
                page.heading(&parts.join(" and "));
            }
        }
        facts.push(match &self.period {
            Some(period) => format!("{} {}", period.days, self.question.zone_name()),
            None => "all days".to_owned(),
        });
        let filters = |name: &str, filters: &[apivideo_insights::Filter]| -> Vec<String> {
            filters
                .iter()
                .map(|filter| format!("{name} {filter}"))
                .collect()
        };
        facts.extend(filters("only", &self.question.only));
        facts.extend(filters("without", &self.question.exclude));
        facts.push(self.source.name(context));
        page.dim(&facts.join(separator));
        page.blank();
        page
    }
}
