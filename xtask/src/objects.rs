//! A throwaway object store for the tests, gone when they end.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::python;

/// The buckets that the tests use.
const BUCKETS: [&str; 2] = ["first", "pages"];

/// A running store that stops when this is dropped.
pub struct Objects {
    server: Child,
    port: u16,
}

impl Objects {
    /// Starts a store with its buckets; `None` where it can't be installed.
    pub fn start() -> Result<Option<Self>, String> {
        let Some(program) = python::MOTO.ready()? else {
            return Ok(None);
        };
        let port = crate::free_port()?;
        let server = Command::new(&program)
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let store = Self { server, port };
        for bucket in BUCKETS {
            store.make(bucket)?;
        }
        Ok(Some(store))
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn make(&self, bucket: &str) -> Result<(), String> {
        let mut said = String::new();
        for _ in 0..120 {
            if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
                let asked = format!(
                    "PUT /{bucket} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                    self.port
                );
                stream
                    .write_all(asked.as_bytes())
                    .and_then(|()| stream.read_to_string(&mut said))
                    .map_err(|error| format!("the object store breaks off: {error}"))?;
                break;
            }
            std::thread::sleep(Duration::from_millis(500));
        }
        if said.starts_with("HTTP/1.1 200") {
            Ok(())
        } else {
            Err(format!(
                "the object store makes no bucket `{bucket}`: {said}"
            ))
        }
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
