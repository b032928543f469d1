//! A proxy: CONNECT for https, the absolute form for http. It records what it is asked for.

use std::io::{self, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::request::Request;
use super::response::Response;

/// What it does with whoever comes.
#[derive(Debug, Clone, Copy)]
pub enum Policy {
    Open,
    /// User and password are wanted.
    Basic(&'static str, &'static str),
    /// Nobody may pass.
    Forbid,
    /// A tunnel is never opened.
    Stall,
}

pub struct Proxy {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Proxy {
    /// Whatever host is asked for, this is the server that is reached: names need not exist.
    pub fn start(policy: Policy, to: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::<Mutex<Vec<Request>>>::default();
        let record = Arc::clone(&seen);
        // It ends with the process of the tests.
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let record = Arc::clone(&record);
                thread::spawn(move || drop(serve(client, policy, to, &record)));
            }
        });
        Self { address, seen }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// With user and password, which have to be percent-encoded.
    pub fn url_of(&self, userinfo: &str) -> String {
        format!("http://{userinfo}@{}", self.address)
    }

    pub fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    /// The first words of the requests, each once.
    pub fn methods(&self) -> Vec<String> {
        let mut methods: Vec<String> =
            self.seen().iter().map(|request| request.line.split(' ').next().unwrap().to_owned()).collect();
        methods.dedup();
        methods
    }
}

fn serve(client: TcpStream, policy: Policy, to: SocketAddr, record: &Mutex<Vec<Request>>) -> io::Result<()> {
    client.set_nodelay(true)?;
    let mut client = BufReader::new(client);
    while let Some(request) = Request::read(&mut client)? {
        record.lock().unwrap().push(request.clone());
        let given = request.header("proxy-authorization").map(str::to_owned);
        let refusal = match policy {
            Policy::Open => None,
            Policy::Stall => {
                while client.read(&mut [0; 1024])? > 0 {}
                return Ok(());
            }
            Policy::Forbid => Some(Response::new(403, "text/html", "<html>This site is blocked</html>")),
            Policy::Basic(user, password) => {
                let wanted = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
                let echo = format!("<html>Who are you? Not {given:?}, not {password}</html>");
                (given != Some(wanted))
                    .then(|| Response::new(407, "text/html", echo).header("proxy-authenticate", "Basic realm=\"net\""))
            }
        };
        if let Some(refusal) = refusal {
            client.get_mut().write_all(&refusal.bytes())?;
            continue;
        }
        let mut server = TcpStream::connect(to)?;
        server.set_nodelay(true)?;
        if request.line.starts_with("CONNECT ") {
            client.get_mut().write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
            return tunnel(client.into_inner(), server);
        }
        let path = request.target().splitn(4, '/').nth(3).unwrap_or_default();
        server.write_all(&request.bytes(&format!("/{path}")))?;
        server.shutdown(std::net::Shutdown::Write)?;
        let mut answer = Vec::new();
        server.read_to_end(&mut answer)?;
        client.get_mut().write_all(&Response::parse(&answer).bytes())?;
    }
    Ok(())
}

fn tunnel(client: TcpStream, server: TcpStream) -> io::Result<()> {
    let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    let up = thread::spawn(move || {
        let _ = io::copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(std::net::Shutdown::Write);
    });
    let (mut from_server, mut to_client) = (server, client);
    let _ = io::copy(&mut from_server, &mut to_client);
    let _ = to_client.shutdown(std::net::Shutdown::Both);
    let _ = up.join();
    Ok(())
}
