//! Taking a URL apart and writing its parts: the syntax, not the meaning.
//!
//! Follows the URL standard where a mistake is likely: `#`, `?` and `/` end the authority, so an
//! unescaped one in a password is reported as the wrong port it then looks like. Reasons never
//! quote what was read, since any part may be a piece of a password.

/// A URL's parts, percent-decoded.
pub(super) struct Parts {
    pub(super) user: String,
    pub(super) password: Option<String>,
    pub(super) host: String,
    pub(super) port: Option<u16>,
    pub(super) database: String,
    pub(super) parameters: Vec<(String, String)>,
}

/// Takes a URL apart, or says what is wrong with it.
pub(super) fn split(text: &str) -> Result<Parts, String> {
    let text = text.trim();
    let rest = text
        .strip_prefix("postgresql://")
        .or_else(|| text.strip_prefix("postgres://"))
        .ok_or("the URL must start with the protocol `postgresql://` or `postgres://`")?;
    let rest = rest.split_once('#').map_or(rest, |(before, _)| before);
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (account, address) = match authority.rsplit_once('@') {
        Some((account, address)) => (Some(account), address),
        None => (None, authority),
    };
    let (user, password) = match account
        .map(|account| account.split_once(':').unwrap_or((account, "")))
    {
        Some((user, password)) => (decode(user), (!password.is_empty()).then(|| decode(password))),
        None => (String::new(), None),
    };
    let (host, port) = split_address(address)?;
    // Host and database would be pieces of the password, and both are shown.
    if path.contains('@') {
        return Err("a `/` in the user or the password has to be written as `%2F`, and a `@` in the database as `%40`"
            .to_owned());
    }
    let database = decode(path.split('/').next().unwrap_or_default());
    let parameters: Vec<(String, String)> =
        query.split('&').filter(|pair| !pair.is_empty()).map(split_pair).collect();
    // It ends a text where a connection begins, and what comes after it would be another one.
    let texts = parameters.iter().flat_map(|(key, value)| [key, value]);
    if texts.chain([&user, &host, &database]).chain(&password).any(|text| text.contains('\0')) {
        return Err("a NUL character (`%00`) has no place".to_owned());
    }
    Ok(Parts { user, password, host, port, database, parameters })
}

/// Percent-encodes everything that could be read as syntax.
pub(super) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(char::from(b"0123456789ABCDEF"[usize::from(byte >> 4)]));
            encoded.push(char::from(b"0123456789ABCDEF"[usize::from(byte & 15)]));
        }
    }
    encoded
}

fn split_address(address: &str) -> Result<(String, Option<u16>), String> {
    let (host, port) = if let Some(rest) = address.strip_prefix('[') {
        let (host, after) = rest.split_once(']').ok_or("invalid IPv6 address")?;
        if host.parse::<std::net::Ipv6Addr>().is_err() {
            return Err("invalid IPv6 address".to_owned());
        }
        let port = after.strip_prefix(':').unwrap_or(after);
        if port.len() == after.len() && !after.is_empty() {
            return Err("invalid IPv6 address".to_owned());
        }
        (host, port)
    } else {
        address.split_once(':').unwrap_or((address, ""))
    };
    let port = match port {
        "" => None,
        _ if !port.bytes().all(|byte| byte.is_ascii_digit()) => {
            return Err("invalid port number".to_owned());
        }
        _ => match port.parse::<u16>() {
            Ok(0) | Err(_) => return Err("invalid port number".to_owned()),
            Ok(port) => Some(port),
        },
    };
    if host.contains(|c: char| c.is_whitespace() || c.is_control() || "<>^|\\@".contains(c)) {
        return Err("invalid domain character".to_owned());
    }
    Ok((decode(host), port))
}

fn split_pair(pair: &str) -> (String, String) {
    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
    (decode(&key.replace('+', " ")), decode(&value.replace('+', " ")))
}

/// Resolves `%41`; what is no escape, or no UTF-8 once resolved, stays as it was written.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digit =
            |offset: usize| bytes.get(at + offset).and_then(|&byte| char::from(byte).to_digit(16));
        if let (b'%', Some(high), Some(low)) = (bytes[at], digit(1), digit(2)) {
            decoded.push(u8::try_from(high * 16 + low).unwrap_or_default());
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_owned())
}
