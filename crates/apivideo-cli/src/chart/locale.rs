//! Whether the terminal shows characters other than ASCII.

/// Returns whether the locale uses UTF-8: by the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set and not empty, as POSIX
/// defines. Without any of them, the locale is `C`. Terminals of Windows show Unicode.
pub(super) fn is_utf8() -> bool {
    cfg!(windows) || is_utf8_by(|name| std::env::var_os(name)?.into_string().ok())
}

fn is_utf8_by(variable: impl Fn(&str) -> Option<String>) -> bool {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(variable)
        .find(|value| !value.is_empty());
    set.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

#[cfg(test)]
mod tests {
    use super::is_utf8_by;

    #[test]
    fn the_first_variable_that_is_set_decides() {
        let locale = |set: &[(&str, &str)]| {
            is_utf8_by(|name| {
                let found = set.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        assert!(locale(&[("LANG", "en_US.UTF-8")]));
        assert!(locale(&[("LC_ALL", ""), ("LANG", "C.utf8")]));
        assert!(!locale(&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")]));
        assert!(!locale(&[("LC_CTYPE", "POSIX"), ("LANG", "en_US.UTF-8")]));
        assert!(!locale(&[]));
    }
}
