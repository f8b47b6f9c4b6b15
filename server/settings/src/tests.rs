//! What is read from a file and the environment, and everything that is wrong with it.

use super::*;

fn read(text: &str, environment: &[(&str, &str)]) -> Result<Settings, ConfigError> {
    let environment = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    parse("digger.toml", text, &environment, Overrides::default())
}

#[test]
fn nothing_given_is_a_server_on_port_3000_without_sources() {
    let settings = read("", &[]).unwrap();
    assert_eq!(settings.listen, "127.0.0.1:3000");
    assert_eq!(settings.limits.runs_per_user, 2);
    assert_eq!(settings.limits.stage_bytes(), 10 << 30);
    assert!(settings.sources.is_empty());
}

#[test]
fn a_source_takes_its_zone_its_limit_and_its_timeout() {
    let settings = read(
        "[sources.shop]\nurl = 'sqlite:shop.sqlite'\nzone = 'Europe/Berlin'\nmax_running = 3\ntimeout = '10 minutes'\n",
        &[],
    )
    .unwrap();
    let shop = &settings.sources[0];
    assert_eq!(shop.zone.iana_name(), Some("Europe/Berlin"));
    assert_eq!(shop.max_running, 3);
    assert_eq!(shop.timeout, Some(Duration::from_secs(600)));
}

#[test]
fn a_source_has_endpoints_timeouts_and_a_password_from_elsewhere() {
    let text = "[sources.crm]\nurl = ['postgres://db1/crm', 'postgres://db2/crm']\n\
                ca_file = 'ca.pem'\nconnect_timeout = '3s'\nidle_timeout = '1 minute'\n";
    let settings = read(text, &[("DIGGER_SOURCE_CRM_PASSWORD", "hunter2")]).unwrap();
    let crm = &settings.sources[0];
    assert_eq!(crm.urls, ["postgres://db1/crm", "postgres://db2/crm"]);
    assert_eq!(crm.ca_file, Some(PathBuf::from("ca.pem")));
    assert_eq!(crm.connect_timeout, Duration::from_secs(3));
    assert_eq!(crm.idle_timeout, Duration::from_secs(60));
    assert_eq!(crm.password.as_deref(), Some("hunter2"));
    assert!(!format!("{settings:?}").contains("hunter2"));
}

#[test]
fn blanks_separate_urls_but_not_words_of_a_path() {
    let urls = |text: &str| {
        let settings = read("", &[("DIGGER_SOURCE_SHOP_URL", text)]).unwrap();
        settings.sources[0].urls.clone()
    };
    assert_eq!(urls("sqlite:my shop.sqlite"), ["sqlite:my shop.sqlite"]);
    assert_eq!(
        urls("postgres://db1/shop  postgres://db2/shop"),
        ["postgres://db1/shop", "postgres://db2/shop"]
    );
}

#[test]
fn own_tables_are_in_the_data_directory_unless_told_otherwise() {
    let place = |text: &str| read(text, &[]).unwrap().database.to_string();
    assert_eq!(place(""), "data/digger.sqlite");
    assert_eq!(
        place("data_dir = '/srv/digger'"),
        "/srv/digger/digger.sqlite"
    );
    assert_eq!(
        place("database = 'postgres://digger:hunter2@db/digger'"),
        "postgres://digger@db:5432/digger"
    );
    let settings = read(
        "",
        &[("DIGGER_DATABASE_URL", "postgres://kim:hunter2@db/x")],
    )
    .unwrap();
    assert!(!format!("{settings:?}").contains("hunter2"));
    let error = read("database = 'mysql://kim:hunter2@db/x'", &[]).unwrap_err();
    assert!(error.to_string().contains("`database`"), "{error}");
    assert!(!error.to_string().contains("hunter2"), "{error}");
}

#[test]
fn finished_files_are_kept_in_the_data_directory_unless_told_otherwise() {
    let store = |text: &str| read(text, &[]).unwrap().files.store;
    assert_eq!(store(""), files::Settings::Folder(PathBuf::from("data")));
    assert_eq!(
        store("data_dir = '/srv/digger'"),
        files::Settings::Folder(PathBuf::from("/srv/digger"))
    );
    assert_eq!(
        store("[files]\nfolder = '/mnt/files'\n"),
        files::Settings::Folder(PathBuf::from("/mnt/files"))
    );
}

