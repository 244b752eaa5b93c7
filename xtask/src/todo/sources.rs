//! Searches in the source of the crates. It is read as text: a use that is found can be another one, and what is not found
//! is missing.

use std::path::Path;

use xtask_bindgen::{Error, files};

const FACADE: &str = "crates/apivideo/src";
pub(super) const MODELS: &str = "crates/apivideo/src/model";
pub(super) const TESTED_OPERATIONS: &str = "crates/apivideo/tests/operations/mod.rs";
pub(super) const CONTRACT_COMMAND: &str = "cargo test -p apivideo --test contract";
pub(super) const SIMULATOR: &str = "crates/apivideo-simulator/src";
pub(super) const HANDLERS: &str = "crates/apivideo-simulator/src/handlers";
pub(super) const SIMULATOR_COMMAND: &str = "cargo test -p apivideo-simulator";
pub(super) const COLUMNS: &str = "crates/apivideo-lake/src/columns.rs";
pub(super) const LAKE_COMMAND: &str = "cargo test -p apivideo-lake";
pub(super) const CLI: &str = "crates/apivideo-cli/src";
pub(super) const COMMANDS: &str = "crates/apivideo-cli/src/commands";
pub(super) const OPTIONS: &str = "crates/apivideo-cli/src/args";
const HELP: &str = "crates/apivideo-cli/tests/golden/help";
pub(super) const HELP_COMMAND: &str = "UPDATE_GOLDEN=1 cargo test -p apivideo-cli --test help";
const FIELDS: &str = "crates/apivideo-cli/tests/golden/fields";
pub(super) const FIELDS_COMMAND: &str = "UPDATE_GOLDEN=1 cargo test -p apivideo-cli --test fields";

/// The source of a workspace.
pub(super) struct Sources<'a> {
    pub(super) root: &'a Path,
}

impl Sources<'_> {
    /// Returns the file that defines the type of an item of the facade, such as `Location::city`, or the folder of the
    /// facade.
    pub(super) fn file_of(&self, item: &str) -> Result<String, Error> {
        let of = item.split("::").next().unwrap_or(item);
        // The setters of `List<Videos>` are in the file of `Videos`.
        let of = of.split(['<', '>']).nth(1).unwrap_or(of);
        let after = |line: &str, begin: &str| {
            let after = line.trim_start().strip_prefix(begin)?.strip_prefix(of)?;
            let is_whole =
                !after.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_');
            is_whole.then(|| after.to_owned())
        };
        // The last three are keywords of the macro for string enums.
        let keywords = ["pub struct ", "pub enum ", "open ", "closed ", "received "];
        let by_keyword = |line: &str| {
            keywords
                .iter()
                .any(|keyword| after(line, keyword).is_some())
        };
        // A macro that defines several types.
        let by_macro = |line: &str| after(line, "").is_some_and(|after| after.ends_with(" {"));
        for defines in [&by_keyword as &dyn Fn(&str) -> bool, &by_macro] {
            if let Some(found) = self.find(FACADE, &mut |text| text.lines().any(defines))? {
                return Ok(found);
            }
        }
        Ok(FACADE.to_owned())
    }

    /// Returns `true` if one of the methods is called in a file or folder.
    pub(super) fn any_calls(&self, place: &str, methods: &[&str]) -> Result<bool, Error> {
        let calls: Vec<_> = methods.iter().map(|name| format!(".{name}(")).collect();
        self.contains(place, &calls)
    }

    /// Returns `true` if the simulator has a handler for a path.
    pub(super) fn serves(&self, path: &str) -> Result<bool, Error> {
        self.contains(HANDLERS, &[format!("\"{path}\"")])
    }

    /// Returns `true` if the simulator contains the name of a parameter or a value.
    pub(super) fn simulates(&self, name: &str) -> Result<bool, Error> {
        let bare = name.trim_end_matches("[]");
        self.contains(SIMULATOR, &[format!("\"{bare}\"")])
    }

    /// Returns `true` if a help page has an option with the name of a parameter or of a method.
    pub(super) fn has_option(&self, parameter: &str, methods: &[&str]) -> Result<bool, Error> {
        use heck::ToKebabCase as _;
        let names = methods.iter().copied().chain([parameter]);
        let options: Vec<_> = names
            .flat_map(|name| [" ", "\n", "="].map(|end| format!("--{}{end}", name.to_kebab_case())))
            .collect();
        self.contains(HELP, &options)
    }

    /// Returns the path of a column for a property, such as `location.city`.
    pub(super) fn column(&self, property: &str) -> Result<Option<String>, Error> {
        let text = files::read(&self.root.join(COLUMNS))?;
        let columns = text.lines().filter(|line| line.contains("Column::"));
        // The strings of a line are the name of the column and the path of the field.
        let mut paths = columns.filter_map(|line| line.split('"').nth(3));
        let found = paths.find(|path| path.rsplit('.').next() == Some(property));
        Ok(found.map(str::to_owned))
    }

    /// Returns `true` if a list of the fields of a command contains a field.
    pub(super) fn lists_field(&self, field: &str) -> Result<bool, Error> {
        let is_listed = &mut |text: &str| text.lines().any(|line| line.trim() == field);
        Ok(self.find(FIELDS, is_listed)?.is_some())
    }

    fn contains(&self, place: &str, any: &[String]) -> Result<bool, Error> {
        let found = self.find(place, &mut |text| any.iter().any(|one| text.contains(one)))?;
        Ok(found.is_some())
    }

    /// Returns the first file, at or below a place, whose text is accepted.
    fn find(
        &self,
        place: &str,
        accepts: &mut dyn FnMut(&str) -> bool,
    ) -> Result<Option<String>, Error> {
        let path = self.root.join(place);
        if !path.is_dir() {
            return Ok(accepts(&files::read(&path)?).then(|| place.to_owned()));
        }
        for entry in files::list(&path)? {
            let name = entry.file_name().unwrap_or_default().to_string_lossy();
            if let Some(found) = self.find(&format!("{place}/{name}"), accepts)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}
