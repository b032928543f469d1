//! An endpoint that costs next to nothing: it answers from bytes that were prepared before, after the latency that it is
//! told to have.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};

use super::bare;
use super::run::Program;

/// The most that AWS gives at once.
const PAGE: usize = 100;

/// What a directory of this many users answers.
pub struct Answers {
    pages: Vec<Vec<u8>>,
    user_id: Vec<u8>,
    user: Vec<u8>,
}

impl Answers {
    pub fn of(users: usize) -> Self {
        let pages = users.div_ceil(PAGE);
        let page = |page: usize| {
            let listed: Vec<_> = (page * PAGE..users.min((page + 1) * PAGE)).map(user).collect();
            let mut answer = json!({ "Users": listed });
            if page + 1 < pages {
                answer["NextToken"] = token(page + 1).into();
            }
            response(&answer)
        };
        let found = user(0);
        let user_id = json!({"IdentityStoreId": found["IdentityStoreId"], "UserId": found["UserId"]});
        Self { pages: (0..pages).map(page).collect(), user_id: response(&user_id), user: response(&found) }
    }

    fn to(&self, request: &[u8]) -> &[u8] {
        if bare::find(request, b"AWSIdentityStore.GetUserId").is_some() {
            &self.user_id
        } else if bare::find(request, b"AWSIdentityStore.DescribeUser").is_some() {
            &self.user
        } else {
            let page = bare::next_token(request).and_then(|token| token[TOKEN.len()..].parse::<usize>().ok());
            &self.pages[page.unwrap_or_default()]
        }
    }
}

/// AWS's own tokens are longer than numbers are.
const TOKEN: &str =
    "AAMA-EFRSURBSGhzZGZnaGprbHF3ZXJ0eXVpb3B5eGN2Ym5tLmFzZGZnaGprbHF3ZXJ0eXVpb3B6eGN2Ym5tMTIzNDU2Nzg5MA-";

fn token(page: usize) -> String {
    format!("{TOKEN}{page}")
}

/// A user as a company has them.
fn user(number: usize) -> Value {
    json!({
        "UserName": format!("given{number}.family{number}"),
        "UserId": format!("9067f2a1b3-{number:08x}-7051-7022-f6c4-b2f1c0a1d2e3"),
        "ExternalIds": [{"Issuer": "https://idp.example.com/scim", "Id": format!("00u{number:017}")}],
        "Name": {"FamilyName": format!("Family{number}"), "GivenName": format!("Given{number}")},
        "DisplayName": format!("Given{number} Family{number}"),
        "Emails": [{"Value": format!("given{number}.family{number}@example.com"), "Type": "work", "Primary": true}],
        "PhoneNumbers": [{"Value": format!("+1 555 {number:07}"), "Type": "work"}],
        "UserType": "Employee",
        "Title": "Site Reliability Engineer",
        "Timezone": "Europe/Berlin",
        "UserStatus": "ENABLED",
        "IdentityStoreId": "d-9067f2a1b3",
        "CreatedAt": 1_768_206_600.5,
        "CreatedBy": "arn:aws:iam::111122223333:user/scim",
        "UpdatedAt": 1_780_409_111.25,
        "UpdatedBy": "arn:aws:iam::111122223333:user/scim",
    })
}

fn response(body: &Value) -> Vec<u8> {
    let body = body.to_string();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.1\r\nx-amzn-requestid: \
                6e5c1c0e-2e9a-4c58-9f9a-0a2b3c4d5e6f\r\ncontent-length: ";
    format!("{head}{}\r\n\r\n{body}", body.len()).into_bytes()
}

pub struct Endpoint {
    pub address: SocketAddr,
    scheme: &'static str,
    seen: Arc<Mutex<Vec<Vec<u8>>>>,
}

struct Shared {
    answers: Arc<Answers>,
    latency: Duration,
    tls: Option<Arc<ServerConfig>>,
    seen: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Endpoint {
    /// It is there until the process ends.
    pub fn start(answers: &Arc<Answers>, latency: Duration, tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, scheme) = (listener.local_addr().unwrap(), if tls.is_some() { "https" } else { "http" });
        let seen = Arc::default();
        let shared = Arc::new(Shared { answers: Arc::clone(answers), latency, tls, seen: Arc::clone(&seen) });
        thread::spawn(move || {
            for socket in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&shared);
                // Whoever has its answer goes away.
                thread::spawn(move || shared.serve(socket));
            }
        });
        Self { address, scheme, seen }
    }

    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// The first request that a program sends.
    pub fn first_of(&self, program: &Program) -> Vec<u8> {
        self.take_seen();
        program.time();
        self.take_seen().swap_remove(0)
    }

    /// The requests so far, whole; they are not kept afterwards.
    pub fn take_seen(&self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.seen.lock().unwrap())
    }
}

impl Shared {
    fn serve(&self, socket: TcpStream) -> io::Result<()> {
        socket.set_nodelay(true)?;
        match &self.tls {
            Some(config) => {
                let connection = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
                self.answer(StreamOwned::new(connection, socket))
            }
            None => self.answer(socket),
        }
    }

    fn answer(&self, mut stream: impl Read + Write) -> io::Result<()> {
        let mut request = Vec::new();
        while bare::read_message(&mut stream, &mut request)? {
            let answer = self.answers.to(&request);
            {
                let mut seen = self.seen.lock().unwrap();
                // What a command sends is the same each time, and 2,000 pages are no more to learn from than two.
                if seen.len() < 4 {
                    seen.push(request.clone());
                }
            }
            if !self.latency.is_zero() {
                thread::sleep(self.latency);
            }
            stream.write_all(answer)?;
            stream.flush()?;
        }
        Ok(())
    }
}
