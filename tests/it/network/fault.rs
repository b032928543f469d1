//! What can go wrong with an answer.

use std::io;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use socket2::SockRef;

use super::aws;
use super::fault_server::Stream;
use super::request::Request;
use super::response::Response;

#[derive(Debug, Clone)]
pub enum Fault {
    /// The connection is reset instead of an answer.
    Reset,
    /// The connection is closed before an answer.
    Close,
    /// Nothing is answered, ever.
    Stall,
    /// The head comes at once, the body a byte a second.
    Drip,
    /// Head and body come a byte a second.
    DripHead,
    /// The body breaks off in the middle.
    Truncate,
    /// What was asked for is done, and the connection closed without an answer.
    Lost,
    /// What was asked for is done, and nothing is answered, ever.
    LostAndStalled,
    /// This is answered instead, and nothing done.
    Say(Response),
    /// What was asked for is done, and this is answered instead.
    DoAndSay(Response),
}

impl Fault {
    /// Whether the server acts before its answer goes wrong.
    pub fn acts(&self) -> bool {
        matches!(
            self,
            Self::Drip | Self::DripHead | Self::Truncate | Self::Lost | Self::LostAndStalled | Self::DoAndSay(_)
        )
    }

    /// Answers, or fails to. Whether the connection may go on is what it returns.
    pub fn answer(
        &self,
        stream: &mut dyn Stream,
        socket: &TcpStream,
        request: &Request,
        response: &Response,
    ) -> io::Result<bool> {
        match self {
            Self::Reset => SockRef::from(socket).set_linger(Some(Duration::ZERO))?,
            Self::Close | Self::Lost => {}
            Self::Stall | Self::LostAndStalled => while stream.read(&mut [0; 1024])? > 0 {},
            Self::Drip => {
                stream.write_all(&response.head())?;
                drip(stream, &response.body)?;
            }
            Self::DripHead => drip(stream, &response.bytes())?,
            Self::Truncate => {
                stream.write_all(&response.head())?;
                stream.write_all(&response.body[..response.body.len() / 2])?;
                stream.flush()?;
            }
            Self::Say(said) | Self::DoAndSay(said) => {
                stream.write_all(&aws::echo(said, request).bytes())?;
                stream.flush()?;
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Bounded, whatever the client does.
fn drip(stream: &mut dyn Stream, bytes: &[u8]) -> io::Result<()> {
    // A short answer takes as long as any.
    let pause = Duration::from_secs((10 / bytes.len().max(1) as u64).max(1));
    for byte in bytes.iter().take(30) {
        stream.write_all(&[*byte])?;
        stream.flush()?;
        thread::sleep(pause);
    }
    Ok(())
}
