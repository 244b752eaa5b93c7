use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

/// The decoded query of a request. Brackets may be percent-encoded, and spaces are `+` or `%20`.
#[derive(Debug, Default)]
pub(crate) struct Query {
    pairs: Vec<(String, String)>,
    /// The names of the parameters that a handler has read, set or not.
    #[cfg(test)]
    read: std::sync::Mutex<std::collections::BTreeSet<String>>,
}

/// The syntax of a filter parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FilterSyntax {
    /// `name[key]=value`
    Object,
    /// `name[key]=value`, and `name[key][]=value` or `name[key][0]=value` for several values
    ObjectOfLists,
    /// `name[]=value` or `name[0]=value`
    List,
}

impl FilterSyntax {
    /// Returns an example for error messages.
    pub(crate) fn example(self, name: &str) -> String {
        match self {
            Self::Object => format!("{name}[key]=value"),
            Self::ObjectOfLists => format!("{name}[key]=value or {name}[key][]=value"),
            Self::List => format!("{name}[]=value"),
        }
    }

    /// Whether the rest of a parameter name matches this syntax.
    fn matches(self, rest: &str) -> bool {
        let Some((key, more)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) else {
            return false;
        };
        match self {
            Self::Object => !key.is_empty() && more.is_empty(),
            Self::ObjectOfLists => !key.is_empty() && (more.is_empty() || is_index(more)),
            Self::List => more.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit()),
        }
    }
}

/// `[]` or `[0]`
fn is_index(text: &str) -> bool {
    let inside = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    inside.is_some_and(|inside| inside.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The characters that the links of the service do not percent-encode.
const UNRESERVED_ONLY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

impl Query {
    pub(crate) fn parse(raw: &str) -> Self {
        let pairs = raw.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        });
        Self {
            pairs: pairs.collect(),
            #[cfg(test)]
            read: std::sync::Mutex::default(),
        }
    }

    /// Records that a parameter is read, for the test that handlers ignore none.
    fn record(&self, name: &str) {
        #[cfg(test)]
        self.read.lock().unwrap().insert(name.to_owned());
        #[cfg(not(test))]
        let _ = name;
    }

    #[cfg(test)]
    pub(crate) fn read(&self) -> std::collections::BTreeSet<String> {
        self.read.lock().unwrap().clone()
    }

    /// Returns the value of a parameter; the last one if it is repeated.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.record(name);
        let mut matching = self.pairs.iter().rev().filter(|(found, _)| found == name);
        matching.next().map(|(_, value)| value.as_str())
    }

    /// Returns the keys and values of an object: `name[key]=value`, and `name[key][]=value` or `name[key][0]=value` for
    /// lists.
    pub(crate) fn object<'a>(
        &'a self,
        name: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> + 'a {
        self.record(name);
        self.pairs.iter().filter_map(move |(found, value)| {
            let inside = found.strip_prefix(name)?.strip_prefix('[')?;
            let (key, rest) = inside.split_once(']')?;
            (rest.is_empty() || is_index(rest)).then_some((key, value.as_str()))
        })
    }

    /// Returns the items of a list: `name[]=value` or `name[0]=value`.
    pub(crate) fn list<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.record(&format!("{name}[]"));
        self.object(name)
            .filter(|(key, _)| key.bytes().all(|byte| byte.is_ascii_digit()))
            .map(|(_, value)| value)
    }

    /// Returns the name of the first parameter that belongs to this filter and does not match its syntax.
    ///
    /// A parameter belongs to the filter if its name is the filter's, or the filter's followed by anything except a
    /// letter, a digit, `_` or `-`, which would be another name.
    pub(crate) fn malformed(&self, name: &str, syntax: FilterSyntax) -> Option<&str> {
        let continues_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let mut names = self.pairs.iter().map(|(found, _)| found.as_str());
        names.find(|found| {
            found
                .strip_prefix(name)
                .is_some_and(|rest| !rest.starts_with(continues_name) && !syntax.matches(rest))
        })
    }

    /// Returns all parameters except those of the pagination, encoded for a link, each followed by `&`.
    pub(crate) fn filters(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.pairs {
            if name != "currentPage" && name != "pageSize" {
                text.extend(utf8_percent_encode(name, UNRESERVED_ONLY));
                text.push('=');
                text.extend(utf8_percent_encode(value, UNRESERVED_ONLY));
                text.push('&');
            }
        }
        text
    }
}

