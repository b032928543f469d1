//! As much of HTTP as the comparison needs.

use std::io::{self, Read, Write};
use std::ops::Range;

/// The first place where a text stands.
pub(crate) fn find(bytes: &[u8], text: &[u8]) -> Option<usize> {
    bytes.windows(text.len()).position(|window| window == text)
}

/// How long a message is until its body.
pub(crate) fn head_length(message: &[u8]) -> Option<usize> {
    find(message, b"\r\n\r\n").map(|end| end + 4)
}

/// Where the length of the body stands.
fn content_length(head: &[u8]) -> Option<Range<usize>> {
    let name = b"\r\ncontent-length: ";
    let start = head.windows(name.len()).position(|window| window.eq_ignore_ascii_case(name))? + name.len();
    Some(start..start + find(&head[start..], b"\r")?)
}

/// No head is longer.
const HEAD: usize = 16 * 1024;

/// Reads one request or response into the buffer; says whether there was one.
pub(crate) fn read_message(stream: &mut impl Read, message: &mut Vec<u8>) -> io::Result<bool> {
    message.resize(HEAD, 0);
    let mut filled = 0;
    let head = loop {
        let read = stream.read(&mut message[filled..])?;
        filled += read;
        match head_length(&message[..filled]) {
            Some(head) => break head,
            None if read == 0 => return Ok(false),
            None => {}
        }
    };
    let length = content_length(&message[..head]);
    let length = length.and_then(|place| std::str::from_utf8(&message[place]).ok()?.parse().ok());
    let whole = head + length.unwrap_or(0_usize);
    message.resize(whole, 0);
    if filled < whole {
        stream.read_exact(&mut message[filled..])?;
    }
    Ok(true)
}

/// The token in a message. It is among the last members of a page, so nothing else is looked at.
pub(crate) fn next_token(message: &[u8]) -> Option<&str> {
    let name = b"\"NextToken\":\"";
    let message = &message[message.len().saturating_sub(1024)..];
    let start = message.windows(name.len()).rposition(|window| window == name)? + name.len();
    let end = start + find(&message[start..], b"\"")?;
    std::str::from_utf8(&message[start..end]).ok()
}

/// The first request, made into that for the page of this token.
pub(crate) fn with_token(first: &[u8], token: &str) -> Option<Vec<u8>> {
    let (head, body) = first.split_at(head_length(first)?);
    let body = [&body[..body.len() - 1], b",\"NextToken\":\"", token.as_bytes(), b"\"}"].concat();
    let place = content_length(head)?;
    Some([&head[..place.start], body.len().to_string().as_bytes(), &head[place.end..], &body].concat())
}

/// Sends a request over a connection and reads the answer into the buffer.
pub(crate) fn ask(stream: &mut (impl Read + Write), request: &[u8], answer: &mut Vec<u8>) -> io::Result<()> {
    stream.write_all(request)?;
    stream.flush()?;
    if read_message(stream, answer)? { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}
