//! Chapters of videos.

use std::fmt::Write as _;

use crate::rng::{Purpose, Rng};
use crate::time::{HOUR, MINUTE, SECOND};

/// The languages of all chapters.
pub(crate) const LANGUAGES: [&str; 2] = ["en", "fr"];

/// The titles in each language.
const TITLES: [[&str; 5]; 2] = [
    [
        "Introduction",
        "What you need",
        "Step by step",
        "Common mistakes",
        "Questions & answers",
    ],
    [
        "Introduction",
        "Ce qu'il vous faut",
        "Pas à pas",
        "Erreurs fréquentes",
        "Questions & réponses",
    ],
];

/// A chapter. Its title is the one with its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Chapter {
    pub(crate) start_ms: i64,
}

/// Generates the chapters of the `number`-th video. The first one, of the tutorial, has chapters.
pub(crate) fn generate(seed: u64, number: u64, duration_ms: i64) -> Vec<Chapter> {
    let mut rng = Rng::new(seed, Purpose::Chapters, &[number]);
    let has_chapters = rng.percent(33);
    if number > 0 && !has_chapters {
        return Vec::new();
    }
    let count = rng.between(3, 5);
    let part = duration_ms / count;
    (0..count)
        .map(|index| {
            // In whole seconds, near the border of equal parts.
            let shift = rng.between(-part / 4, part / 4);
            let start_ms = match index {
                0 => 0,
                _ => (index * part + shift) / SECOND * SECOND,
            };
            Chapter { start_ms }
        })
        .collect()
}

/// Returns the WebVTT file of chapters in a language; `None` if there are none.
pub(crate) fn web_vtt(chapters: &[Chapter], duration_ms: i64, language: &str) -> Option<String> {
    let language = LANGUAGES.iter().position(|known| *known == language)?;
    if chapters.is_empty() {
        return None;
    }
    let mut file = "WEBVTT\n".to_owned();
    let starts = chapters.iter().map(|chapter| chapter.start_ms);
    let ends = starts.clone().skip(1).chain([duration_ms]);
    for ((start, end), title) in starts.zip(ends).zip(TITLES[language]) {
        let (start, end) = (clock(start), clock(end));
        let title = title.replace('&', "&amp;");
        // Writing to a string does not fail.
        let _ = write!(file, "\n{start} --> {end}\n{title}\n");
    }
    Some(file)
}

/// `00:01:30.000`
fn clock(ms: i64) -> String {
    format!(
        "{:02}:{:02}:{:02}.{:03}",
        ms / HOUR,
        ms % HOUR / MINUTE,
        ms % MINUTE / SECOND,
        ms % SECOND
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chapters_start_at_0_and_end_with_the_video() {
        let mut with_chapters = 0;
        for number in 0..300 {
            let duration_ms = 30 * SECOND + number as i64 * 4_321;
            let chapters = generate(7, number, duration_ms);
            with_chapters += usize::from(!chapters.is_empty());
            let starts: Vec<i64> = chapters.iter().map(|chapter| chapter.start_ms).collect();
            assert!(starts.is_sorted_by(|a, b| a < b), "{starts:?}");
            assert!(starts.first().is_none_or(|start| *start == 0));
            assert!(starts.last().is_none_or(|start| *start < duration_ms));
        }
        assert!((60..140).contains(&with_chapters), "{with_chapters}");
        assert!(!generate(8, 0, 300 * SECOND).is_empty());
    }

    #[test]
    fn a_file_is_web_vtt() {
        let chapters =
            [0, 61_000, 3_600_000, 3_700_000, 3_800_000].map(|start_ms| Chapter { start_ms });
        let file = web_vtt(&chapters, 3_900_005, "fr").unwrap();
        assert!(file.starts_with("WEBVTT\n\n00:00:00.000 --> 00:01:01.000\nIntroduction\n\n"));
        assert!(file.ends_with("\n\n01:03:20.000 --> 01:05:00.005\nQuestions &amp; réponses\n"));
        assert_eq!(web_vtt(&chapters, 3_900_005, "de"), None);
        assert_eq!(web_vtt(&[], 3_900_005, "fr"), None);
    }
}
