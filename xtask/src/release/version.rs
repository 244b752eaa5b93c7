//! Rules for successive versions.

/// A version of three plain numbers. The `AV-Origin-Client` header accepts no suffixes.
type Version = [u64; 3];

/// Describes how `wanted` follows `current`. `is_released` is `true` if `current` was published.
///
/// # Errors
/// Returns the reason why it does not follow, and a valid version.
pub fn next(current: &str, wanted: &str, is_released: bool) -> Result<&'static str, String> {
    let [major, minor, patch] = read(current)?;
    let version = read(wanted)?;
    let patched = [major, minor, patch + 1];
    let minored = [major, minor + 1, 0];
    let majored = [major + 1, 0, 0];
    if version == [major, minor, patch] && !is_released {
        return Ok("the current version, which the changelog does not contain yet");
    }
    match version {
        version if version == patched => {
            Ok("a step for additions and fixes; after 1.0, for fixes only")
        }
        version if version == minored && major == 0 => Ok("a step for breaking changes"),
        version if version == minored => Ok("a step for additions"),
        version if version == majored && major == 0 => Ok("the API is stable from here on"),
        version if version == majored => Ok("a step for breaking changes"),
        _ => {
            let mut legal = vec![patched, minored, majored];
            if !is_released {
                legal.insert(0, [major, minor, patch]);
            }
            let legal: Vec<String> = legal
                .iter()
                .map(|numbers| numbers.map(|number| number.to_string()).join("."))
                .collect();
            Err(format!(
                "{wanted} does not follow {current}: use one of {}",
                legal.join(", ")
            ))
        }
    }
}

fn read(text: &str) -> Result<Version, String> {
    let refused = || {
        format!(
            "invalid version {text:?}: use three plain numbers, such as 1.2.3 (the `AV-Origin-Client` header \
             of the service accepts no suffixes)"
        )
    };
    let mut numbers = [0; 3];
    let mut parts = text.split('.');
    for number in &mut numbers {
        let part = parts.next().ok_or_else(refused)?;
        let is_plain = part.bytes().all(|byte| byte.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'));
        *number = part.parse().ok().filter(|_| is_plain).ok_or_else(refused)?;
    }
    match parts.next() {
        None => Ok(numbers),
        Some(_) => Err(refused()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_version_number_can_increase_by_one() {
        for (current, wanted) in [
            ("0.1.0", "0.1.1"),
            ("0.1.9", "0.2.0"),
            ("0.9.3", "1.0.0"),
            ("1.9.3", "1.10.0"),
            ("1.9.3", "2.0.0"),
        ] {
            assert!(next(current, wanted, true).is_ok(), "{current} {wanted}");
        }
        for wanted in [
            "0.1.0", "0.1.2", "0.2.1", "0.3.0", "0.0.9", "2.0.0", "1.0.1",
        ] {
            assert_eq!(
                next("0.1.0", wanted, true).unwrap_err(),
                format!("{wanted} does not follow 0.1.0: use one of 0.1.1, 0.2.0, 1.0.0")
            );
        }
    }

    #[test]
    fn an_unreleased_version_can_be_released() {
        assert!(next("0.1.0", "0.1.0", false).is_ok());
        assert!(next("0.1.0", "0.2.0", false).is_ok());
        assert!(
            next("0.1.0", "0.3.0", false)
                .unwrap_err()
                .ends_with("one of 0.1.0, 0.1.1, 0.2.0, 1.0.0")
        );
    }

    #[test]
    fn only_plain_numbers_are_versions() {
        for wanted in [
            "0.2",
            "0.2.0.1",
            "v0.2.0",
            "0.2.0-rc.1",
            "0.2.0+v2",
            "0.02.0",
            "0..0",
            "",
            "0.+2.0",
        ] {
            let error = next("0.1.0", wanted, true).unwrap_err();
            assert!(error.contains("plain numbers"), "{error}");
        }
    }
}
