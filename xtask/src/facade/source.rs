//! The source of the facade: public items, values of string enums, calls.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::Visit;

use super::calls::{self, Function};
use super::expand::{Macro, braced};
use xtask_bindgen::{Error, files};

/// The parts of the facade's source that the coverage map refers to.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// Paths of public items without their modules, such as `Session::location` or `List<Videos>::tag`.
    pub items: BTreeSet<String>,
    /// Variants and values of the string enums, by the name of the enum.
    pub string_enums: BTreeMap<String, Vec<(String, String)>>,
    /// The functions with the methods that they call.
    pub functions: Vec<Function>,
}

impl Source {
    /// Reads the source of a crate.
    ///
    /// # Errors
    /// Returns an error if a file cannot be read, or is not Rust.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let mut texts = Vec::new();
        for path in rust_files(folder)? {
            texts.push((path.clone(), files::read(&path)?));
        }
        let texts: Vec<_> = texts
            .iter()
            .map(|(path, text)| (path.as_path(), text.as_str()))
            .collect();
        Self::parse(&texts)
    }

    /// Parses the files of a crate. Items are public that `lib.rs` or a public module defines or exports.
    ///
    /// # Errors
    /// Returns an error if a file is not valid Rust.
    pub fn parse(files: &[(&Path, &str)]) -> Result<Self, Error> {
        let mut parsed = Vec::new();
        let mut collector = Collector::default();
        for (path, text) in files {
            let invalid = |message: String| Error::Source {
                path: (*path).to_owned(),
                message,
            };
            let file = syn::parse_file(text).map_err(|error| invalid(error.to_string()))?;
            let tokens: TokenStream = text
                .parse()
                .map_err(|_| invalid("the file has no valid tokens".to_owned()))?;
            Definitions(&mut collector.macros).visit_file(&file);
            parsed.push((path, file, tokens));
        }
        collector.public(&parsed);
        for (_, file, tokens) in &parsed {
            collector.items(&file.items);
            let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
            let functions = calls::functions(&tokens, &collector.macros);
            collector.source.functions.extend(functions);
        }
        let Collector {
            mut source,
            exported,
            ..
        } = collector;
        source.items.retain(|item| {
            let name = item.split(['<', ':']).next().unwrap_or_default();
            exported.contains(name)
        });
        Ok(source)
    }
}

/// The Rust files of a folder, without files of tests.
fn rust_files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    for path in files::list(folder)? {
        if path.is_dir() {
            found.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|ending| ending == "rs")
            && path.file_name().is_some_and(|name| name != "tests.rs")
        {
            found.push(path);
        }
    }
    Ok(found)
}

struct Definitions<'a>(&'a mut BTreeMap<String, Macro>);

impl<'ast> Visit<'ast> for Definitions<'_> {
    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        if let Some(name) = &item.ident {
            self.0
                .insert(name.to_string(), Macro::of(item.mac.tokens.clone()));
        }
    }
}

#[derive(Default)]
struct Collector {
    macros: BTreeMap<String, Macro>,
    exported: BTreeSet<String>,
    source: Source,
}

impl Collector {
    /// Collects the names of public items, from `lib.rs` on through the public modules.
    fn public(&mut self, files: &[(&&Path, syn::File, TokenStream)]) {
        let mut modules = vec!["lib".to_owned()];
        while let Some(module) = modules.pop() {
            // Of files of the same name, the uppermost is the public one.
            let file = files
                .iter()
                .filter(|(path, ..)| is_module(path, &module))
                .min_by_key(|(path, ..)| {
                    path.components().count() - usize::from(path.ends_with("mod.rs"))
                });
            for item in file.iter().flat_map(|(_, file, _)| &file.items) {
                let mut found = BTreeSet::new();
                match item {
                    syn::Item::Use(item) if is_public(&item.vis) => {
                        names(&item.tree, &mut found);
                    }
                    syn::Item::Mod(item) if is_public(&item.vis) => {
                        found.insert(item.ident.to_string());
                    }
                    syn::Item::Struct(item) if is_public(&item.vis) => {
                        found.insert(item.ident.to_string());
                    }
                    syn::Item::Enum(item) if is_public(&item.vis) => {
                        found.insert(item.ident.to_string());
                    }
                    syn::Item::Trait(item) if is_public(&item.vis) => {
                        found.insert(item.ident.to_string());
                    }
                    _ => {}
                }
                for name in found {
                    if self.exported.insert(name.clone())
                        && name.starts_with(|first: char| first.is_ascii_lowercase())
                    {
                        modules.push(name);
                    }
                }
            }
        }
    }

