//! The built-in endpoint over HTTP, for this machine: clients, exported commands and the page itself can
//! talk to it as to a vLLM server. `cargo xtask endpoint` builds and starts it.
//!
//! It has one thread. Answers that are made at the same time take turns, token by token, as they do in a
//! server's batch; a client that takes no more bytes gets no more tokens made, and one that hangs up ends
//! its answer.

mod making;
mod metrics;
mod options;
mod replies;
mod routes;

use std::convert::Infallible;
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use playground::builtin::completion::MODEL;
use playground::builtin::model::model;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::task::{LocalSet, spawn_local};

use options::Options;
use routes::Server;

fn main() -> ExitCode {
    let outcome = Options::read(std::env::args().skip(1)).and_then(|options| {
        serve(options).map_err(|error| format!("The endpoint cannot be served: {error}."))
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            // There is nowhere else to say it.
            let _ = writeln!(io::stderr(), "{problem}");
            ExitCode::FAILURE
        }
    }
}

/// Listens until something ends it.
fn serve(options: Options) -> io::Result<()> {
    let runtime = Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()?;
    LocalSet::new().block_on(&runtime, async move {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        // Before anybody waits for it.
        model();
        tell(listener.local_addr()?.port(), &options);
        accept(&listener, &Rc::new(Server::new(options))).await
    })
}

/// The first line says where it listens: whoever started it with port 0 reads it there.
fn tell(port: u16, options: &Options) {
    let key = match options.key {
        Some(_) => "it wants the key that it was given",
        None => "it wants no key",
    };
    // A line that nobody can read is no reason not to serve.
    let _ = writeln!(
        io::stdout(),
        "The built-in endpoint listens at http://127.0.0.1:{port}/v1; {key}. Its model is {MODEL}. Ctrl+C ends it."
    );
}

async fn accept(listener: &TcpListener, server: &Rc<Server>) -> io::Result<()> {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Too many connections, most likely: those that end make room.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        // Every event leaves when it is there; without this it is only slower.
        let _ = stream.set_nodelay(true);
        let server = Rc::clone(server);
        spawn_local(async move {
            let service = service_fn(|request| async {
                Ok::<_, Infallible>(routes::answer(&server, request).await)
            });
            // It fails when the client hangs up, which is the client's right.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}
