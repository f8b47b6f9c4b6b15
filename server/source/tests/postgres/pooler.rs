//! Behind PgBouncer, in both ways people run it.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use percent_encoding::percent_decode_str;
use rows::ColumnData;
use source::{Extract, Param, SourceConfig, SourceError};
use tokio::net::TcpStream;
use url::Url;

use crate::place::{Place, extract_from, seoul};
use crate::proxy::closed_port;

/// A pooler of the test's own; gone when dropped.
struct Pooler {
    child: Child,
    url: Url,
    _folder: tempfile::TempDir,
}

impl Drop for Pooler {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Pooler {
    async fn start(place: &Place, mode: &str) -> Self {
        let mut url = Url::parse(&place.database.reader).unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let (port, users) = (closed_port().await, folder.path().join("users.txt"));
        let password = percent_decode_str(url.password().unwrap())
            .decode_utf8()
            .unwrap()
            .replace('"', "\"\"");
        let login = format!("\"{}\" \"{password}\"\n", url.username());
        fs::write(&users, login).unwrap();
        let settings = format!(
            "[databases]\n* = host={} port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = plain\nauth_file = {}\npool_mode = {mode}\ndefault_pool_size = 2\n",
            url.host_str().unwrap(),
            url.port().unwrap_or(5432),
            users.display()
        );
        let file = folder.path().join("pgbouncer.ini");
        fs::write(&file, settings).unwrap();
        for file in [&users, &file] {
            fs::set_permissions(file, fs::Permissions::from_mode(0o644)).unwrap();
        }
        // A system's path for programs is not always a user's, and the program refuses to be root.
        let path = format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default());
        let is_root = fs::metadata(folder.path()).unwrap().uid() == 0;
        let child = Command::new("pgbouncer")
            .env("PATH", path)
            .args(is_root.then_some(["-u", "nobody"]).iter().flatten())
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("scripts/test-tools.sh installs pgbouncer");
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(port)).unwrap();
        let pooler = Self {
            child,
            url,
            _folder: folder,
        };
        let answers = async {
            while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), answers)
            .await
            .expect("the pooler answers");
        pooler
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pooler_in_either_mode_is_a_server_like_any_other() {
    let place = Place::new(
        "CREATE TABLE t AS SELECT i, i / 4.0 AS rate, i::float8 / 3 AS third, '{[1,3)}'::int4multirange AS spans
         FROM generate_series(1, 5000) AS i; GRANT SELECT ON t TO PUBLIC;",
    )
    .await;
    for mode in ["session", "transaction"] {
        let pooler = Pooler::start(&place, mode).await;
        let source = source::open(&SourceConfig::new("shop", pooler.url.as_str())).unwrap();
        source.check().await.unwrap();
        // More often than there are sessions, so that they are handed on.
        for _ in 0..5 {
            let extract = Extract {
                params: vec![Param::Integer(4_000)],
                ..seoul("SELECT i, rate, third, spans FROM t WHERE i > $1 ORDER BY i")
            };
            let (_, chunks) = extract_from(source.as_ref(), extract).await.unwrap();
            let thirds: Vec<String> = chunks
                .iter()
                .flat_map(|chunk| match &chunk.columns[2] {
                    ColumnData::Float(values) => values.data.clone(),
                    other => panic!("{other:?}"),
                })
                .map(|value| value.to_string())
                .collect();
            let printed = place
                .printed("SELECT third::text FROM t WHERE i > 4000 ORDER BY i")
                .await;
            let printed: Vec<String> = printed.into_iter().flatten().collect();
            assert_eq!(thirds, printed, "{mode}");
            assert_eq!(source.describe("SELECT i FROM t").await.unwrap().len(), 1);
        }
        let error = extract_from(source.as_ref(), seoul("SELECT nextval('s') FROM t"))
            .await
            .unwrap_err();
        assert!(
            matches!(error, SourceError::Columns { .. } | SourceError::Sql { .. }),
            "{error}"
        );
        // It stays read-only, and the limit of the statement is the server's.
        let endless = Extract {
            timeout: Some(Duration::from_millis(300)),
            ..seoul("SELECT pg_sleep(600)::text AS slept")
        };
        let error = extract_from(source.as_ref(), endless).await.unwrap_err();
        assert!(
            matches!(error, SourceError::Timeout { .. }),
            "{mode}: {error}"
        );
        let read_only = "SELECT current_setting('transaction_read_only') AS x";
        let (_, chunks) = extract_from(source.as_ref(), seoul(read_only))
            .await
            .unwrap();
        let ColumnData::Text(texts) = &chunks[0].columns[0] else {
            panic!("not text")
        };
        assert_eq!(texts.text(0), Some("on"), "{mode}");
    }
}
