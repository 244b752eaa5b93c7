//! Chapters that the service has. A failure is a warning: the report is complete without them.

use apivideo::client::VideoHandle;
use apivideo::model::Chapters;
use apivideo::{AssetId, PageSize};
use apivideo_report::Chapter;
use futures_util::TryStreamExt as _;

use super::Run;
use crate::chapters;
use crate::source::Source;
use crate::stderr::print_warning;

impl Run<'_> {
    /// Returns the chapters of the option, or those that the service has; `None` if the command was interrupted.
    pub(super) async fn chapters(&self, asset: &AssetId) -> Option<Vec<Chapter>> {
        let (AssetId::Video(id), Source::Service(connection)) = (asset, &self.source) else {
            return Some(self.chapters.clone());
        };
        if self.arguments.chapters.is_some() || self.arguments.no_chapters {
            return Some(self.chapters.clone());
        }
        let video = connection.client.video(id.clone());
        let page_size = self.context.settings.page_size.value;
        let read = read(&video, page_size, self.arguments.language.as_deref());
        let read = self.context.stop.run_until(read).await?;
        Some(read.unwrap_or_else(|why| {
            print_warning(&format!("the report has no chapters of {id}: {why}"));
            Vec::new()
        }))
    }
}

/// Reads the chapters in a language, or the first ones of the list. A service without chapters is not an error.
async fn read(
    video: &VideoHandle,
    page_size: PageSize,
    language: Option<&str>,
) -> Result<Vec<Chapter>, String> {
    let list = video.chapters().page_size(page_size).stream();
    let list: Vec<Chapters> = match list.try_collect().await {
        Ok(list) => list,
        Err(error) if error.is_not_found() || error.is_removed() => return Ok(Vec::new()),
        Err(error) => return Err(error.to_string()),
    };
    let Some(chosen) = choose(&list, language)? else {
        return Ok(Vec::new());
    };
    let file = video.download_chapters(chosen).await;
    let file = file.map_err(|error| error.to_string())?;
    chapters::parse(&file)
        .map_err(|why| format!("the file of the service is not valid WebVTT: {why}"))
}

/// Returns the chapters in a language, or the first ones. Languages are compared without case, as in BCP 47.
fn choose<'a>(
    list: &'a [Chapters],
    language: Option<&str>,
) -> Result<Option<&'a Chapters>, String> {
    let Some(language) = language else {
        return Ok(list.first());
    };
    let languages = || {
        list.iter()
            .filter_map(|chapters| chapters.language.as_deref())
    };
    let found = list.iter().find(|chapters| {
        let own = chapters.language.as_deref();
        own.is_some_and(|own| own.eq_ignore_ascii_case(language))
    });
    match found {
        Some(chapters) => Ok(Some(chapters)),
        None if list.is_empty() => Err("the video has none".to_owned()),
        None => Err(format!(
            "there are none in {language:?}; the languages are {}",
            languages().collect::<Vec<_>>().join(", ")
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_or_that_of_the_option_is_chosen() {
        let chapters = |language: &str| {
            let mut chapters = Chapters::default();
            chapters.language = Some(language.into());
            chapters
        };
        let list = [chapters("en"), chapters("pt-BR"), Chapters::default()];
        let chosen = |list: &[Chapters], language| {
            let chosen = choose(list, language)?;
            Ok(chosen.map(|chapters| chapters.language.as_deref().unwrap_or("").to_owned()))
        };
        for (language, expected) in [(None, "en"), (Some("pt-br"), "pt-BR"), (Some("EN"), "en")] {
            assert_eq!(chosen(&list, language), Ok(Some(expected.to_owned())));
        }
        assert_eq!(chosen(&[], None), Ok(None));
        assert_eq!(
            chosen(&list, Some("fr")),
            Err("there are none in \"fr\"; the languages are en, pt-BR".to_owned())
        );
        assert_eq!(
            chosen(&[], Some("fr")),
            Err("the video has none".to_owned())
        );
    }
}
