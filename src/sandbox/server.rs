//! The sandbox as a server: HTTP/1.1 on this machine's own addresses.

use std::{convert::Infallible, future::Future, net::SocketAddr, pin::pin, time::Duration};

use futures_util::{
    FutureExt,
    future::{Either, select},
    stream::{FuturesUnordered, StreamExt},
};
use http::{HeaderValue, Request, Response, StatusCode, header::CONTENT_TYPE};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};

use super::{
    Sandbox, SandboxError,
    api_error::{ApiError, Code},
    json_protocol,
    operations::Call,
};

/// No request of these services comes near.
const MAX_BODY: usize = 8 << 20;
/// How long connections have to end what they are at when the server is told to stop.
const FAREWELL: Duration = Duration::from_secs(5);

/// Serves the sandbox until `shutdown`, then lets the requests under way end. `ready` is told the
/// address, which matters when `listen` has port 0.
pub(crate) async fn serve(
    sandbox: Sandbox,
    listen: SocketAddr,
    ready: impl FnOnce(SocketAddr),
    shutdown: impl Future,
) -> Result<(), SandboxError> {
    if !listen.ip().is_loopback() {
        return Err(SandboxError::NotLoopback { listen });
    }
    let failed = |source| SandboxError::Listen { listen, source };
    let listener = TcpListener::bind(listen).await.map_err(failed)?;
    ready(listener.local_addr().map_err(failed)?);

    // One task holds all connections: nothing has to be shared, and none outlives the server.
    let stop = pin!(shutdown.map(|_| ()));
    let stop = stop.shared();
    let mut connections = FuturesUnordered::new();
    loop {
        let accepted = {
            let accept = pin!(listener.accept());
            // An empty set of connections is "finished" at once: it must not be waited for.
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
            // Such as too many open files: it passes when a connection ends.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
    drop(listener);
    let farewell = async { while connections.next().await.is_some() {} };
    // Who does not end in time is cut off.
    let _ = tokio::time::timeout(FAREWELL, farewell).await;
    Ok(())
}

/// Answers the requests of a connection, one after the other. Whatever is wrong with it ends it
/// and nothing else.
async fn connection(sandbox: &Sandbox, stream: TcpStream, stop: impl Future + Unpin) {
    // Answers are small and awaited.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| async move { Ok::<_, Infallible>(respond(sandbox, request).await) });
    let mut connection =
        pin!(http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service));
    if let Either::Left(_) = select(stop, connection.as_mut()).await {
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    }
}

async fn respond(sandbox: &Sandbox, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    let response = match Limited::new(body, MAX_BODY).collect().await {
        Ok(body) => {
            let request = Request::from_parts(head, body.to_bytes().to_vec());
            sandbox.handle(&request).unwrap_or_else(|error| broken(sandbox, &error))
        }
        Err(error) => refused(&error.to_string()),
    };
    response.map(|body| Full::new(Bytes::from(body)))
}

/// The sandbox's own errors in the only shape that AWS's clients can show.
fn broken(sandbox: &Sandbox, error: &SandboxError) -> Response<Vec<u8>> {
    let call = Call { operation: "", caller: String::new(), ambient: sandbox.inner.ambient };
    let error = ApiError::new(Code::InternalServer, error.to_string());
    json_protocol::answer(Err(error), &call)
}

fn refused(reason: &str) -> Response<Vec<u8>> {
    let mut response = Response::new(format!("cannot read the request: {reason}\n").into_bytes());
    *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
    let media_type = HeaderValue::from_static("text/plain");
    response.headers_mut().insert(CONTENT_TYPE, media_type);
    response
}
