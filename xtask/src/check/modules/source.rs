//! The modules of a crate: which file each is in, what it defines, what it imports and names.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Item, Lit, Meta, Token};

use super::references::{self, Reference};

/// The index of a module in [`Sources::modules`]. The root of the crate is 0.
pub(super) type ModuleIndex = usize;

/// A crate, without the modules of its tests.
#[derive(Default)]
pub(super) struct Sources {
    pub(super) files: Vec<PathBuf>,
    pub(super) modules: Vec<Module>,
}

#[derive(Default)]
pub(super) struct Module {
    /// The index of its file in [`Sources::files`].
    pub(super) file: usize,
    pub(super) parent: Option<ModuleIndex>,
    pub(super) children: BTreeMap<String, ModuleIndex>,
    /// The names of items other than modules and imports.
    pub(super) items: Vec<String>,
    /// Imported names, with their paths.
    pub(super) imports: Vec<(String, Vec<String>)>,
    /// The paths of glob imports, with their lines.
    pub(super) globs: Vec<(Vec<String>, usize)>,
    /// All paths that the module names, those of imports included.
    pub(super) references: Vec<Reference>,
}

/// Reads a crate from its root file.
pub(super) fn read(entry: &Path) -> Result<Sources, String> {
    let mut sources = Sources::default();
    let folder = entry.parent().unwrap_or(Path::new(""));
    sources.add_file(entry, folder, None)?;
    Ok(sources)
}

impl Sources {
    /// Adds the module of a file, whose child modules are in the folder.
    fn add_file(
        &mut self,
        path: &Path,
        folder: &Path,
        parent: Option<ModuleIndex>,
    ) -> Result<ModuleIndex, String> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("failed to read {}: {error}", path.display()))?;
        let parsed = syn::parse_file(&text)
            .map_err(|error| format!("failed to parse {}: {error}", path.display()))?;
        self.files.push(path.to_owned());
        let file = self.files.len() - 1;
        self.add_module(&parsed.items, file, folder, parent)
    }

    fn add_module(
        &mut self,
        items: &[Item],
        file: usize,
        folder: &Path,
        parent: Option<ModuleIndex>,
    ) -> Result<ModuleIndex, String> {
        let index = self.modules.len();
        self.modules.push(Module {
            file,
            parent,
            ..Module::default()
        });
        for item in items {
            if is_for_tests(attributes(item)) {
                continue;
            }
            match item {
                Item::Mod(item) => {
                    let name = item.ident.to_string();
                    let inner = folder.join(&name);
                    let child = match &item.content {
                        Some((_, items)) => self.add_module(items, file, &inner, Some(index))?,
                        None => {
                            let (path, inner) = module_file(item, folder, &name);
                            self.add_file(&path, &inner, Some(index))?
                        }
                    };
                    self.modules[index].children.insert(name, child);
                }
                item => {
                    self.modules[index].items.extend(defined_name(item));
                    // An exported macro is at the root, wherever it is defined.
                    if let Item::Macro(item) = item
                        && let Some(name) = &item.ident
                        && item
                            .attrs
                            .iter()
                            .any(|attribute| attribute.path().is_ident("macro_export"))
                    {
                        self.exported_macro(index, &name.to_string());
                    }
                }
            }
        }
        let found = references::collect(items);
        let module = &mut self.modules[index];
        module.imports = found.imports;
        module.globs = found.globs;
        module.references = found.references;
        Ok(index)
    }

    fn exported_macro(&mut self, module: ModuleIndex, name: &str) {
        let file = self.modules[module].file;
        if module != 0 && file != self.modules[0].file {
            let path = self.path(module);
            let mut target = vec!["crate".to_owned()];
            target.extend(path);
            target.push(name.to_owned());
            self.modules[0].imports.push((name.to_owned(), target));
        }
    }

    /// The names of a module and those that it is in, from the root.
    fn path(&self, module: ModuleIndex) -> Vec<String> {
        let Some(parent) = self.modules[module].parent else {
            return Vec::new();
        };
        let mut path = self.path(parent);
        let siblings = &self.modules[parent].children;
        path.extend(
            siblings
                .iter()
                .find(|(_, child)| **child == module)
                .map(|(name, _)| name.clone()),
        );
        path
    }
}

/// The file of a module that is declared, and the folder of its own modules.
fn module_file(item: &syn::ItemMod, folder: &Path, name: &str) -> (PathBuf, PathBuf) {
    let inner = folder.join(name);
    if let Some(path) = path_attribute(item) {
        return (folder.join(path), inner);
    }
    let file = folder.join(format!("{name}.rs"));
    if file.exists() {
        (file, inner)
    } else {
        (inner.join("mod.rs"), inner)
    }
}

fn path_attribute(item: &syn::ItemMod) -> Option<String> {
    item.attrs
        .iter()
        .find_map(|attribute| match &attribute.meta {
            Meta::NameValue(meta) if meta.path.is_ident("path") => match &meta.value {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(path),
                    ..
                }) => Some(path.value()),
                _ => None,
            },
            _ => None,
        })
}

/// Whether an item is compiled for tests only.
pub(super) fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<Meta>()
                .is_ok_and(|condition| needs_test(&condition))
    })
}

fn needs_test(condition: &Meta) -> bool {
    match condition {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("all") => list
            .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
            .is_ok_and(|all| all.iter().any(needs_test)),
        _ => false,
    }
}

pub(super) fn attributes(item: &Item) -> &[syn::Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn defined_name(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::TraitAlias(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}
