//! HTML that is escaped by construction.

/// HTML. Values become HTML only by [`html!`], which escapes them, or are HTML already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Html(String);

impl Html {
    pub(crate) const fn new() -> Self {
        Self(String::new())
    }

    /// Replaces each `{}` of a template by a value. Use [`html!`], which checks the number of values when it is compiled.
    pub(crate) fn fill(template: &'static str, values: &[&dyn Render]) -> Self {
        let mut out = String::with_capacity(template.len() + 16 * values.len());
        let mut values = values.iter();
        for (index, part) in template.split("{}").enumerate() {
            if let Some(value) = (index > 0).then(|| values.next()).flatten() {
                value.render(&mut out);
            }
            out.push_str(part);
        }
        Self(out)
    }

    pub(crate) fn push(&mut self, other: Self) {
        match self.is_empty() {
            true => *self = other,
            false => self.0.push_str(&other.0),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn into_string(self) -> String {
        self.0
    }
}

impl FromIterator<Self> for Html {
    fn from_iter<I: IntoIterator<Item = Self>>(parts: I) -> Self {
        let mut all = Self::new();
        parts.into_iter().for_each(|part| all.push(part));
        all
    }
}

/// Builds [`Html`] from a template: each `{}` is replaced by a value, escaped unless it is HTML.
macro_rules! html {
    ($template:literal $(, $value:expr)* $(,)?) => {{
        const { $crate::html::check($template, &[$(stringify!($value)),*]) };
        $crate::html::Html::fill($template, &[$(&$value as &dyn $crate::html::Render),*])
    }};
}
pub(crate) use html;

/// Fails the compilation if a template does not have as many places as values.
pub(crate) const fn check(template: &str, values: &[&str]) {
    let bytes = template.as_bytes();
    let (mut index, mut places) = (0, 0);
    while index + 1 < bytes.len() {
        if bytes[index] == b'{' && bytes[index + 1] == b'}' {
            places += 1;
        }
        index += 1;
    }
    assert!(places == values.len(), "one value for each {{}}");
}

/// What can be written into HTML.
pub(crate) trait Render {
    fn render(&self, out: &mut String);
}

impl Render for str {
    fn render(&self, out: &mut String) {
        for character in self.chars() {
            match character {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#x27;"),
                // Not allowed in HTML, even as references.
                '\0'..='\u{8}' | '\u{b}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => {
                    out.push('\u{fffd}');
                }
                _ => out.push(character),
            }
        }
    }
}

impl Render for String {
    fn render(&self, out: &mut String) {
        self.as_str().render(out);
    }
}

impl<T: Render + ?Sized> Render for &T {
    fn render(&self, out: &mut String) {
        (**self).render(out);
    }
}

impl<T: Render> Render for Option<T> {
    fn render(&self, out: &mut String) {
        if let Some(value) = self {
            value.render(out);
        }
    }
}

impl Render for Html {
    fn render(&self, out: &mut String) {
        out.push_str(&self.0);
    }
}

macro_rules! render_numbers {
    ($($number:ty),*) => {$(
        impl Render for $number {
            fn render(&self, out: &mut String) {
                out.push_str(&self.to_string());
            }
        }
    )*};
}
render_numbers!(u8, u64, usize);

/// A string that is HTML already, such as the style sheet.
pub(crate) struct Trusted<'a>(pub(crate) &'a str);

impl Render for Trusted<'_> {
    fn render(&self, out: &mut String) {
        out.push_str(self.0);
    }
}

/// A length in pixels or user units, with at most one decimal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Px(pub(crate) f64);

impl Render for Px {
    fn render(&self, out: &mut String) {
        let text = format!("{:.1}", self.0);
        let text = text.strip_suffix(".0").unwrap_or(&text);
        out.push_str(if text == "-0" { "0" } else { text });
    }
}

impl Px {
    pub(crate) fn text(self) -> String {
        let mut text = String::new();
        self.render(&mut text);
        text
    }
}

/// A position or size in percent of the width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Wide(pub(crate) f64);

impl Render for Wide {
    fn render(&self, out: &mut String) {
        let text = format!("{:.2}", self.0);
        let text = text.trim_end_matches('0').trim_end_matches('.');
        out.push_str(if text == "-0" { "0" } else { text });
        out.push('%');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped_and_html_is_not() {
        let inner = html!("<b>{}</b>", "a<b & \"c\" 'd' {}");
        assert_eq!(
            html!("<p title=\"{}\">{}</p>{}", "\"><script>", inner, 7_u64).into_string(),
            "<p title=\"&quot;&gt;&lt;script&gt;\"><b>a&lt;b &amp; &quot;c&quot; &#x27;d&#x27; {}</b></p>7"
        );
    }

    #[test]
    fn control_characters_are_replaced() {
        assert_eq!(
            html!("{}", "a\0b\u{1b}\n").into_string(),
            "a\u{fffd}b\u{fffd}\n"
        );
    }

    #[test]
    fn lengths_have_few_decimals() {
        let all = html!(
            "{} {} {} {} {} {}",
            Px(12.0),
            Px(1.25),
            Px(-0.01),
            Wide(50.0),
            Wide(33.333),
            Wide(-0.001)
        );
        assert_eq!(all.into_string(), "12 1.2 0 50% 33.33% 0%");
    }
}
