//! TLS connections to the database. Certificates are verified as libpq's `sslmode` defines.

use std::{path::Path, sync::Arc};

use anyhow::Context;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::config::CertificateTrust;

/// Creates a TLS connector for tokio-postgres that verifies certificates as `trust` says; an error if its PEM file
/// cannot be read.
pub(crate) fn connector(trust: &CertificateTrust) -> anyhow::Result<MakeRustlsConnect> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()?;
    let config = match trust {
        CertificateTrust::ChainAndName { roots } => {
            builder.with_root_certificates(root_store(roots.as_deref())?)
        }
        CertificateTrust::Chain { roots } => {
            let roots = Arc::new(root_store(roots.as_deref())?);
            let chain =
                WebPkiServerVerifier::builder_with_provider(roots, provider.clone()).build()?;
            builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(AnyHostName {
                    chain: Some(chain),
                    provider,
                }))
        }
        CertificateTrust::Any => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AnyHostName {
                chain: None,
                provider,
            })),
    };
    Ok(MakeRustlsConnect::new(config.with_no_client_auth()))
}

fn root_store(file: Option<&Path>) -> anyhow::Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    let Some(file) = file else {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        return Ok(roots);
    };
    let unreadable = || {
        format!(
            "DATABASE_URL has sslrootcert={}, which is not a readable PEM file",
            file.display()
        )
    };
    for certificate in CertificateDer::pem_file_iter(file).with_context(unreadable)? {
        roots
            .add(certificate.with_context(unreadable)?)
            .with_context(unreadable)?;
    }
    anyhow::ensure!(!roots.is_empty(), unreadable());
    Ok(roots)
}

/// A certificate verifier that accepts any host name if the certificate's chain is valid, or without `chain`, any
/// certificate.
#[derive(Debug)]
struct AnyHostName {
    chain: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for AnyHostName {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(chain) = &self.chain else {
            return Ok(ServerCertVerified::assertion());
        };
        match chain.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            // The name is checked last, after the chain.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            result => result,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls12_signature(
            message,
            cert,
            dss,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls13_signature(
            message,
            cert,
            dss,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
