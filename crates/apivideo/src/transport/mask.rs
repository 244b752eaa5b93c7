//! Masks the client's secrets in everything that the service sends back.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use apivideo_core::wire::Secret;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// The replacement of a secret.
const MASK: &str = "***";

/// A shorter secret is not masked, since it can be an ordinary word. The service's keys and tokens are far longer.
const MIN_LENGTH: usize = 6;

/// The number of tokens that are remembered: some generations of an access token and its refresh token.
const TOKENS: usize = 8;

/// The forms in which each known secret can be echoed.
pub(crate) struct Secrets {
    key: Vec<String>,
    tokens: Mutex<VecDeque<Vec<String>>>,
}

impl Secrets {
    pub(crate) fn new(key: &Secret) -> Self {
        Self {
            key: forms(key),
            tokens: Mutex::default(),
        }
    }

    /// Remembers a token, and forgets the oldest one beyond the newest few.
    pub(crate) fn add(&self, token: &Secret) {
        let forms = forms(token);
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if forms.is_empty() || tokens.contains(&forms) {
            return;
        }
        tokens.truncate(TOKENS - 1);
        tokens.push_front(forms);
    }

    /// Replaces each known secret in the text by `***`.
    pub(crate) fn mask<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut text = Cow::Borrowed(text);
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        for form in self.key.iter().chain(tokens.iter().flatten()) {
            if text.contains(form.as_str()) {
                text = Cow::Owned(text.replace(form.as_str(), MASK));
            }
        }
        text
    }
}

/// A secret in plain and in base64, alone and as the user of HTTP Basic, each as it is and percent-encoded.
fn forms(secret: &Secret) -> Vec<String> {
    let secret = secret.expose();
    if secret.len() < MIN_LENGTH {
        return Vec::new();
    }
    let pair = format!("{secret}:");
    let mut plain = vec![
        secret.to_owned(),
        STANDARD.encode(&pair),
        STANDARD.encode(secret),
    ];
    for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
        plain.extend([engine.encode(&pair), engine.encode(secret)]);
    }
    let mut forms = Vec::new();
    for form in plain {
        let encoded = utf8_percent_encode(&form, NON_ALPHANUMERIC).to_string();
        let query: String = url_encoded(&form);
        forms.extend([lower_hex(&encoded), lower_hex(&query), encoded, query, form]);
    }
    // The longest first, so that nothing of a padded form is left.
    forms.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    forms.dedup();
    forms
}

/// As in the query of a URL.
fn url_encoded(text: &str) -> String {
    let mut url = reqwest::Url::parse("http://x").ok();
    if let Some(url) = &mut url {
        url.query_pairs_mut().append_key_only(text);
    }
    url.and_then(|url| url.query().map(str::to_owned))
        .unwrap_or_else(|| text.to_owned())
}

/// Percent-encoded with the digits in lower case.
fn lower_hex(encoded: &str) -> String {
    let mut hex = 0;
    let lower = encoded.chars().map(|letter| match letter {
        '%' => {
            hex = 2;
            letter
        }
        _ if hex > 0 => {
            hex -= 1;
            letter.to_ascii_lowercase()
        }
        _ => letter,
    });
    lower.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_known_secret_is_masked() {
        let secrets = Secrets::new(&Secret::from("hush/?+ key"));
        secrets.add(&Secret::from("token.of-today"));
        for echoed in [
            "hush/?+ key",
            "hush%2F%3F%2B%20key",
            "hush%2f%3f%2b%20key",
            "hush%2F%3F%2B+key",
            "aHVzaC8/KyBrZXk6",
            "aHVzaC8%2FKyBrZXk6",
            "aHVzaC8_KyBrZXk6",
            "aHVzaC8/KyBrZXk=",
            "aHVzaC8/KyBrZXk",
            "token.of-today",
            "token%2Eof%2Dtoday",
            "dG9rZW4ub2YtdG9kYXk=",
        ] {
            let text = format!("at https://example.com/{echoed}&x: {echoed}");
            assert_eq!(
                secrets.mask(&text),
                "at https://example.com/***&x: ***",
                "{echoed}"
            );
        }
        assert!(matches!(secrets.mask("hush, a token"), Cow::Borrowed(_)));
    }

    #[test]
    fn the_newest_tokens_are_remembered_and_short_secrets_are_not_masked() {
        let secrets = Secrets::new(&Secret::from("key"));
        for number in 0..20 {
            secrets.add(&Secret::from(format!("token-{number:03}")));
        }
        assert_eq!(
            secrets.mask("the key of token-019 and token-012"),
            "the key of *** and ***"
        );
        assert_eq!(secrets.mask("token-001"), "token-001");
    }
}
