//! PostgreSQL's bare wire: one statement over the extended protocol with binary results, its bytes read and dropped.
//!
//! Messages are only counted by their headers, so that nothing but the server and the socket is measured.
//! <https://www.postgresql.org/docs/current/protocol-message-formats.html>

use std::io::{Read, Write};
use std::net::TcpStream;

use anyhow::{Context, Result, bail, ensure};
use bytes::BytesMut;
use percent_encoding::percent_decode_str;
use postgres_protocol::authentication::md5_hash;
use postgres_protocol::authentication::sasl::{ChannelBinding, ScramSha256};
use postgres_protocol::message::frontend;
use url::Url;

use crate::STATEMENT;

/// Bytes asked of the socket at once.
const BUFFER: usize = 256 * 1024;

/// Reads the whole answer and returns its rows.
pub(crate) fn read(url: &str) -> Result<u64> {
    let url = Url::parse(url)?;
    let host = url.host_str().context("the URL names no host")?;
    let mut stream = TcpStream::connect((host, url.port().unwrap_or(5432)))?;
    stream.set_nodelay(true)?;
    sign_in(&mut stream, &url)?;

    let mut out = BytesMut::new();
    frontend::parse("", STATEMENT, [], &mut out)?;
    frontend::bind(
        "",
        "",
        [],
        std::iter::empty::<()>(),
        |(), _| Ok(postgres_protocol::IsNull::Yes),
        [1],
        &mut out,
    )
    .map_err(|_| anyhow::anyhow!("the statement cannot be bound"))?;
    frontend::execute("", 0, &mut out)?;
    frontend::sync(&mut out);
    stream.write_all(&out)?;
    count(&mut stream)
}

/// Walks from header to header until the server is ready again.
fn count(stream: &mut TcpStream) -> Result<u64> {
    let mut buffer = vec![0; BUFFER];
    let (mut start, mut end, mut rows) = (0, 0, 0);
    loop {
        while end - start < 5 {
            buffer.copy_within(start..end, 0);
            (start, end) = (0, end - start);
            let read = stream.read(&mut buffer[end..])?;
            ensure!(read > 0, "the server closed the connection");
            end += read;
        }
        let kind = buffer[start];
        let length = u32::from_be_bytes(buffer[start + 1..start + 5].try_into()?) as usize + 1;
        match kind {
            b'D' => rows += 1,
            b'Z' => return Ok(rows),
            b'E' => bail!("the server refused the statement"),
            _ => {}
        }
        let mut left = length;
        while left > end - start {
            left -= end - start;
            (start, end) = (0, stream.read(&mut buffer)?);
            ensure!(end > 0, "the server closed the connection");
        }
        start += left;
    }
}

fn sign_in(stream: &mut TcpStream, url: &Url) -> Result<()> {
    let user = percent_decode_str(url.username())
        .decode_utf8()?
        .into_owned();
    let password: Vec<u8> = percent_decode_str(url.password().unwrap_or_default()).collect();
    let database = url.path().trim_start_matches('/').to_owned();
    let mut out = BytesMut::new();
    frontend::startup_message(
        [("user", user.as_str()), ("database", database.as_str())],
        &mut out,
    )?;
    stream.write_all(&out)?;
    let mut scram = None;
    loop {
        let (kind, body) = message(stream)?;
        match kind {
            b'Z' => return Ok(()),
            b'E' => bail!("the server refused the sign-in"),
            b'R' => {
                let code = u32::from_be_bytes(body[..4].try_into()?);
                let rest = &body[4..];
                out.clear();
                match code {
                    3 => frontend::password_message(&password, &mut out)?,
                    5 => {
                        let hash = md5_hash(user.as_bytes(), &password, rest[..4].try_into()?);
                        frontend::password_message(hash.as_bytes(), &mut out)?;
                    }
                    10 => {
                        let first = ScramSha256::new(&password, ChannelBinding::unsupported());
                        frontend::sasl_initial_response(
                            "SCRAM-SHA-256",
                            first.message(),
                            &mut out,
                        )?;
                        scram = Some(first);
                    }
                    11 => {
                        let scram = scram.as_mut().context("no exchange has begun")?;
                        scram.update(rest)?;
                        frontend::sasl_response(scram.message(), &mut out)?;
                    }
                    12 => scram
                        .as_mut()
                        .context("no exchange has begun")?
                        .finish(rest)?,
                    _ => {}
                }
                stream.write_all(&out)?;
            }
            _ => {}
        }
    }
}

fn message(stream: &mut TcpStream) -> Result<(u8, Vec<u8>)> {
    let mut head = [0; 5];
    stream.read_exact(&mut head)?;
    let length = u32::from_be_bytes(head[1..].try_into()?) as usize - 4;
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok((head[0], body))
}
