//! A server that answers as AWS does, until it is told to go wrong. It records every request.

use std::io::{self, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Instant;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::aws;
use super::fault::Fault;
use super::request::Request;
use super::response::Response;
use super::upstream::{self, Upstream};

/// A connection, plain or TLS.
pub trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

/// What a test tells the server: the fault of a request, or none; its operation was asked for so often, this time
/// included. It may take its time, which is the latency of the answer.
pub type Plan = Box<dyn Fn(&Request, usize) -> Option<Fault> + Send + Sync>;

/// A request that came.
#[derive(Debug, Clone)]
pub struct Seen {
    pub operation: String,
    pub at: Instant,
    pub connection: usize,
    pub request: Request,
}

pub struct Server {
    pub address: SocketAddr,
    scheme: &'static str,
    shared: Arc<Shared>,
    /// Held by the test alone: threads may outlive it, and the process behind this must not.
    _upstream: Arc<Upstream>,
}

struct Shared {
    /// Where the upstream is.
    upstream: String,
    plan: Plan,
    tls: Option<Arc<ServerConfig>>,
    seen: Mutex<Vec<Seen>>,
    connections: Mutex<usize>,
    stop: AtomicBool,
}

impl Server {
    /// Nothing goes wrong.
    pub fn sound(upstream: &Arc<Upstream>) -> Self {
        Self::start(upstream, None, |_, _| None)
    }

    pub fn faulty(
        upstream: &Arc<Upstream>,
        plan: impl Fn(&Request, usize) -> Option<Fault> + Send + Sync + 'static,
    ) -> Self {
        Self::start(upstream, None, plan)
    }

    pub fn start(
        upstream: &Arc<Upstream>,
        tls: Option<Arc<ServerConfig>>,
        plan: impl Fn(&Request, usize) -> Option<Fault> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, scheme) = (listener.local_addr().unwrap(), if tls.is_some() { "https" } else { "http" });
        let shared = Arc::new(Shared {
            upstream: upstream.address.clone(),
            plan: Box::new(plan),
            tls,
            seen: Mutex::default(),
            connections: Mutex::default(),
            stop: AtomicBool::new(false),
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || accepting.accept(&listener));
        Self { address, scheme, shared, _upstream: Arc::clone(upstream) }
    }

    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// The requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.shared.seen().clone()
    }

    /// The requests for this operation.
    pub fn seen_of(&self, operation: &str) -> Vec<Seen> {
        self.seen().into_iter().filter(|seen| seen.operation == operation).collect()
    }

    /// The connections that were made, whether or not a request came over them.
    pub fn connections(&self) -> usize {
        *self.shared.connections.lock().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::SeqCst);
        // It waits for a connection, so it gets one.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn seen(&self) -> MutexGuard<'_, Vec<Seen>> {
        self.seen.lock().unwrap()
    }

    fn accept(self: Arc<Self>, listener: &TcpListener) {
        for socket in listener.incoming() {
            if self.stop.load(Ordering::SeqCst) {
                return;
            }
            let (Ok(socket), shared) = (socket, Arc::clone(&self)) else { continue };
            let number = {
                let mut connections = self.connections.lock().unwrap();
                *connections += 1;
                *connections
            };
            // A connection that breaks is what these tests are about.
            thread::spawn(move || drop(shared.serve(&socket, number)));
        }
    }

    fn serve(&self, socket: &TcpStream, number: usize) -> io::Result<()> {
        socket.set_nodelay(true)?;
        let plain = socket.try_clone()?;
        let stream: Box<dyn Stream> = match &self.tls {
            Some(config) => {
                let connection = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
                Box::new(StreamOwned::new(connection, plain))
            }
            None => Box::new(plain),
        };
        let mut stream = BufReader::new(stream);
        while let Some(request) = Request::read(&mut stream)? {
            let operation = request.operation();
            let nth = {
                let mut seen = self.seen();
                let seen_now = Seen { operation, at: Instant::now(), connection: number, request: request.clone() };
                seen.push(seen_now);
                let operation = &seen[seen.len() - 1].operation;
                seen.iter().filter(|earlier| earlier.operation == *operation).count()
            };
            let fault = (self.plan)(&request, nth);
            let acts = fault.as_ref().is_none_or(Fault::acts);
            let response = if acts { self.act(&request)? } else { Response::new(500, "text/plain", "") };
            let fault = fault.unwrap_or_else(|| Fault::Say(response.clone()));
            let goes_on = fault.answer(stream.get_mut(), socket, &request, &response)?;
            if !goes_on {
                return Ok(());
            }
        }
        Ok(())
    }

    fn act(&self, request: &Request) -> io::Result<Response> {
        match request.operation().as_str() {
            "AssumeRole" => Ok(aws::assumed_role()),
            _ => upstream::answer(&self.upstream, request),
        }
    }
}
