//! An HTTP/1.1 request, as far as AWS's clients and proxies send them.

use std::io::{self, BufRead, Read};

#[derive(Debug, Clone)]
pub struct Request {
    /// `POST / HTTP/1.1`
    pub line: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    /// The next request, or nothing when the client has no more of them.
    pub fn read(stream: &mut impl BufRead) -> io::Result<Option<Self>> {
        let line = match text_line(stream)? {
            line if line.is_empty() => return Ok(None),
            line => line,
        };
        let mut headers = Vec::new();
        loop {
            let header = text_line(stream)?;
            let Some((name, value)) = header.split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut request = Self { line, headers, body: Vec::new() };
        let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        stream.take(length).read_to_end(&mut request.body)?;
        if request.body.len() as u64 == length { Ok(Some(request)) } else { Ok(None) }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(named, _)| named == name).map(|(_, value)| value.as_str())
    }

    /// What the request asks for: the host and path of the line, without the method.
    pub fn target(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }

    /// The operation of the API: awsJson names it in a header, STS in the form.
    pub fn operation(&self) -> String {
        let target = self.header("x-amz-target").and_then(|target| target.split_once('.'));
        target.map_or_else(|| self.field("Action").unwrap_or_default(), |(_, operation)| operation.to_owned())
    }

    /// A field of the form that the body is.
    pub fn field(&self, name: &str) -> Option<String> {
        let form = String::from_utf8_lossy(&self.body).into_owned();
        let value = form.split('&').find_map(|field| field.strip_prefix(name)?.strip_prefix('=').map(str::to_owned));
        value.map(|value| decoded(&value))
    }

    /// What the SDK calls the same for every attempt of one call.
    pub fn invocation(&self) -> String {
        self.header("amz-sdk-invocation-id").unwrap_or_default().to_owned()
    }

    /// The request as it goes on to another server, which is to close the connection afterwards.
    pub fn bytes(&self, target: &str) -> Vec<u8> {
        let method = self.line.split(' ').next().unwrap_or_default();
        let mut bytes = format!("{method} {target} HTTP/1.1\r\nconnection: close\r\n").into_bytes();
        for (name, value) in self.headers.iter().filter(|(name, _)| name != "connection" && !name.starts_with("proxy"))
        {
            bytes.extend(format!("{name}: {value}\r\n").bytes());
        }
        bytes.extend(b"\r\n");
        bytes.extend(&self.body);
        bytes
    }
}

fn text_line(stream: &mut impl BufRead) -> io::Result<String> {
    let mut line = Vec::new();
    stream.read_until(b'\n', &mut line)?;
    Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
}

/// Percent-encoding undone.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut parts = text.split('%');
    bytes.extend(parts.next().unwrap_or_default().replace('+', " ").bytes());
    for part in parts {
        let (code, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(code, 16).unwrap());
        bytes.extend(rest.replace('+', " ").bytes());
    }
    String::from_utf8(bytes).unwrap()
}
