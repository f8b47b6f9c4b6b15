//! The store: files on a disk, with the list of unfinished uploads that `s3s-fs` lacks.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use s3s::dto::*;
use s3s::{S3, S3Request, S3Response, S3Result, s3_error};
use s3s_fs::FileSystem;

use crate::Manners;

/// Uploads in one page of the list, so few that a second page is needed soon.
const PAGE: usize = 2;

pub(crate) struct Store {
    root: PathBuf,
    inner: FileSystem,
    manners: Manners,
    uploads: Mutex<Vec<MultipartUpload>>,
}

impl Store {
    pub(crate) fn new(root: &Path, manners: Manners) -> Result<Self, s3s_fs::Error> {
        Ok(Self {
            root: root.to_owned(),
            inner: FileSystem::new(root)?,
            manners,
            uploads: Mutex::new(Vec::new()),
        })
    }

    /// The inner store makes whatever folder it lacks.
    fn expect_bucket(&self, bucket: &str) -> S3Result<()> {
        if self.root.join(bucket).is_dir() {
            Ok(())
        } else {
            Err(s3_error!(NoSuchBucket))
        }
    }

    fn forget(&self, upload_id: &str) {
        self.uploads
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|upload| upload.upload_id.as_deref() != Some(upload_id));
    }
}

#[async_trait::async_trait]
impl S3 for Store {
    async fn put_object(
        &self,
        mut request: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        self.expect_bucket(&request.input.bucket)?;
        if !self.manners.honours_conditions {
            request.input.if_none_match = None;
        }
        if !self.manners.keeps_metadata {
            request.input.metadata = None;
        }
        self.inner.put_object(request).await
    }

    async fn create_multipart_upload(
        &self,
        request: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        self.expect_bucket(&request.input.bucket)?;
        let key = request.input.key.clone();
        let response = self.inner.create_multipart_upload(request).await?;
        let upload = MultipartUpload {
            key: Some(key),
            upload_id: response.output.upload_id.clone(),
            initiated: Some(SystemTime::now().into()),
            ..MultipartUpload::default()
        };
        self.uploads
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(upload);
        Ok(response)
    }

    async fn complete_multipart_upload(
        &self,
        request: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        let upload_id = request.input.upload_id.clone();
        let response = self.inner.complete_multipart_upload(request).await?;
        self.forget(&upload_id);
        Ok(response)
    }

    async fn abort_multipart_upload(
        &self,
        request: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
        let upload_id = request.input.upload_id.clone();
        let response = self.inner.abort_multipart_upload(request).await?;
        self.forget(&upload_id);
        Ok(response)
    }

    async fn list_multipart_uploads(
        &self,
        request: S3Request<ListMultipartUploadsInput>,
    ) -> S3Result<S3Response<ListMultipartUploadsOutput>> {
        if !self.manners.lists_uploads {
            return Err(s3_error!(NotImplemented));
        }
        let input = request.input;
        let prefix = input.prefix.clone().unwrap_or_default();
        let after = (input.key_marker, input.upload_id_marker);
        let mut uploads = self
            .uploads
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        uploads.retain(|upload| {
            upload
                .key
                .as_ref()
                .is_some_and(|key| key.starts_with(&prefix))
        });
        uploads.sort_by_key(|upload| (upload.key.clone(), upload.upload_id.clone()));
        if after.0.is_some() {
            uploads.retain(|upload| (upload.key.clone(), upload.upload_id.clone()) > after);
        }
        let is_truncated = uploads.len() > PAGE;
        uploads.truncate(PAGE);
        let last = uploads.last().filter(|_| is_truncated);
        Ok(S3Response::new(ListMultipartUploadsOutput {
            bucket: Some(input.bucket),
            prefix: input.prefix,
            is_truncated: Some(is_truncated),
            next_key_marker: last.and_then(|last| last.key.clone()),
            next_upload_id_marker: last.and_then(|last| last.upload_id.clone()),
            uploads: Some(uploads),
            ..ListMultipartUploadsOutput::default()
        }))
    }

    // As they are.

    async fn delete_object(
        &self,
        request: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        self.inner.delete_object(request).await
    }

    async fn delete_objects(
        &self,
        request: S3Request<DeleteObjectsInput>,
    ) -> S3Result<S3Response<DeleteObjectsOutput>> {
        self.inner.delete_objects(request).await
    }

    async fn get_object(
        &self,
        request: S3Request<GetObjectInput>,
    ) -> S3Result<S3Response<GetObjectOutput>> {
        self.inner.get_object(request).await
    }

    async fn head_object(
        &self,
        request: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        self.inner.head_object(request).await
    }

    async fn list_objects_v2(
        &self,
        request: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        self.inner.list_objects_v2(request).await
    }

    async fn upload_part(
        &self,
        request: S3Request<UploadPartInput>,
    ) -> S3Result<S3Response<UploadPartOutput>> {
        self.inner.upload_part(request).await
    }
}
