//! The one way out to other programs. It goes where it was told and nowhere else: only `https`, only to public addresses,
//! and to the very address that was checked; a redirect is an answer like any other. Hosts of the authority's own network
//! are reached where the installation names them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Request, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use url::Url;

/// So long may a whole call take.
const LONGEST: Duration = Duration::from_secs(10);
/// The most bytes of an answer that are read.
const LARGEST: usize = 1024 * 1024;

/// What another program answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Its status.
    pub status: u16,
    /// Its body.
    pub body: Vec<u8>,
}

/// The way out.
pub struct Outside {
    tls: TlsConnector,
    private_hosts: Vec<String>,
}

impl Outside {
    /// A way out that trusts the certificates that the system does. `private_hosts` may be reached although their
    /// addresses aren't public, and without TLS where they are this machine.
    ///
    /// # Errors
    /// The cryptography isn't there.
    pub fn new(private_hosts: &[String]) -> Result<Self, String> {
        let found = rustls_native_certs::load_native_certs().certs;
        Self::trusting(private_hosts, found)
    }

    /// The same, trusting these certificates.
    ///
    /// # Errors
    /// The cryptography isn't there.
    pub fn trusting(
        private_hosts: &[String],
        trusted: Vec<CertificateDer<'static>>,
    ) -> Result<Self, String> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(trusted);
        let provider = tokio_rustls::rustls::crypto::ring::default_provider();
        let config = ClientConfig::builder_with_provider(Arc::new(provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            tls: TlsConnector::from(Arc::new(config)),
            private_hosts: private_hosts
                .iter()
                .map(|host| host.to_lowercase())
                .collect(),
        })
    }

    /// Reads an address and says what keeps it from being called, before anything is looked up.
    ///
    /// # Errors
    /// It is no address, or none that may be called.
    pub fn read(&self, address: &str) -> Result<Url, String> {
        let url = Url::parse(address).map_err(|_| "this is not an address".to_owned())?;
        let host = url.host_str().unwrap_or("");
        let is_own_machine = match url.host() {
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            Some(url::Host::Domain(name)) => name == "localhost",
            None => false,
        };
        match url.scheme() {
            "https" => {}
            "http" if is_own_machine && self.is_private_host(host) => {}
            _ => return Err("an address begins with https://".to_owned()),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("an address holds no name or password".to_owned());
        }
        let ip = match url.host() {
            Some(url::Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(url::Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            Some(url::Host::Domain(_)) => None,
            None => return Err("an address names a host".to_owned()),
        };
        if ip.is_some_and(|ip| !is_public(ip)) && !self.is_private_host(host) {
            return Err(not_public());
        }
        Ok(url)
    }

    fn is_private_host(&self, host: &str) -> bool {
        self.private_hosts
            .iter()
            .any(|known| *known == host.to_lowercase())
    }

    /// Calls an address.
    ///
    /// # Errors
    /// It may not be called, can't be reached, takes too long or answers too much; in words for the log.
    pub async fn call(
        &self,
        method: &str,
        address: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<Reply, String> {
        let url = self.read(address)?;
        tokio::time::timeout(LONGEST, self.go(method, &url, headers, body))
            .await
            .map_err(|_| "no answer within ten seconds".to_owned())?
    }

    async fn go(
        &self,
        method: &str,
        url: &Url,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<Reply, String> {
        let host = url.host_str().unwrap_or("").to_owned();
        let stream = self.connect(&host, url).await?;
        if url.scheme() == "http" {
            return talk(TokioIo::new(stream), method, url, headers, body).await;
        }
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned())
            .map_err(|_| "the host has no name that a certificate could bear".to_owned())?;
        let stream = self
            .tls
            .connect(name, stream)
            .await
            .map_err(|error| format!("no secure connection: {error}"))?;
        talk(TokioIo::new(stream), method, url, headers, body).await
    }

    /// Connects to an address that was checked: looking the name up again could give another.
    async fn connect(&self, host: &str, url: &Url) -> Result<TcpStream, String> {
        let port = url.port_or_known_default().unwrap_or(443);
        let found: Vec<SocketAddr> = tokio::net::lookup_host((host.trim_matches(['[', ']']), port))
            .await
            .map_err(|error| format!("the host is not known: {error}"))?
            .collect();
        let may_be_private = self.is_private_host(host);
        if !may_be_private && found.iter().any(|address| !is_public(address.ip())) {
            return Err(not_public());
        }
        let mut last = "the host has no address".to_owned();
        for address in found {
            match TcpStream::connect(address).await {
                Ok(stream) => return Ok(stream),
                Err(error) => last = format!("no connection: {error}"),
            }
        }
        Err(last)
    }
}

fn not_public() -> String {
    "the address leads into a private network; if it is meant to, the installation names its host with --private-host"
        .to_owned()
}

async fn talk<S>(
    stream: TokioIo<S>,
    method: &str,
    url: &Url,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> Result<Reply, String>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = hyper::client::conn::http1::handshake(stream)
        .await
        .map_err(|error| format!("no connection: {error}"))?;
    let driver = tokio::spawn(connection);
    let host = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str().unwrap_or("")),
        None => url.host_str().unwrap_or("").to_owned(),
    };
    let path = url.query().map_or_else(
        || url.path().to_owned(),
        |query| format!("{}?{query}", url.path()),
    );
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, host)
        .header(header::USER_AGENT, "Candour")
        .header(header::CONNECTION, "close");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answered = async {
        let request = request
            .body(Full::new(Bytes::from(body)))
            .map_err(|error| error.to_string())?;
        let response = sender
            .send_request(request)
            .await
            .map_err(|error| format!("no answer: {error}"))?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), LARGEST)
            .collect()
            .await
            .map_err(|error| format!("the answer can't be read: {error}"))?;
        Ok(Reply {
            status,
            body: body.to_bytes().to_vec(),
        })
    }
    .await;
    driver.abort();
    answered
}

