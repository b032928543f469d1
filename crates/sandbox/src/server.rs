//! The sandbox as a server: HTTP/1.1, without authentication.

use std::{convert::Infallible, future::Future, io, net::SocketAddr, pin::pin, time::Duration};

use futures_util::{
    FutureExt,
    future::{Either, select},
    stream::{self, FuturesUnordered, StreamExt},
};
use http::{
    HeaderValue, Request, Response, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_TYPE},
};
use http_body_util::{BodyExt, Limited, StreamBody, combinators::UnsyncBoxBody};
use hyper::{
    body::{Body, Bytes, Frame, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};

use crate::{
    api_error::{ApiError, ErrorCode},
    error::SandboxError,
    protocol::aws_json,
    router::Reply,
    sandbox::Sandbox,
    scenario::Delivery,
};

/// The largest body of a request. No request of these services comes near.
const MAX_BODY: usize = 8 << 20;
/// How long connections may take to end their requests when the server stops.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// The body of a response. It fails where the scenario breaks the connection.
type Payload = UnsyncBoxBody<Bytes, io::Error>;

/// Serves the sandbox over HTTP until `shutdown` resolves, then lets the requests in progress end. Calls `ready` with the
/// address, which matters when `listen` has port 0.
///
/// # Errors
///
/// Fails if the address cannot be bound.
pub async fn serve(
    sandbox: Sandbox,
    listen: SocketAddr,
    ready: impl FnOnce(SocketAddr),
    shutdown: impl Future,
) -> Result<(), SandboxError> {
    let failed = |source| SandboxError::Listen { listen, source };
    let listener = TcpListener::bind(listen).await.map_err(failed)?;
    ready(listener.local_addr().map_err(failed)?);

    // One task holds all connections, so they share nothing, and none outlives the server.
    let stop = pin!(shutdown.map(|_| ()));
    let stop = stop.shared();
    let mut connections = FuturesUnordered::new();
    loop {
        let accepted = {
            let accept = pin!(listener.accept());
            // An empty set of connections finishes at once, so this never ends.
            let busy = pin!(async {
                while connections.next().await.is_some() {}
                std::future::pending::<Infallible>().await
            });
            match select(stop.clone(), select(accept, busy)).await {
                Either::Left(_) => break,
                Either::Right((Either::Left((accepted, _)), _)) => accepted,
                Either::Right((Either::Right((never, _)), _)) => match never {},
            }
        };
        match accepted {
            Ok((stream, _)) => connections.push(connection(&sandbox, stream, stop.clone())),
            // Too many open files, for instance. The error passes when a connection ends.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
    drop(listener);
    let ended = async { while connections.next().await.is_some() {} };
    // Connections that do not end in time are closed.
    let _ = tokio::time::timeout(SHUTDOWN_TIMEOUT, ended).await;
    Ok(())
}

/// Responds to the requests of a connection, one after the other. An error ends this connection only.
async fn connection(sandbox: &Sandbox, stream: TcpStream, stop: impl Future + Unpin) {
    // Responses are small, and callers wait for them.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| respond(sandbox, request));
    let mut connection =
        pin!(http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service));
    if let Either::Left(_) = select(stop, connection.as_mut()).await {
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    }
}

/// Returns the response. Fails if the connection is to break instead.
async fn respond(sandbox: &Sandbox, request: Request<Incoming>) -> io::Result<Response<Payload>> {
    let (head, body) = request.into_parts();
    // Refuses an announced length without waiting for the body.
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    let collected = match announced {
        ..=MAX_BODY => Limited::new(body, MAX_BODY).collect().await,
        _ => Err("length limit exceeded".into()),
    };
    let reply = match collected {
        Ok(body) => {
            let request = Request::from_parts(head, body.to_bytes().to_vec());
            sandbox.handle(&request).unwrap_or_else(|error| Reply::immediate(broken(sandbox, &error)))
        }
        Err(error) => Reply::immediate(refused(&error.to_string())),
    };
    if !reply.delay.is_zero() {
        tokio::time::sleep(reply.delay).await;
    }
    let cut = || io::Error::other("the scenario breaks the connection");
    let mut response = reply.response;
    let length = response.body().len();
    response.headers_mut().insert(CONTENT_LENGTH, length.into());
    let delivered = match reply.delivery {
        Delivery::Complete => length,
        Delivery::Truncated => length / 2,
        Delivery::Dropped => return Err(cut()),
    };
    Ok(response.map(|body| {
        let part = Bytes::from(body).slice(..delivered);
        let rest = (delivered < length).then(|| Err(cut()));
        let frames = stream::iter([Ok(Frame::data(part))].into_iter().chain(rest));
        StreamBody::new(frames).boxed_unsync()
    }))
}

/// Returns an error of the sandbox itself, in the form that AWS's clients can show.
fn broken(sandbox: &Sandbox, error: &SandboxError) -> Response<Vec<u8>> {
    let error = ApiError::new(ErrorCode::InternalServer, error.to_string());
    aws_json::respond(aws_json::fallback(), Err(error), &sandbox.clock_and_ids().new_uuid())
}

/// Returns the response to a body that is too large.
fn refused(reason: &str) -> Response<Vec<u8>> {
    let mut response = Response::new(format!("cannot read the request: {reason}\n").into_bytes());
    *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
    let media_type = HeaderValue::from_static("text/plain");
    response.headers_mut().insert(CONTENT_TYPE, media_type);
    response
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
    };

    use super::*;
    use crate::testing::{TestSandbox, block_on};

    async fn exchange(stream: &mut TcpStream, request: &str) -> String {
        stream.write_all(request.as_bytes()).await.expect("a request");
        let mut buffer = [0; 4096];
        let length = stream.read(&mut buffer).await.expect("an answer");
        String::from_utf8_lossy(&buffer[..length]).into_owned()
    }

    fn post(target: &str, length: usize) -> String {
        format!("POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: {target}\r\nContent-Length: {length}\r\n\r\n")
    }

    #[test]
    fn server_keeps_connections_survives_bad_requests_and_ends() {
        block_on(async {
            let fixture = TestSandbox::new();
            let (address, known) = std::sync::mpsc::channel();
            let client = async {
                let address: SocketAddr = loop {
                    match known.try_recv() {
                        Ok(address) => break address,
                        Err(_) => tokio::time::sleep(Duration::from_millis(1)).await,
                    }
                };
                let mut stream = TcpStream::connect(address).await.expect("a connection");
                for _ in 0..2 {
                    let answer = exchange(&mut stream, &(post("AWSIdentityStore.ListIdentityStores", 2) + "{}")).await;
                    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("d-9067f2a1b3"), "{answer}");
                }
                let mut other = TcpStream::connect(address).await.expect("a connection");
                let answer = exchange(&mut other, "nonsense\r\n\r\n").await;
                assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
                let mut other = TcpStream::connect(address).await.expect("a connection");
                let answer = exchange(&mut other, &post("AWSIdentityStore.ListUsers", MAX_BODY + 1)).await;
                assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
                let answer = exchange(&mut stream, &(post("AWSIdentityStore.Nothing", 2) + "{}")).await;
                assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
            };
            let ready = |bound| address.send(bound).expect("a client");
            let listen = SocketAddr::from(([127, 0, 0, 1], 0));
            serve(fixture.sandbox.clone(), listen, ready, client).await.expect("a server");
        });
    }
}