#[test]
fn a_bucket_takes_its_keys_from_the_environment() {
    let text = "[files]\nbucket = 'digger'\nendpoint = 'https://minio.example:9000'\n\
                prefix = 'sales'\nallow_http = false\ngarbage_after = '2 days'\n";
    let settings = read(
        text,
        &[
            ("DIGGER_FILES_ACCESS_KEY_ID", "AKIA1"),
            ("DIGGER_FILES_SECRET_ACCESS_KEY", "hunter2"),
            ("DIGGER_FILES_REGION", "eu-central-1"),
        ],
    )
    .unwrap();
    assert_eq!(
        settings.files.garbage_after,
        Duration::from_secs(2 * 86_400)
    );
    let files::Settings::Bucket(bucket) = &settings.files.store else {
        panic!("{:?}", settings.files);
    };
    assert_eq!(bucket.bucket, "digger");
    assert_eq!(bucket.region, "eu-central-1");
    assert_eq!(bucket.prefix.as_deref(), Some("sales"));
    assert!(!format!("{settings:?}").contains("hunter2"));
}

#[test]
fn what_is_wrong_with_the_store_of_files_is_said_with_everything_else() {
    let error = read(
        "lisen = 'x'\n[files]\nbucket = 'B'\nendpoint = 'http://me:hunter2@minio'\nbuckett = 1\npath_style = 'yes'\n",
        &[("DIGGER_FILES_COLOUR", "red")],
    )
    .unwrap_err();
    let text = error.to_string();
    for part in [
        "lisen",
        "`files.bucket`",
        "`files.endpoint`",
        "files.buckett",
        "files.path_style",
        "files.access_key_id",
        "files.secret_access_key",
        "DIGGER_FILES_COLOUR",
    ] {
        assert!(text.contains(part), "`{part}` is missing in:\n{text}");
    }
    assert!(!text.contains("hunter2"), "{text}");
    let error = read("[files]\nregion = 'eu-central-1'\n", &[]).unwrap_err();
    assert!(error.to_string().contains("`files.bucket` is missing"));
    let error = read("[files]\nbucket = 'digger'\nfolder = 'x'\n", &[]).unwrap_err();
    assert!(error.to_string().contains("give one of them"));
}

#[test]
fn the_environment_wins_over_the_file() {
    let settings = read(
        "listen = '0.0.0.0:80'\n[sources.shop]\nurl = 'sqlite:a.sqlite'\n",
        &[
            ("DIGGER_LISTEN", "127.0.0.1:8080"),
            ("DIGGER_SOURCE_SHOP_URL", "sqlite:b.sqlite"),
        ],
    )
    .unwrap();
    assert_eq!(settings.listen, "127.0.0.1:8080");
    assert_eq!(settings.sources[0].urls, ["sqlite:b.sqlite"]);
}

#[test]
fn everything_wrong_is_said_at_once() {
    let error = read(
        "lisen = 'x'\n[limits]\nruns_per_user = 0\n[sources.Shop]\nurl = 1\n[sources.crm]\nzone = 'Asia/Soul'\nca_file = 1\nidle_timeout = 'never'\ntls = true\n",
        &[
            ("DIGGER_QUERY", "x"),
            ("DIGGER_LEASE_MS", "soon"),
            ("DIGGER_SOURCE_ERP_PASSWORD", "hunter2"),
        ],
    )
    .unwrap_err();
    let text = error.to_string();
    for part in [
        "lisen",
        "runs_per_user",
        "Shop",
        "crm",
        "Asia/Soul",
        "ca_file",
        "idle_timeout",
        "sources.crm.tls",
        "DIGGER_SOURCE_ERP_PASSWORD",
        "DIGGER_QUERY",
        "DIGGER_LEASE_MS",
    ] {
        assert!(text.contains(part), "`{part}` is missing in:\n{text}");
    }
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn a_password_is_never_repeated() {
    let error = read(
        "[sources.shop]\nurl = 'postgres://me:hunter2@db/shop'\nmax_running = 0\n",
        &[("DIGGER_SOURCE_SHO P_URL", "mysql://me:hunter2@db")],
    )
    .unwrap_err();
    assert!(!error.to_string().contains("hunter2"), "{error}");
}
