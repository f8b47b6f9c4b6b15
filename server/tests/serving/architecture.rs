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

const ROOMS: [&str; 9] = [
    "app", "demo", "engine", "files", "report", "server", "sheet", "source", "store",
];

#[test]
fn rooms_import_only_what_the_design_allows() {
    let dependencies = dependencies();
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("app", &[][..]),
        ("report", &[]),
        ("sheet", &[]),
        ("source", &[]),
        ("store", &[]),
        ("files", &[]),
        ("demo", &[]),
        ("engine", &["report", "sheet", "source"]),
        (
            "server",
            &[
                "app", "demo", "engine", "files", "report", "source", "store",
            ],
        ),
    ]);
    for room in ROOMS {
        let imported: Vec<&str> = ROOMS
            .into_iter()
            .filter(|other| dependencies[room].contains(*other))
            .collect();
        assert_eq!(imported, allowed[room], "imports of `{room}`");
    }
}

#[test]
fn heavy_libraries_live_in_their_rooms_only() {
    let dependencies = dependencies();
    for (library, rooms) in [
        ("sqlx", &["demo", "peers", "source", "store", "testbed"][..]),
        ("polars", &["engine", "source"]),
        ("rust_xlsxwriter", &["engine", "peers"]),
        // `unify` only names its features.
        ("object_store", &["files", "unify"]),
        ("axum", &["app", "server"]),
        ("leptos", &["app", "server"]),
    ] {
        for (package, needed) in &dependencies {
            assert!(
                !needed.contains(library) || rooms.contains(&package.as_str()),
                "`{package}` uses `{library}`, which belongs to {rooms:?}"
            );
        }
    }
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
