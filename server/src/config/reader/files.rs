//! `[files]`: where finished files are kept.

use std::path::{Path, PathBuf};
use std::time::Duration;

use files::{BucketSettings, Secret, Timeouts};
use toml::{Table, Value};

use super::Reader;
use crate::config::FilesConfig;

/// Objects without a row may be on their way for this long.
const GARBAGE_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

impl Reader<'_> {
    /// Every key of `[files]`, each of them also as `DIGGER_FILES_<KEY>`, which wins over the file.
    ///
    /// Without a folder and a bucket, files are kept in the data directory.
    pub(in crate::config) fn files(&mut self, data_dir: &Path) -> FilesConfig {
        let mut table = match self.table.remove("files") {
            Some(Value::Table(table)) => table,
            Some(_) => {
                let problem = format!("{}: write the store of files as [files]", self.file);
                self.problem(problem);
                Table::new()
            }
            None => Table::new(),
        };
        let garbage_after = table.remove("garbage_after");
        let garbage_after = self
            .duration(garbage_after, "files.garbage_after")
            .unwrap_or(GARBAGE_AFTER);
        let folder = self.files_text(&mut table, "folder").map(PathBuf::from);
        let bucket = self.bucket(&mut table);
        for key in table.keys() {
            let problem = format!("{}: there is no setting `files.{key}`", self.file);
            self.problem(problem);
        }
        let store = match (folder, bucket) {
            (Some(_), Some(_)) => {
                self.problem(
                    "finished files are kept in `files.folder` or in `files.bucket`; give one of them"
                        .to_owned(),
                );
                files::Settings::Folder(data_dir.to_owned())
            }
            (None, Some(bucket)) => files::Settings::Bucket(Box::new(bucket)),
            (Some(folder), None) => files::Settings::Folder(folder),
            (None, None) => files::Settings::Folder(data_dir.to_owned()),
        };
        for problem in store.problems() {
            self.problem(problem);
        }
        FilesConfig {
            store,
            garbage_after,
        }
    }

    fn bucket(&mut self, table: &mut Table) -> Option<BucketSettings> {
        let mut text = |key| self.files_text(table, key);
        let name = text("bucket");
        let endpoint = text("endpoint");
        let region = text("region");
        let prefix = text("prefix");
        let ca_file = text("ca_file");
        let access_key_id = text("access_key_id");
        let secret_access_key = text("secret_access_key");
        let session_token = text("session_token").map(Secret::new);
        let path_style = self.files_flag(table, "path_style");
        let allow_http = self.files_flag(table, "allow_http");
        let answer = self.millis("DIGGER_FILES_ANSWER_MS", 60_000);
        let Some(name) = name else {
            let given = [&endpoint, &region, &prefix, &ca_file, &access_key_id];
            if given.into_iter().any(Option::is_some) || secret_access_key.is_some() {
                self.problem(
                    "`files.bucket` is missing: name the bucket, or remove the other settings of `files`"
                        .to_owned(),
                );
            }
            return None;
        };
        let secret = |text: Option<String>| text.map(Secret::new).unwrap_or_default();
        let mut bucket =
            BucketSettings::new(name, secret(access_key_id), secret(secret_access_key));
        bucket.endpoint = endpoint;
        bucket.region = region.unwrap_or(bucket.region);
        bucket.prefix = prefix;
        bucket.session_token = session_token;
        bucket.path_style = path_style;
        bucket.allow_http = allow_http.unwrap_or(false);
        bucket.ca_pem = ca_file.and_then(|path| self.certificates(&path));
        bucket.timeouts = Timeouts {
            answer,
            ..Timeouts::default()
        };
        Some(bucket)
    }

    fn certificates(&mut self, path: &str) -> Option<String> {
        match std::fs::read_to_string(path) {
            Ok(pem) => Some(pem),
            Err(error) => {
                self.problem(format!("cannot read `files.ca_file` {path}: {error}"));
                None
            }
        }
    }

    fn files_text(&mut self, table: &mut Table, key: &str) -> Option<String> {
        let from_file = table.remove(key);
        if let Some(value) = self.files_variable(key) {
            return Some(value);
        }
        match from_file? {
            Value::String(text) if !text.is_empty() => Some(text),
            _ => {
                let problem = format!("{}: `files.{key}` must be a text", self.file);
                self.problem(problem);
                None
            }
        }
    }

    fn files_flag(&mut self, table: &mut Table, key: &str) -> Option<bool> {
        let from_file = table.remove(key);
        let value = match self.files_variable(key) {
            Some(text) => text.parse().ok().map(Value::Boolean),
            None => Some(from_file?),
        };
        match value {
            Some(Value::Boolean(flag)) => Some(flag),
            _ => {
                self.problem(format!("`files.{key}` must be true or false"));
                None
            }
        }
    }

    fn files_variable(&mut self, key: &str) -> Option<String> {
        let variable = format!("DIGGER_FILES_{}", key.to_ascii_uppercase());
        self.environment.remove(&variable)
    }
}