    fn items(&mut self, items: &[syn::Item]) {
        for item in items {
            match item {
                syn::Item::Struct(item) if is_public(&item.vis) => {
                    self.add(&item.ident.to_string(), None);
                    for field in item.fields.iter().filter(|field| is_public(&field.vis)) {
                        if let Some(name) = &field.ident {
                            self.add(&item.ident.to_string(), Some(&name.to_string()));
                        }
                    }
                }
                syn::Item::Enum(item) if is_public(&item.vis) => {
                    self.add(&item.ident.to_string(), None);
                    for variant in &item.variants {
                        self.add(&item.ident.to_string(), Some(&variant.ident.to_string()));
                    }
                }
                syn::Item::Trait(item) if is_public(&item.vis) => {
                    self.add(&item.ident.to_string(), None);
                }
                syn::Item::Impl(item) if item.trait_.is_none() => {
                    let own: BTreeSet<String> = item
                        .generics
                        .type_params()
                        .map(|parameter| parameter.ident.to_string())
                        .collect();
                    if let Some(name) = type_name(&item.self_ty, &own) {
                        self.members(&name, &item.items);
                    }
                }
                syn::Item::Mod(item) if !item.attrs.iter().any(is_cfg_test) => {
                    if let Some((_, items)) = &item.content {
                        self.items(items);
                    }
                }
                syn::Item::Macro(item) if item.ident.is_none() => {
                    if let Some(stream) = self.expand(&item.mac)
                        && let Ok(file) = syn::parse2::<syn::File>(stream)
                    {
                        self.items(&file.items);
                    }
                }
                _ => {}
            }
        }
    }

    fn members(&mut self, of: &str, items: &[syn::ImplItem]) {
        for item in items {
            match item {
                syn::ImplItem::Fn(item) if is_public(&item.vis) => {
                    self.add(of, Some(&item.sig.ident.to_string()));
                    if item.sig.ident == "as_str" {
                        let values = string_values(&item.block);
                        if !values.is_empty() {
                            self.source.string_enums.insert(of.to_owned(), values);
                        }
                    }
                }
                syn::ImplItem::Const(item) if is_public(&item.vis) => {
                    self.add(of, Some(&item.ident.to_string()));
                }
                syn::ImplItem::Macro(item) => {
                    let Some(stream) = self.expand(&item.mac) else {
                        continue;
                    };
                    let mut whole: TokenStream = [TokenTree::Ident(proc_macro2::Ident::new(
                        "impl",
                        proc_macro2::Span::call_site(),
                    ))]
                    .into_iter()
                    .collect();
                    whole.extend([
                        TokenTree::Ident(proc_macro2::Ident::new(
                            "It",
                            proc_macro2::Span::call_site(),
                        )),
                        braced(stream),
                    ]);
                    if let Ok(inside) = syn::parse2::<syn::ItemImpl>(whole) {
                        self.members(of, &inside.items);
                    }
                }
                _ => {}
            }
        }
    }

    fn expand(&self, call: &syn::Macro) -> Option<TokenStream> {
        let name = call.path.segments.last()?.ident.to_string();
        self.macros.get(&name)?.expand(call.tokens.clone())
    }

    fn add(&mut self, of: &str, name: Option<&str>) {
        self.source.items.insert(match name {
            Some(name) => format!("{of}::{name}"),
            None => of.to_owned(),
        });
    }
}

/// Whether a path is the file of a module, wherever its parent is.
fn is_module(path: &Path, name: &str) -> bool {
    let stem = path.file_stem().and_then(std::ffi::OsStr::to_str);
    let folder = path.parent().and_then(Path::file_name);
    match stem {
        Some("mod") => folder.is_some_and(|folder| folder == name),
        stem => stem == Some(name),
    }
}

fn is_public(visibility: &syn::Visibility) -> bool {
    matches!(visibility, syn::Visibility::Public(_))
}

fn is_cfg_test(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute
            .parse_args::<syn::Path>()
            .is_ok_and(|path| path.is_ident("test"))
}

/// The names that a `use` imports.
fn names(tree: &syn::UseTree, found: &mut BTreeSet<String>) {
    match tree {
        syn::UseTree::Path(path) => names(&path.tree, found),
        syn::UseTree::Name(name) => {
            found.insert(name.ident.to_string());
        }
        syn::UseTree::Rename(renamed) => {
            found.insert(renamed.rename.to_string());
        }
        syn::UseTree::Group(group) => group.items.iter().for_each(|tree| names(tree, found)),
        _ => {}
    }
}

/// A type as in paths: `List<Videos>`, and `List` if the argument is a parameter of the block.
fn type_name(of: &syn::Type, own: &BTreeSet<String>) -> Option<String> {
    let syn::Type::Path(path) = of else {
        return None;
    };
    let last = path.path.segments.last()?;
    let mut arguments = Vec::new();
    if let syn::PathArguments::AngleBracketed(angled) = &last.arguments {
        for argument in &angled.args {
            if let syn::GenericArgument::Type(inner) = argument {
                let name = type_name(inner, own)?;
                if !own.contains(&name) {
                    arguments.push(name);
                }
            }
        }
    }
    let name = last.ident.to_string();
    Some(if arguments.is_empty() {
        name
    } else {
        format!("{name}<{}>", arguments.join(", "))
    })
}

/// The variants and values of a function that is one `match` from variants to strings.
fn string_values(block: &syn::Block) -> Vec<(String, String)> {
    let [syn::Stmt::Expr(syn::Expr::Match(matched), None)] = block.stmts.as_slice() else {
        return Vec::new();
    };
    let arms = matched.arms.iter();
    arms.filter_map(|arm| {
        let syn::Pat::Path(pattern) = &arm.pat else {
            return None;
        };
        let syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(value),
            ..
        }) = &*arm.body
        else {
            return None;
        };
        let variant = pattern.path.segments.last()?.ident.to_string();
        Some((variant, value.value()))
    })
    .collect()
}
