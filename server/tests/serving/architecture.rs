//! Who may import whom, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// Normal dependencies of every member, by name.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .no_deps()
        .exec()
        .unwrap();
    metadata
        .packages
        .iter()
        .map(|package| {
            let normal = package
                .dependencies
                .iter()
                .filter(|needed| needed.kind == DependencyKind::Normal);
            (
                package.name.to_string(),
                normal.map(|needed| needed.name.clone()).collect(),
            )
        })
        .collect()
}

/// What every room of the product imports of ours, exactly.
const ROOMS: [(&str, &[&str]); 22] = [
    ("aggregate", &[]),
    ("app", &["lang"]),
    (
        "backend",
        &[
            "app",
            "catalogue",
            "engine",
            "files",
            "identity",
            "lang",
            "report",
            "requests",
            "runtime",
            "settings",
            "source",
            "store",
            "worker",
        ],
    ),
    (
        "catalogue",
        &["child", "lang", "report", "runtime", "store"],
    ),
    ("child", &["engine", "lang", "report", "source"]),
    ("demo", &[]),
    (
        "engine",
        &["aggregate", "lang", "report", "rows", "source", "workbook"],
    ),
    ("files", &[]),
    (
        "identity",
        &["lang", "report", "runtime", "settings", "store"],
    ),
    ("lang", &[]),
    ("report", &["lang"]),
    (
        "requests",
        &[
            "child", "engine", "identity", "lang", "report", "settings", "source", "store",
        ],
    ),
    ("rows", &[]),
    ("runtime", &["lang", "store"]),
    (
        "server",
        &[
            "backend",
            "catalogue",
            "child",
            "demo",
            "engine",
            "files",
            "identity",
            "lang",
            "report",
            "rows",
            "runtime",
            "settings",
            "source",
            "store",
            "web",
            "worker",
        ],
    ),
    ("settings", &["files", "source", "store"]),
    ("sheet", &[]),
    ("source", &["lang", "rows"]),
    ("store", &["lang"]),
    (
        "web",
        &[
            "app", "files", "identity", "lang", "runtime", "settings", "store",
        ],
    ),
    (
        "worker",
        &[
            "child", "engine", "files", "lang", "report", "runtime", "settings", "source", "store",
        ],
    ),
    ("workbook", &["lang", "report", "rows", "sheet"]),
];

#[test]
fn rooms_import_only_what_the_design_allows() {
    let dependencies = dependencies();
    for (room, allowed) in ROOMS {
        let imported: Vec<&str> = ROOMS
            .into_iter()
            .map(|(other, _)| other)
            .filter(|other| dependencies[room].contains(*other))
            .collect();
        assert_eq!(imported, allowed, "imports of `{room}`");
    }
}

#[test]
fn heavy_libraries_live_in_their_rooms_only() {
    let dependencies = dependencies();
    for (library, rooms) in [
        ("sqlx", &["bench", "demo", "source", "store", "testbed"][..]),
        ("polars", &["aggregate", "engine"]),
        ("polars-arrow", &["aggregate", "engine"]),
        ("polars-parquet", &["aggregate", "engine"]),
        ("rust_xlsxwriter", &["bench", "workbook"]),
        // `unify` only names its features.
        ("object_store", &["files", "unify"]),
        ("axum", &["web"]),
        ("leptos", &["app"]),
        ("tower-sessions", &["identity", "web"]),
        ("argon2", &["identity"]),
    ] {
        for (package, needed) in &dependencies {
            assert!(
                !needed.contains(library) || rooms.contains(&package.as_str()),
                "`{package}` uses `{library}`, which belongs to {rooms:?}"
            );
        }
    }
}

/// Everything a member is built from, tests and build scripts left out, by name.
fn built_from(member: &str) -> BTreeSet<String> {
    let metadata = MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .exec()
        .unwrap();
    let resolve = metadata.resolve.as_ref().unwrap();
    let nodes: BTreeMap<_, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let package = metadata
        .packages
        .iter()
        .find(|package| package.name.as_str() == member)
        .unwrap();
    let mut found = BTreeSet::new();
    let mut open = vec![&package.id];
    while let Some(id) = open.pop() {
        if found.insert(id) {
            let needed = nodes[id].deps.iter().filter(|needed| {
                let kinds = &needed.dep_kinds;
                kinds.iter().any(|kind| kind.kind == DependencyKind::Normal)
            });
            open.extend(needed.map(|needed| &needed.pkg));
        }
    }
    let all = metadata.packages.iter();
    all.filter(|package| found.contains(&package.id))
        .map(|package| package.name.to_string())
        .collect()
}

