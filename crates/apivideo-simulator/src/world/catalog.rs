//! The tables of values from which worlds are generated: locations, devices, referrers and names.

/// A country, with the name used by sessions and the codes used by aggregates.
#[derive(Debug)]
pub(crate) struct Country {
    pub(crate) name: &'static str,
    pub(crate) code: &'static str,
    pub(crate) continent: &'static str,
    pub(crate) cities: &'static [&'static str],
}

/// A device, with the values used by sessions and those used by aggregates.
#[derive(Debug)]
pub(crate) struct Device {
    pub(crate) kind: &'static str,
    pub(crate) vendor: &'static str,
    pub(crate) model: &'static str,
    /// Name, short name and version of the operating system.
    pub(crate) os: [&'static str; 3],
    /// Type, name and version of the client.
    pub(crate) client: [&'static str; 3],
    pub(crate) aggregate_kind: &'static str,
    pub(crate) aggregate_os: &'static str,
    pub(crate) aggregate_browser: &'static str,
}

/// A referrer; `None` is unknown to the service.
#[derive(Debug)]
pub(crate) struct Referrer {
    pub(crate) url: Option<&'static str>,
    pub(crate) medium: Option<&'static str>,
    pub(crate) source: Option<&'static str>,
    pub(crate) search_term: Option<&'static str>,
}

const fn country(
    name: &'static str,
    code: &'static str,
    continent: &'static str,
    cities: &'static [&'static str],
) -> Country {
    Country {
        name,
        code,
        continent,
        cities,
    }
}

/// Countries, most frequent first.
pub(crate) const COUNTRIES: &[Country] = &[
    country(
        "France",
        "FR",
        "EU",
        &["Paris", "Lyon", "Bordeaux", "Nîmes"],
    ),
    country(
        "United States",
        "US",
        "NA",
        &["New York", "Portland", "Austin"],
    ),
    country(
        "United Kingdom",
        "GB",
        "EU",
        &["London", "Leeds", "Cardiff"],
    ),
    country("Germany", "DE", "EU", &["Berlin", "Köln", "Leipzig"]),
    country("Vietnam", "VN", "AS", &["Hanoi", "Da Nang"]),
    country("Brazil", "BR", "SA", &["São Paulo", "Recife"]),
    country("Japan", "JP", "AS", &["Tokyo", "Osaka"]),
    country("Canada", "CA", "NA", &["Montréal", "Toronto"]),
    country("Morocco", "MA", "AF", &["Rabat", "Fes"]),
    country("Australia", "AU", "AZ", &["Sydney", "Perth"]),
    country("Kenya", "KE", "AF", &["Nairobi"]),
    country("Argentina", "AR", "SA", &["Rosario"]),
];

#[expect(clippy::too_many_arguments, reason = "a row of the table below")]
const fn device(
    kind: &'static str,
    vendor: &'static str,
    model: &'static str,
    os: [&'static str; 3],
    client: [&'static str; 3],
    aggregate_kind: &'static str,
    aggregate_os: &'static str,
    aggregate_browser: &'static str,
) -> Device {
    Device {
        kind,
        vendor,
        model,
        os,
        client,
        aggregate_kind,
        aggregate_os,
        aggregate_browser,
    }
}

const UNKNOWN_OS: [&str; 3] = ["unknown"; 3];

pub(crate) const DEVICES: &[Device] = &[
    device(
        "desktop",
        "Dell",
        "unknown",
        ["Microsoft Windows", "W10", "Windows10"],
        ["browser", "Firefox", "67.0"],
        "computer",
        "windows",
        "firefox",
    ),
    device(
        "desktop",
        "unknown",
        "unknown",
        ["Microsoft Windows", "W10", "Windows10"],
        ["browser", "Chrome", "96.0"],
        "computer",
        "windows",
        "chrome",
    ),
    device(
        "desktop",
        "Apple",
        "unknown",
        ["Mac", "MAC", "10.15"],
        ["browser", "Safari", "15.1"],
        "computer",
        "mac os",
        "safari",
    ),
    device(
        "smartphone",
        "Huawei",
        "P8 Lite (2017)",
        UNKNOWN_OS,
        ["browser", "Chrome Mobile", "62.0"],
        "phone",
        "android",
        "chrome",
    ),
    device(
        "smartphone",
        "Apple",
        "iPhone",
        ["iOS", "IOS", "15.2"],
        ["browser", "Mobile Safari", "15.2"],
        "phone",
        "ios",
        "safari",
    ),
    device(
        "smartphone",
        "Samsung",
        "Galaxy S10",
        ["Android", "AND", "11"],
        ["mobile app", "unknown", "unknown"],
        "phone",
        "android",
        "unknown",
    ),
    device(
        "tablet",
        "Apple",
        "iPad",
        ["iPadOS", "IPA", "15.2"],
        ["browser", "Mobile Safari", "15.2"],
        "tablet",
        "ipados",
        "safari",
    ),
    device(
        "desktop",
        "unknown",
        "unknown",
        ["GNU/Linux", "LIN", "unknown"],
        ["browser", "Firefox", "95.0"],
        "computer",
        "linux",
        "firefox",
    ),
    device(
        "tv",
        "Sony",
        "BRAVIA 4K",
        ["Android TV", "ATV", "9"],
        ["browser", "Chrome Webview", "91.0"],
        "tv",
        "android",
        "chrome",
    ),
];

const NO_REFERRER: Referrer = Referrer {
    url: None,
    medium: None,
    source: None,
    search_term: None,
};

/// Referrers; most are unknown.
pub(crate) const REFERRERS: &[Referrer] = &[
    NO_REFERRER,
    NO_REFERRER,
    NO_REFERRER,
    NO_REFERRER,
    Referrer {
        url: Some("https://api.video"),
        medium: Some("organic"),
        source: Some("https://google.com"),
        search_term: Some("video encoding hosting and delivery"),
    },
    Referrer {
        url: Some("https://www.example.org/courses?lesson=3&lang=fr"),
        medium: None,
        source: None,
        search_term: None,
    },
    Referrer {
        url: Some("https://social.example/posts/42"),
        medium: Some("social"),
        source: Some("https://social.example"),
        search_term: None,
    },
];

/// A dynamic metadata key of an asset, and the values of its sessions.
#[derive(Debug)]
pub(crate) struct MetadataKey {
    pub(crate) name: &'static str,
    /// The value in the metadata of the asset.
    pub(crate) declared: &'static str,
    pub(crate) values: &'static [&'static str],
}

pub(crate) const METADATA: &[MetadataKey] = &[
    MetadataKey {
        name: "hats",
        declared: "__hats__",
        values: &["green", "red", "blue", "black & white"],
    },
    MetadataKey {
        name: "userName",
        declared: "__userName__",
        values: &[
            "Doug", "Ada", "John Doe", "Zoë", "Linh", "Ravi", "Mei", "Ines", "Tomás", "Olu",
        ],
    },
    MetadataKey {
        name: "plan",
        declared: "__plan__",
        values: &["free", "pro", "business"],
    },
];

pub(crate) const TITLE_SUBJECTS: &[&str] = &[
    "Knots", "Tea", "Bicycles", "Clouds", "Bread", "Maps", "Owls", "Chess", "Violins", "Tides",
];

pub(crate) const TITLE_FORMS: &[&str] = &[
    "for beginners",
    "in ten minutes",
    "explained",
    "from A to Z",
    "\"live\" at home",
];

pub(crate) const TAGS: &[&str] = &["tutorial", "howto", "recorded live", "short", "Premium"];
