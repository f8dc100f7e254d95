//! Encrypted connections, to a server that speaks TLS and then has no database for us.
//!
//! Not a PostgreSQL: the one that is at hand may be built without TLS. An authority and a
//! certificate for `localhost`, valid for a hundred years, lie beside this file.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};

use crate::{Error, connect};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/tls").join(name)
}

/// The port of a server that has TLS, or says that it has not.
fn server(has_tls: bool) -> u16 {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let certificates: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(file("server.pem")).unwrap().collect();
    let key = PrivateKeyDer::from_pem_file(file("server.key")).unwrap();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(certificates.unwrap(), key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 8];
            if stream.read_exact(&mut request).is_err()
                || request[4..] != 80_877_103_u32.to_be_bytes()
            {
                refuse(&mut stream, "28000", "this server wants TLS to be asked for");
                continue;
            }
            stream.write_all(if has_tls { b"S" } else { b"N" }).unwrap();
            if has_tls {
                let mut tls = ServerConnection::new(config.clone()).unwrap();
                let mut encrypted = Stream::new(&mut tls, &mut stream);
                refuse(&mut encrypted, "3D000", "reached, encrypted");
            } else {
                refuse(&mut stream, "3D000", "reached, in the clear");
            }
        }
    });
    port
}

/// Reads the start-up message and refuses it. A client that has hung up is the test's business.
fn refuse(stream: &mut (impl Read + Write), code: &str, message: &str) {
    let _ = stream.read(&mut [0; 1024]);
    let fields = format!("SFATAL\0VFATAL\0C{code}\0M{message}\0\0");
    let length = u32::try_from(fields.len() + 4).unwrap().to_be_bytes();
    let _ = stream.write_all(&[b"E", length.as_slice(), fields.as_bytes()].concat());
    let _ = stream.flush();
}

async fn outcome(host: &str, port: u16, parameters: &str) -> Error {
    let url = format!("postgresql://ada:hunter2@{host}:{port}/d?{parameters}").parse().unwrap();
    let error = connect(&url).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hunter2"));
    error
}

fn reached(error: &Error) -> Option<&str> {
    error.db().and_then(|database| database.message().strip_prefix("reached, "))
}

#[tokio::test]
async fn the_certificate_is_believed_as_the_url_says() {
    let port = server(true);
    let authority = file("authority.pem").display().to_string();
    for (host, parameters, expected) in [
        ("127.0.0.1", String::new(), true),
        ("127.0.0.1", "sslmode=require".to_owned(), true),
        ("localhost", format!("sslmode=verify-full&sslrootcert={authority}"), true),
        ("localhost", format!("sslmode=require&sslaccept=strict&sslcert={authority}"), true),
        // For another host than the certificate's.
        ("127.0.0.1", format!("sslmode=verify-full&sslrootcert={authority}"), false),
        ("127.0.0.1", format!("sslmode=verify-ca&sslrootcert={authority}"), true),
        // The machine knows nothing of this authority.
        ("localhost", "sslmode=verify-full".to_owned(), false),
        ("localhost", "sslmode=verify-ca".to_owned(), false),
    ] {
        let error = outcome(host, port, &parameters).await;
        if expected {
            assert_eq!(reached(&error), Some("encrypted"), "{host} {parameters}: {error:?}");
        } else {
            assert!(error.is_tls(), "{host} {parameters}: {error:?}");
            assert!(error.to_string().starts_with("Error opening a TLS connection: "), "{error}");
        }
    }
}

#[tokio::test]
async fn a_server_without_tls_will_do_unless_it_must_have_it() {
    let port = server(false);
    assert_eq!(reached(&outcome("127.0.0.1", port, "").await), Some("in the clear"));
    assert!(outcome("127.0.0.1", port, "sslmode=require").await.is_tls());
}

#[tokio::test]
async fn without_encryption_none_is_asked_for() {
    let error = outcome("127.0.0.1", server(true), "sslmode=disable").await;
    assert_eq!(error.db().unwrap().message(), "this server wants TLS to be asked for");
}

#[tokio::test]
async fn an_unreadable_authority_is_told() {
    for (name, said) in [("none.pem", "none.pem"), ("server.key", "no certificate in it")] {
        let path = file(name).display().to_string();
        let error =
            outcome("localhost", 1, &format!("sslmode=verify-full&sslrootcert={path}")).await;
        assert!(error.is_tls() && error.to_string().contains(said), "{error:?}");
    }
}