fn decode(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_decode(spaced.as_bytes())
        .decode_utf8_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_and_spaces_are_decoded() {
        for raw in [
            "metadata[name]=John+Doe",
            "metadata%5Bname%5D=John%20Doe",
            "x=1&metadata%5bname%5d=John+Doe",
        ] {
            let query = Query::parse(raw);
            let members: Vec<_> = query.object("metadata").collect();
            assert_eq!(members, [("name", "John Doe")], "{raw}");
        }
    }

    #[test]
    fn objects_contain_scalars_and_lists() {
        let query = Query::parse("f[a]=1&f[b][]=2&f[b][]=3&f[c][0]=4&f[d][x]=5&f[e=6&g[a]=7&f=8");
        let members: Vec<_> = query.object("f").collect();
        assert_eq!(members, [("a", "1"), ("b", "2"), ("b", "3"), ("c", "4")]);
    }

    #[test]
    fn lists_are_read_with_or_without_an_index() {
        let query = Query::parse("tags[]=a&tags%5B1%5D=b&tags[x]=c");
        assert_eq!(query.list("tags").collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn the_first_malformed_filter_is_returned() {
        let malformed = |raw, syntax| {
            Query::parse(raw)
                .malformed("f", syntax)
                .map(ToOwned::to_owned)
        };
        for (raw, object, object_of_lists, list) in [
            ("", true, true, true),
            ("foo=1&f_=2&f-x[=3&g=4&F=5", true, true, true),
            ("f[a]=1&f%5Bb%5D=2", true, true, false),
            ("f[a[b]=1", true, true, false),
            ("f[a][]=1&f[a][10]=2", false, true, false),
            ("f[]=1&f[2]=3", false, false, true),
            ("f=1", false, false, false),
            ("f", false, false, false),
            ("f[=1", false, false, false),
            ("f[a=1", false, false, false),
            ("f]a[=1", false, false, false),
            ("f[a][b]=1", false, false, false),
            ("f[a][=1", false, false, false),
            ("f[a]b=1", false, false, false),
            ("f[a][0][1]=1", false, false, false),
            ("f.a=1", false, false, false),
            ("f%255Ba%255D=1", false, false, false),
        ] {
            for (syntax, valid) in [
                (FilterSyntax::Object, object),
                (FilterSyntax::ObjectOfLists, object_of_lists),
                (FilterSyntax::List, list),
            ] {
                assert_eq!(
                    malformed(raw, syntax).is_none(),
                    valid,
                    "{raw} as {syntax:?}"
                );
            }
        }
        assert_eq!(
            malformed("f[a]=1&f[b=2&f=3", FilterSyntax::Object).as_deref(),
            Some("f[b")
        );
    }

    #[test]
    fn filters_are_encoded_without_pagination() {
        let query =
            Query::parse("from=2024-04-28T09:15:05%2B02:00&pageSize=3&m[a]=b+c&currentPage=2");
        assert_eq!(
            query.filters(),
            "from=2024-04-28T09%3A15%3A05%2B02%3A00&m%5Ba%5D=b%20c&"
        );
    }

    #[test]
    fn the_last_value_of_a_repeated_parameter_wins() {
        let query = Query::parse("a=1&a=2&b&&=");
        assert_eq!(
            (query.get("a"), query.get("b"), query.get("c")),
            (Some("2"), Some(""), None)
        );
    }
}
