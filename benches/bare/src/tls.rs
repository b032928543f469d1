//! TLS to this host.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, TcpStream};
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// TLS over a socket to this host, with the roots of the bundle.
pub(crate) fn connect(
    socket: TcpStream,
    bundle: &str,
) -> Result<StreamOwned<ClientConnection, TcpStream>, Box<dyn Error>> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(CertificateDer::pem_file_iter(bundle)?.filter_map(Result::ok));
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let host = IpAddr::V4(Ipv4Addr::LOCALHOST).into();
    Ok(StreamOwned::new(ClientConnection::new(Arc::new(config), host)?, socket))
}