/// A room that gets a library through another room compiles it all the same.
#[test]
fn nothing_below_the_engine_is_built_from_a_library_that_belongs_elsewhere() {
    for (room, refused) in [
        ("rows", &["polars", "sqlx", "rust_xlsxwriter", "tokio"][..]),
        ("workbook", &["polars", "sqlx", "object_store"]),
        ("sheet", &["polars", "sqlx", "rust_xlsxwriter", "tokio"]),
        ("report", &["polars", "sqlx", "rust_xlsxwriter", "tokio"]),
        ("source", &["polars", "rust_xlsxwriter", "object_store"]),
        ("aggregate", &["sqlx", "rust_xlsxwriter"]),
    ] {
        let built_from = built_from(room);
        for library in refused {
            assert!(
                !built_from.contains(*library),
                "`{room}` is built from `{library}`"
            );
        }
    }
    assert!(built_from("engine").contains("polars"));
}

#[test]
fn what_tests_are_made_with_is_no_part_of_the_product() {
    for (package, needed) in &dependencies() {
        for tool in ["testbed", "bucket"] {
            assert!(
                !needed.contains(tool),
                "`{package}` uses `{tool}` outside its tests"
            );
        }
    }
}

#[test]
fn reports_are_read_without_io_or_async() {
    let dependencies = dependencies();
    for library in ["tokio", "futures", "reqwest", "tempfile", "rustix"] {
        assert!(
            !dependencies["report"].contains(library),
            "`report` uses `{library}`"
        );
    }
}

#[test]
fn modules_are_files_beside_their_folder() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap();
    for folder in ["app", "server"] {
        for file in super::digger::files_below(&root.join(folder)) {
            assert!(
                !file.ends_with("mod.rs"),
                "{} should be named after its module",
                file.display()
            );
        }
    }
}

/// Where the tests are that docs/run-lifecycle.md names, by the first word of the name.
const TESTS: [(&str, &str); 4] = [
    ("serving", "server/tests/serving"),
    ("store", "server/store/tests/promises"),
    ("files", "server/files/tests/files"),
    ("worker", "server/worker/src"),
];

/// Names of tests in a text: `place/file::name`.
fn tests_in(text: &str) -> Vec<(&str, &str, &str)> {
    let words = text.split('`').skip(1).step_by(2);
    words
        .filter_map(|word| {
            let (file, name) = word.split_once("::")?;
            let (place, file) = file.split_once('/')?;
            Some((place, file, name))
        })
        .collect()
}

/// What stands between `on_both!(` and its end.
fn on_both(source: &str) -> impl Iterator<Item = &str> {
    let lists = source.split("on_both!(").skip(1);
    lists.flat_map(|rest| {
        let list = rest.split(");").next().unwrap_or_default();
        list.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
    })
}

#[test]
fn every_promise_and_every_fault_names_tests_that_exist() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap();
    let text = std::fs::read_to_string(root.join("docs/run-lifecycle.md")).unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| "));
    let mut counted = 0;
    for row in rows.filter(|row| !tests_in(row).is_empty()) {
        let columns: Vec<&str> = row.split(" | ").collect();
        for (column, cell) in columns.iter().enumerate() {
            for (place, file, name) in tests_in(cell) {
                let (_, folder) = TESTS
                    .iter()
                    .find(|(known, _)| *known == place)
                    .unwrap_or_else(|| panic!("`{place}` is no place of tests: {row}"));
                let path = root.join(folder).join(format!("{file}.rs"));
                let source = std::fs::read_to_string(&path)
                    .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                assert!(
                    source.contains(&format!("fn {name}(")),
                    "{} has no test {name}",
                    path.display()
                );
                // The last column is for those that know only one database.
                let is_both = column + 1 < columns.len();
                assert!(
                    !is_both || on_both(&source).any(|word| word == name),
                    "{name} does not run on both databases: {row}"
                );
                counted += 1;
            }
        }
    }
    assert!(counted > 70, "{counted}");
    // Every row says something, and every promise has one.
    for number in 1..=11 {
        assert!(text.contains(&format!("\n| C{number} |")), "C{number}");
    }
}
