//! What the facade's source has: public items, words, calls.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::Visit;

use super::calls;
use super::expand::{Macro, braced};
use crate::{Error, files};

/// What is to be known of the facade's source.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// Paths of public items, as in `Session::location` or `List<Videos>::tag`.
    pub items: BTreeSet<String>,
    /// Variants and words of the enums that have words, by the enum's name.
    pub words: BTreeMap<String, Vec<(String, String)>>,
    /// The names of the methods that each function calls.
    pub calls: Vec<BTreeSet<String>>,
}

impl Source {
    /// Reads the source of a crate.
    ///
    /// # Errors
    /// When a file can't be read, or is no Rust.
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

    /// Reads the files of a crate. What `lib.rs` exports is public.
    ///
    /// # Errors
    /// When one is no Rust.
    pub fn parse(files: &[(&Path, &str)]) -> Result<Self, Error> {
        let mut parsed = Vec::new();
        let mut collector = Collector::default();
        for (path, text) in files {
            let no_rust = |message: String| Error::Source {
                path: (*path).to_owned(),
                message,
            };
            let file = syn::parse_file(text).map_err(|error| no_rust(error.to_string()))?;
            let tokens: TokenStream = text.parse().map_err(|_| no_rust("no tokens".to_owned()))?;
            Definitions(&mut collector.macros).visit_file(&file);
            parsed.push((path, file, tokens));
        }
        for (path, file, tokens) in &parsed {
            if path.ends_with("lib.rs") {
                collector.exports(file);
            }
            collector.items(&file.items);
            let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
            let calls = calls::by_function(&tokens, &collector.macros);
            collector.source.calls.extend(calls);
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

/// The Rust files of a folder, without those that only hold tests.
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
    fn exports(&mut self, file: &syn::File) {
        for item in &file.items {
            if let syn::Item::Use(item) = item
                && is_public(&item.vis)
            {
                names(&item.tree, &mut self.exported);
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
                        let words = words(&item.block);
                        if !words.is_empty() {
                            self.source.words.insert(of.to_owned(), words);
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

fn is_public(visibility: &syn::Visibility) -> bool {
    matches!(visibility, syn::Visibility::Public(_))
}

fn is_cfg_test(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute
            .parse_args::<syn::Path>()
            .is_ok_and(|path| path.is_ident("test"))
}

/// The names that a `use` brings.
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

/// A type as paths write it: `List<Videos>`, and `List` alone where the argument is the block's own parameter.
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

/// Variants and words of a function that is one `match` from the ones to the others.
fn words(block: &syn::Block) -> Vec<(String, String)> {
    let [syn::Stmt::Expr(syn::Expr::Match(matched), None)] = block.stmts.as_slice() else {
        return Vec::new();
    };
    let arms = matched.arms.iter();
    arms.filter_map(|arm| {
        let syn::Pat::Path(pattern) = &arm.pat else {
            return None;
        };
        let syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(word),
            ..
        }) = &*arm.body
        else {
            return None;
        };
        let variant = pattern.path.segments.last()?.ident.to_string();
        Some((variant, word.value()))
    })
    .collect()
}
