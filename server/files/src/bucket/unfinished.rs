//! Uploads in parts that were never completed. They cost money and no listing of objects shows them.
//!
//! The library cannot list them, so the request is made here, signed by the library.

use std::time::Duration;

use http::Method;
use jiff::Timestamp;
use object_store::aws::AwsAuthorizer;
use object_store::client::{HttpRequest, HttpRequestBody};
use object_store::multipart::MultipartStore;
use object_store::path::Path;
use object_store::signer::Signer;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::Bucket;
use crate::{FilesError, Kind, Unfinished};

/// Only ours: a bucket may be shared.
const FOLDER: &str = "results/";

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Page {
    upload: Vec<Upload>,
    is_truncated: bool,
    next_key_marker: String,
    next_upload_id_marker: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Upload {
    key: String,
    upload_id: String,
    initiated: Timestamp,
}

impl Bucket {
    pub(crate) async fn remove_unfinished(
        &self,
        before: Timestamp,
    ) -> Result<Unfinished, FilesError> {
        let mut gone = Unfinished::default();
        let mut after = None;
        loop {
            let page = match self.uploads(after.as_ref()).await {
                Ok(page) => page,
                // Not every store has this request, and not every account may make it.
                Err(error) if matches!(error.kind(), Kind::Unsupported | Kind::Refused) => {
                    gone.needs_rule = true;
                    return Ok(gone);
                }
                Err(error) => return Err(error),
            };
            for upload in page
                .upload
                .iter()
                .filter(|upload| upload.initiated < before)
            {
                let Ok(path) = Path::parse(&upload.key) else {
                    continue;
                };
                match self.s3.abort_multipart(&path, &upload.upload_id).await {
                    Ok(()) => gone.removed += 1,
                    // Another process was faster.
                    Err(object_store::Error::NotFound { .. }) => {}
                    Err(error) => {
                        return Err(FilesError::of_store(
                            "give up an upload of",
                            &upload.key,
                            error,
                        ));
                    }
                }
            }
            let next = (page.next_key_marker, page.next_upload_id_marker);
            // A store that says there is more, but not where, would be asked for ever.
            if !page.is_truncated || next.0.is_empty() || after.as_ref() == Some(&next) {
                return Ok(gone);
            }
            after = Some(next);
        }
    }

    async fn uploads(&self, after: Option<&(String, String)>) -> Result<Page, FilesError> {
        const ACTION: &str = "list the unfinished uploads of";
        let failed = |error| FilesError::of_store(ACTION, &self.place, error);
        let request = self.request(after).await.map_err(failed)?;
        let response = self.client.execute(request).await;
        let body = match response {
            Ok(response) => response.into_body().bytes().await,
            Err(error) => Err(error),
        };
        let body = body.map_err(|error| FilesError::of_http(ACTION, &self.place, error))?;
        quick_xml::de::from_reader(body.as_ref())
            .map_err(|error| FilesError::new(Kind::Unexpected, ACTION, &self.place).because(error))
    }

    async fn request(&self, after: Option<&(String, String)>) -> object_store::Result<HttpRequest> {
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let prefix = match &self.prefix {
            Some(prefix) => format!("{prefix}/{FOLDER}"),
            None => FOLDER.to_owned(),
        };
        let mut query = format!("uploads=&prefix={}", encode(&prefix));
        if let Some((key, id)) = after {
            query += &format!(
                "&key-marker={}&upload-id-marker={}",
                encode(key),
                encode(id)
            );
        }
        // The library knows where the bucket is; an address it signed tells.
        let known = Path::from("x");
        let mut url = self
            .s3
            .signed_url(Method::GET, &known, Duration::from_secs(1))
            .await?;
        let bucket = url.path().strip_suffix("/x").unwrap_or_default().to_owned();
        url.set_path(&bucket);
        url.set_query(Some(&query));
        let mut request = HttpRequest::new(HttpRequestBody::empty());
        *request.uri_mut() =
            url.as_str()
                .parse()
                .map_err(|error| object_store::Error::Generic {
                    store: "S3",
                    source: Box::new(error),
                })?;
        let credential = self.s3.credentials().get_credential().await?;
        AwsAuthorizer::new(&credential, "s3", &self.region).authorize(&mut request, None);
        Ok(request)
    }
}
