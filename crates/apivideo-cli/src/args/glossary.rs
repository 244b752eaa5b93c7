//! The help topic `measures`: what each measure counts, and which one answers a question.

use apivideo_insights::{MEASURES, RULES_VERSION};

pub(super) const ABOUT: &str = "What sessions, plays, views and viewers count";

/// The width of a line, which a manual page also shows without wrapping.
const WIDTH: usize = 72;

/// Terms, and what they mean.
const TERMS: [(&str, &str); 9] = [
    (
        "Session",
        "A browser tab or an app with the player of one video or live stream. It continues when the page is reloaded, and can \
         last for days. Sessions are not people: one person can have several.",
    ),
    (
        "Impression",
        "A session in which the player was loaded and ready, whether it was played or not.",
    ),
    (
        "Play",
        "A session in which playback started. Starting it again, or reloading the page, is part of the same play.",
    ),
    (
        "Play press",
        "A `play` event. The service counts these as `play/count`, so that it is higher than the number of plays.",
    ),
    (
        "View",
        "A load of the page during which at least 5 s were played, or the duration of --view-duration. Only the service counts \
         views, as `view/count`.",
    ),
    (
        "Viewer",
        "A person, as far as people can be recognized: sessions with the same value of a metadata key that your page sets, by \
         default userId, or that of --viewer-key. A session without the key counts as a viewer, and the number is then an upper bound: \u{2264} N. The \
         service recognizes unique viewers by IP address and browser for a day; on the next day they count again.",
    ),
    (
        "Watch time",
        "The duration of what was played, in seconds of the video. Watching a part again counts again.",
    ),
    (
        "Playing time",
        "The duration of playback by the clock, which differs from the watch time by the playback speed. The service \
         does not document which of the two its `watch-time/sum` is.",
    ),
    (
        "Concurrent viewers",
        "Sessions that play at the same time. The peak is exact, or by minutes: then a session counts in every minute in which \
         it played. Presence also counts loaded players that do not play.",
    ),
];

/// Questions, the measures that answer them, and commands.
const QUESTIONS: [(&str, &str, &[&str]); 12] = [
    (
        "How many people watched?",
        "Viewers, if your page sets a viewer key; otherwise plays. Unique viewers of several days or videos must not be added \
         up: the same people would count again.",
        &["apivideo audience video ID --period last-month"],
    ),
    ("How often was it watched?", "Plays.", &[]),
    (
        "How many people could have watched?",
        "Impressions. Play rate = plays \u{f7} impressions.",
        &[],
    ),
    (
        "How much was watched?",
        "Watch time, and the average percentage viewed.",
        &["apivideo audience video ID --period last-month --by country"],
    ),
    (
        "How far did they watch?",
        "Retention.",
        &["apivideo retention video ID --period last-month"],
    ),
    (
        "How many people watched at the same time?",
        "The peak of concurrent viewers.",
        &[
            "apivideo concurrency live-stream ID --period yesterday",
            "apivideo watch live-stream ID",
        ],
    ),
    (
        "Which videos were watched most, and which not at all?",
        "A breakdown by asset.",
        &["apivideo audience --all-videos --period last-month --by asset"],
    ),
    (
        "On which devices, in which browsers, from which pages?",
        "Breakdowns; with --only country=France of a part of the sessions.",
        &["apivideo audience video ID --period 30d --by os,client"],
    ),
    (
        "When did they watch?",
        "Days are a breakdown. A report shows the hours of the week as well.",
        &[
            "apivideo audience video ID --period last-month --by date",
            "apivideo report video ID --period last-month --out report.html",
        ],
    ),
    (
        "How many came back?",
        "Not measured: viewers are not followed from one session to another. With a viewer key, plays \u{f7} viewers is the \
         average number of plays of a viewer.",
        &[],
    ),
    (
        "How many today, without reading sessions?",
        "Aggregates: numbers of the service, for 30 days at most.",
        &["apivideo metrics view/count --period today --unique"],
    ),
    (
        "Why do two numbers differ?",
        "The service counts by other rules than the measures of sessions.",
        &["apivideo reconcile video ID --period yesterday"],
    ),
];

/// The measures whose definitions are listed, by their names in the catalogue.
const DEFINED: [&str; 8] = [
    "impressions",
    "plays",
    "unique viewers",
    "watch time",
    "playing time",
    "concurrent viewers",
    "concurrent viewers by minute",
    "presence",
];

/// Returns the text of the topic.
pub(super) fn text() -> String {
    let mut text = format!("{ABOUT}.\n");
    text += "\nTerms:\n";
    for (term, meaning) in TERMS {
        push_entry(&mut text, term, meaning);
    }
    text += "\nQuestions:\n";
    for (question, answer, commands) in QUESTIONS {
        push_entry(&mut text, question, answer);
        for command in commands {
            text += &format!("      {command}\n");
        }
    }
    text += &format!("\nDefinitions (measures/{RULES_VERSION}):\n");
    let defined = MEASURES
        .iter()
        .filter(|measure| DEFINED.contains(&measure.name));
    for measure in defined {
        let definition = format!("{} [{}]", measure.formula, measure.unit);
        push_entry(&mut text, measure.name, &definition);
    }
    text += "\nA played interval lasts from m0 to m1 in the video, and from w0 to w1 by\nthe clock. docs/measures.md in the \
             repository has all definitions.";
    text
}

/// Appends a title, and an indented paragraph below it.
fn push_entry(text: &mut String, title: &str, paragraph: &str) {
    *text += &format!("  {title}\n");
    let mut line = String::new();
    for word in paragraph.split_whitespace() {
        let width = line.chars().count() + 1 + word.chars().count();
        if !line.is_empty() && 4 + width > WIDTH {
            *text += &format!("    {line}\n");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    *text += &format!("    {line}\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_definition_is_in_the_catalogue() {
        for name in DEFINED {
            let count = MEASURES.iter().filter(|measure| measure.name == name);
            assert_eq!(count.count(), 1, "{name}");
        }
    }

    #[test]
    fn lines_are_short() {
        let text = text();
        for line in text.lines() {
            assert!(line.chars().count() <= WIDTH + 2, "{line}");
        }
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let joined = words(&text);
        for (_, meaning) in TERMS {
            assert!(joined.contains(&words(meaning)), "{meaning}");
        }
    }

    #[test]
    fn commands_are_valid() {
        for (_, _, commands) in QUESTIONS {
            for line in commands {
                let names: Vec<&str> = line.split(' ').collect();
                let command = super::super::command();
                assert!(command.find_subcommand(names[1]).is_some(), "{line}");
            }
        }
    }
}
