//! New parts of the document that the facade covers, and that other crates or the tests do not use.

use xtask_bindgen::Error;

use super::parts::{Added, EnumValue, Field, Operation, Parameter};
use super::sources::{self, Sources};
use super::task::Task;
use crate::facade::{Facade, Reach};

/// Returns the tasks of all new parts.
pub(super) fn missing(
    added: &Added,
    facade: &Facade,
    sources: &Sources<'_>,
) -> Result<Vec<Task>, Error> {
    let mut tasks = Vec::new();
    for operation in &added.operations {
        if let Some(Reach::Items(items)) = facade.operation(&operation.id) {
            tasks.extend(of_operation(operation, &methods(&items), sources)?);
        }
    }
    for parameter in &added.parameters {
        if let Some(Reach::Items(items)) = facade.parameter(&parameter.operation, &parameter.name) {
            tasks.extend(of_parameter(parameter, &methods(&items), sources)?);
        }
    }
    for field in &added.fields {
        for item in facade
            .field(&field.schema, &field.name)
            .iter()
            .flat_map(Reach::items)
        {
            if sources.file_of(item)?.starts_with(sources::MODELS) {
                tasks.extend(of_field(field, sources)?);
                break;
            }
        }
    }
    for EnumValue { name, value } in &added.values {
        if let Some(Reach::Items(_)) = facade.value(name, value)
            && !sources.simulates(value)?
        {
            let what = format!("the value `{value}` of {name} is not simulated");
            let (open, run) = (sources::SIMULATOR, sources::SIMULATOR_COMMAND);
            tasks.push(Task::optional("simulator", what, open, run));
        }
    }
    Ok(tasks)
}

/// Returns the last segments of the paths of items.
fn methods(items: &[String]) -> Vec<&str> {
    let names = items.iter().filter_map(|item| item.rsplit("::").next());
    names.collect()
}

fn of_operation(
    operation: &Operation,
    methods: &[&str],
    sources: &Sources<'_>,
) -> Result<Vec<Task>, Error> {
    let Operation { id, path } = operation;
    let mut tasks = Vec::new();
    if !sources.any_calls(sources::TESTED_OPERATIONS, methods)? {
        let what = format!("no test sends the operation {id}");
        tasks.push(Task::required(
            "tests",
            what,
            sources::TESTED_OPERATIONS,
            sources::CONTRACT_COMMAND,
        ));
    }
    if !sources.serves(path)? {
        let what = format!("the operation {id} has no handler for {path}");
        tasks.push(Task::required(
            "simulator",
            what,
            sources::HANDLERS,
            sources::SIMULATOR_COMMAND,
        ));
    }
    if !sources.any_calls(sources::CLI, methods)? {
        let what = format!("no command sends the operation {id}");
        tasks.push(Task::optional(
            "cli",
            what,
            sources::COMMANDS,
            sources::HELP_COMMAND,
        ));
    }
    Ok(tasks)
}

fn of_parameter(
    parameter: &Parameter,
    methods: &[&str],
    sources: &Sources<'_>,
) -> Result<Vec<Task>, Error> {
    let Parameter { operation, name } = parameter;
    let mut tasks = Vec::new();
    if !sources.any_calls(sources::TESTED_OPERATIONS, methods)? {
        let what = format!("no test sends the parameter `{name}` of {operation}");
        tasks.push(Task::required(
            "tests",
            what,
            sources::TESTED_OPERATIONS,
            sources::CONTRACT_COMMAND,
        ));
    }
    if !sources.simulates(name)? {
        let what = format!("the parameter `{name}` of {operation} is ignored");
        tasks.push(Task::required(
            "simulator",
            what,
            sources::HANDLERS,
            sources::SIMULATOR_COMMAND,
        ));
    }
    if !sources.has_option(name, methods)? {
        let what = format!("no option sets the parameter `{name}` of {operation}");
        tasks.push(Task::optional(
            "cli",
            what,
            sources::OPTIONS,
            sources::HELP_COMMAND,
        ));
    }
    Ok(tasks)
}

fn of_field(field: &Field, sources: &Sources<'_>) -> Result<Option<Task>, Error> {
    let Field { schema, name } = field;
    Ok(match sources.column(name)? {
        None => {
            let what = format!(
                "the property `{name}` of {schema} has no column, so that it is in `extra`"
            );
            Some(Task::optional(
                "lake",
                what,
                sources::COLUMNS,
                sources::LAKE_COMMAND,
            ))
        }
        Some(column) if !sources.lists_field(&column)? => {
            let what = format!("the lists of fields lack `{column}`");
            Some(Task::required("cli", what, "", sources::FIELDS_COMMAND))
        }
        Some(_) => None,
    })
}
