//! The floor of the comparison: a program that sends the same bytes over a plain socket, or over one with TLS, reads what
//! comes, follows the page tokens, and prints nothing.
//!
//! `bare ADDRESS [BUNDLE]` takes the whole request from standard input; with a bundle of certificates it speaks TLS.

mod http;
mod tls;

use std::error::Error;
use std::io::{self, Read, Write};
use std::net::TcpStream;

use crate::http::{ask, next_token, with_token};

fn all_pages(mut stream: impl Read + Write, first: &[u8]) -> io::Result<()> {
    let mut answer = Vec::new();
    ask(&mut stream, first, &mut answer)?;
    while let Some(request) = next_token(&answer).and_then(|token| with_token(first, token)) {
        ask(&mut stream, &request, &mut answer)?;
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let (address, bundle) = (words.next().ok_or("bare ADDRESS [BUNDLE]")?, words.next());
    let mut request = Vec::new();
    io::stdin().read_to_end(&mut request)?;
    let socket = TcpStream::connect(&address)?;
    socket.set_nodelay(true)?;
    match bundle {
        None => all_pages(socket, &request)?,
        Some(bundle) => all_pages(tls::connect(socket, &bundle)?, &request)?,
    }
    Ok(())
}
