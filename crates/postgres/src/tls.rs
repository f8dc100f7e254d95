//! Encrypted connections: what the URL asks of the server's certificate, said to rustls.
//!
//! Without the feature `tls` a URL that insists on encryption is an error, and one that would
//! merely like it (the default) goes without.

#[cfg(feature = "tls")]
mod verify;

use crate::{ConnectionUrl, Error};

#[cfg(feature = "tls")]
pub(crate) type Connector = tokio_postgres_rustls::MakeRustlsConnect;

#[cfg(not(feature = "tls"))]
pub(crate) type Connector = tokio_postgres::NoTls;

/// What the driver uses to encrypt a connection to `url`.
#[cfg(feature = "tls")]
pub(crate) fn connector(url: &ConnectionUrl) -> Result<Connector, Error> {
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let verifier = verify::verifier(url, &provider)?;
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(&error))?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(tokio_postgres_rustls::MakeRustlsConnect::new(config))
}

/// Refuses URLs that insist on encryption.
#[cfg(not(feature = "tls"))]
pub(crate) fn connector(url: &ConnectionUrl) -> Result<Connector, Error> {
    if url.ssl_mode() == crate::SslMode::Require && !url.is_socket() {
        return Err(failed(
            &"this program was built without TLS (feature `tls` of the crate `postgres`)",
        ));
    }
    Ok(tokio_postgres::NoTls)
}

fn failed(reason: &dyn std::fmt::Display) -> Error {
    Error::new("P1011", format!("Error opening a TLS connection: {reason}"))
}