/// Whether an address is one that anybody on the internet may be reached at.
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let is_shared = a == 100 && (64..128).contains(&b);
    let is_protocol = (a, b, c) == (192, 0, 0) || (a, b, c) == (192, 88, 99);
    let is_benchmark = a == 198 && (18..20).contains(&b);
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || is_shared
        || is_protocol
        || is_benchmark
        || a == 0
        || a >= 224)
}

/// Only 2000::/3 is given out; inside it some ranges stand for others.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    if let Some(inner) = ip.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let [a, b, c, ..] = ip.segments();
    let is_given_out = a & 0xe000 == 0x2000;
    // 2001::/23 holds Teredo and other protocols, 2001:db8::/32 and 3fff::/20 are for documents, 2002::/16 is 6to4.
    let is_special = (a == 0x2001 && (b < 0x0200 || b == 0x0db8))
        || a == 0x2002
        || (a == 0x3fff && b < 0x1000)
        || (a == 0x2620 && b == 0x004f && c == 0x8000);
    is_given_out && !is_special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_called() {
        for (ip, expected) in [
            ("8.8.8.8", true),
            ("193.63.0.1", true),
            ("0.0.0.0", false),
            ("10.1.2.3", false),
            ("100.64.0.1", false),
            ("100.128.0.1", true),
            ("127.0.0.1", false),
            ("127.1.2.3", false),
            ("169.254.169.254", false),
            ("172.16.0.1", false),
            ("172.32.0.1", true),
            ("192.0.0.8", false),
            ("192.0.2.1", false),
            ("192.168.0.1", false),
            ("198.18.0.1", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("::", false),
            ("::1", false),
            ("::ffff:10.0.0.1", false),
            ("::ffff:8.8.8.8", true),
            ("64:ff9b::a00:1", false),
            ("fc00::1", false),
            ("fe80::1", false),
            ("ff02::1", false),
            ("2001::1", false),
            ("2001:db8::1", false),
            ("2002:a00:1::1", false),
            ("2a00:1450:4009::200e", true),
        ] {
            assert_eq!(is_public(ip.parse().unwrap()), expected, "{ip}");
        }
    }

    #[test]
    fn an_address_is_https_without_name_or_password_and_outside_unless_it_is_named() {
        let closed = Outside::trusting(&[], Vec::new()).unwrap();
        let open = Outside::trusting(
            &["127.0.0.1".to_owned(), "hooks.internal".to_owned()],
            Vec::new(),
        );
        let open = open.unwrap();
        for (address, is_called, is_called_when_named) in [
            ("https://hooks.example.org/candour?a=b", true, true),
            ("https://hooks.internal/", true, true),
            ("http://hooks.example.org/", false, false),
            ("http://hooks.internal/", false, false),
            ("http://127.0.0.1:8080/", false, true),
            ("https://127.0.0.1:8080/", false, true),
            ("http://localhost:8080/", false, false),
            ("https://[::1]/", false, false),
            ("https://169.254.169.254/latest/meta-data", false, false),
            // Other ways to write 127.0.0.1 and 10.0.0.1.
            ("https://2130706433/", false, true),
            ("https://0x7f.1/", false, true),
            ("https://012.0.0.1/", false, false),
            ("https://user:secret@hooks.example.org/", false, false),
            ("ftp://hooks.example.org/", false, false),
            ("file:///etc/passwd", false, false),
            ("hooks.example.org", false, false),
            ("", false, false),
        ] {
            assert_eq!(closed.read(address).is_ok(), is_called, "{address}");
            assert_eq!(
                open.read(address).is_ok(),
                is_called_when_named,
                "{address}"
            );
        }
    }

    /// A server on this machine whose certificate names this host; its port and the certificate.
    async fn secure_server(host: &str) -> (u16, CertificateDer<'static>) {
        use tokio_rustls::rustls::ServerConfig;
        use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

        let made = rcgen::generate_simple_self_signed([host.to_owned()]).unwrap();
        let certificate = made.cert.der().clone();
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let provider = tokio_rustls::rustls::crypto::ring::default_provider();
        let config = ServerConfig::builder_with_provider(Arc::new(provider))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], key.into())
            .unwrap();
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
            .await
            .unwrap();
        let port = listener.local_addr().unwrap().port();
        let answer = |request: Request<hyper::body::Incoming>| async move {
            let asked = format!("{} {}", request.method(), request.uri());
            Ok::<_, std::convert::Infallible>(axum::http::Response::new(Full::new(Bytes::from(
                asked,
            ))))
        };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // Whoever doesn't trust the certificate leaves.
                let Ok(stream) = acceptor.accept(stream).await else {
                    continue;
                };
                let service = hyper::service::service_fn(answer);
                hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await
                    .ok();
            }
        });
        (port, certificate)
    }

    #[tokio::test]
    async fn whoever_is_called_shows_a_certificate_that_is_trusted_and_bears_the_name() {
        let (port, certificate) = secure_server("localhost").await;
        let (other_port, other) = secure_server("hooks.example.org").await;
        let named = ["localhost".to_owned()];
        let outside = Outside::trusting(&named, vec![certificate, other]).unwrap();
        let address = |port: u16| format!("https://localhost:{port}/events?since=7");
        let reply = outside
            .call("POST", &address(port), &[], b"{}".to_vec())
            .await
            .unwrap();
        assert_eq!(reply.status, 200);
        assert_eq!(reply.body, b"POST /events?since=7");

        let refused = outside
            .call("POST", &address(other_port), &[], Vec::new())
            .await
            .unwrap_err();
        assert!(refused.contains("no secure connection"), "{refused}");
        let trusts_nobody = Outside::trusting(&named, Vec::new()).unwrap();
        let refused = trusts_nobody
            .call("POST", &address(port), &[], Vec::new())
            .await
            .unwrap_err();
        assert!(refused.contains("no secure connection"), "{refused}");
    }
}
