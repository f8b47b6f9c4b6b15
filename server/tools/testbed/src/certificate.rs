//! A certificate authority for one server, and the server's certificate.
//!
//! Valid for `localhost` and `127.0.0.1`, and for nobody else, so a client that checks the name can be
//! seen to refuse another one.

use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

use crate::TestbedError;
use crate::account::Account;

/// Where the files are.
#[derive(Clone, Debug)]
pub(crate) struct Certificate {
    /// For clients: whom to trust.
    pub authority: PathBuf,
    /// For the server.
    pub certificate: PathBuf,
    /// For the server, readable by its account only.
    pub key: PathBuf,
}

/// Makes the files in a folder and gives the server's to its account.
pub(crate) fn make(folder: &Path, account: Option<Account>) -> Result<Certificate, TestbedError> {
    let (authority, certificate, key) = sign().map_err(TestbedError::Certificate)?;
    let made = Certificate {
        authority: folder.join("authority.pem"),
        certificate: folder.join("certificate.pem"),
        key: folder.join("key.pem"),
    };
    let files = [
        (&made.authority, authority),
        (&made.certificate, certificate),
        (&made.key, key),
    ];
    for (path, text) in files {
        write(path, &text, account).map_err(|source| TestbedError::Folder {
            action: "write",
            path: path.clone(),
            source,
        })?;
    }
    Ok(made)
}

fn sign() -> Result<(String, String, String), rcgen::Error> {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority
        .distinguished_name
        .push(DnType::CommonName, "Testbed authority");
    let authority_key = KeyPair::generate()?;
    let authority_certificate = authority.self_signed(&authority_key)?;
    let issuer = Issuer::new(authority, authority_key);

    let mut server = CertificateParams::new(["localhost".to_owned(), "127.0.0.1".to_owned()])?;
    server
        .distinguished_name
        .push(DnType::CommonName, "localhost");
    let key = KeyPair::generate()?;
    let certificate = server.signed_by(&key, &issuer)?;
    Ok((
        authority_certificate.pem(),
        certificate.pem(),
        key.serialize_pem(),
    ))
}

fn write(path: &Path, text: &str, account: Option<Account>) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(path, text)?;
    // PostgreSQL refuses a key that others may read.
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    if let Some(account) = account {
        account.give(path)?;
    }
    Ok(())
}
