//! Who is let in: only a browser on this machine that has the link which the command printed.
//!
//! A page somewhere else may send requests to this address, and a name somewhere else may be made to lead here (DNS rebinding).
//! So the `Host` has to be ours, the token has to be there (in the link once, in a cookie from then on, which other sites' requests
//! do not carry), and whatever is no plain reading has to come from our own pages.
//!
//! A browser that is started with a link shows it to everybody who can list this machine's processes: its link has a key of its own,
//! which opens once and soon.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use uuid::Uuid;

/// What a page may load and do: its own style, script and requests, and nothing from elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// How long a browser may take to start.
const PATIENCE: Duration = Duration::from_mins(2);

#[derive(Debug)]
pub(crate) struct Guard {
    token: String,
    /// The key that works once, and until when; none once it has.
    once: Mutex<Option<(String, Instant)>>,
    port: u16,
}

impl Guard {
    pub(crate) fn new(port: u16) -> Self {
        Self { token: key(), once: Mutex::new(None), port }
    }

    /// The link that opens a page.
    pub(crate) fn link(&self) -> String {
        format!("http://127.0.0.1:{}/?token={}", self.port, self.token)
    }

    /// A link that opens a page once. The one before it opens none any more.
    pub(crate) fn link_once(&self, now: Instant) -> String {
        let key = key();
        let link = format!("http://127.0.0.1:{}/?once={key}", self.port);
        *self.once.lock().unwrap_or_else(PoisonError::into_inner) = Some((key, now + PATIENCE));
        link
    }

    /// Whether it is the key that works once, which from here on does not.
    fn take_once(&self, given: &str, now: Instant) -> bool {
        let mut once = self.once.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = once.as_ref().is_some_and(|(key, until)| is_same(given, key) && now < *until);
        if is_it {
            *once = None;
        }
        is_it
    }

    fn cookie(&self) -> String {
        format!("driveflow_studio_{}", self.port)
    }

    fn is_our_host(&self, host: &str) -> bool {
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port.parse() == Ok(self.port) => name,
            _ => return false,
        };
        matches!(name, "127.0.0.1" | "localhost" | "[::1]")
    }

    fn has_cookie(&self, headers: &HeaderMap) -> bool {
        let name = self.cookie();
        let cookies =
            headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|cookies| cookies.split(';'));
        pairs.any(|pair| {
            pair.trim()
                .split_once('=')
                .is_some_and(|(key, value)| key == name && is_same(value, &self.token))
        })
    }

    fn is_from_our_pages(headers: &HeaderMap, host: &str) -> bool {
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let is_json =
            text(header::CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/json"));
        is_json && text(header::ORIGIN) == Some(format!("http://{host}").as_str())
    }
}

/// What nobody guesses.
fn key() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

/// In a time that does not tell how much of it was right.
fn is_same(given: &str, key: &str) -> bool {
    let differences = given.bytes().zip(key.bytes()).fold(0, |all, (a, b)| all | (a ^ b));
    given.len() == key.len() && differences == 0
}

/// Every request goes through here, and every answer.
pub(crate) async fn check(
    State(guard): State<Arc<Guard>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = match refuse(&guard, &request) {
        None => next.run(request).await,
        Some(refused) => refused,
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // What is somebody's data is not kept in a browser's cache; assets say themselves how long they stay.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The answer to a request that is not let in.
fn refuse(guard: &Guard, request: &Request) -> Option<Response> {
    let headers = request.headers();
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !guard.is_our_host(host) {
        return Some(plain(
            StatusCode::FORBIDDEN,
            "this server answers under its own address only",
        ));
    }
    if request.uri().path().starts_with("/assets/") {
        return None;
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD)
        && !Guard::is_from_our_pages(headers, host)
    {
        return Some(plain(StatusCode::FORBIDDEN, "this was not asked by a page of this server"));
    }
    // Cookies know no ports: another server of this machine may have its pages ask here.
    let site = headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
    let is_ours = matches!(site, None | Some("same-origin" | "none"));
    if is_ours && guard.has_cookie(headers) {
        return without_key(request).map(|path| moved(&path, None));
    }
    let query = request.uri().query().unwrap_or_default();
    let lets_in = |(name, given): (Cow<'_, str>, Cow<'_, str>)| match &*name {
        "token" => is_same(&given, &guard.token),
        "once" => guard.take_once(&given, Instant::now()),
        _ => false,
    };
    match without_key(request) {
        Some(path) if form_urlencoded::parse(query.as_bytes()).any(lets_in) => {
            let cookie =
                format!("{}={}; HttpOnly; SameSite=Strict; Path=/", guard.cookie(), guard.token);
            // What another site began carries no cookie to where it is sent on; our own page does.
            Some(if is_ours { moved(&path, Some(&cookie)) } else { opened(&path, &cookie) })
        }
        _ => Some(plain(
            StatusCode::UNAUTHORIZED,
            "please open the link that `cargo xtask studio` printed: it holds the key to this page",
        )),
    }
}

/// Where to go on when the URL has a key, which is not to stay in the browser's history; none where it has none.
fn without_key(request: &Request) -> Option<String> {
    let query = request.uri().query().unwrap_or_default();
    let pairs = form_urlencoded::parse(query.as_bytes());
    let (keys, others): (Vec<_>, Vec<_>) =
        pairs.partition(|(name, _)| matches!(&**name, "token" | "once"));
    if keys.is_empty() {
        return None;
    }
    let rest = form_urlencoded::Serializer::new(String::new()).extend_pairs(others).finish();
    // One slash at its beginning: two would be another host.
    let path = format!("/{}", request.uri().path().trim_start_matches(['/', '\\']));
    Some(if rest.is_empty() { path } else { format!("{path}?{rest}") })
}

fn moved(to: &str, cookie: Option<&str>) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    if let Ok(to) = HeaderValue::from_str(to) {
        headers.insert(header::LOCATION, to);
    }
    if let Some(cookie) = cookie.and_then(|cookie| HeaderValue::from_str(cookie).ok()) {
        headers.insert(header::SET_COOKIE, cookie);
    }
    response
}

/// A page that goes on to another one of ours.
fn opened(to: &str, cookie: &str) -> Response {
    let page = maud::html! {
        (maud::DOCTYPE)
        title { "Studio" }
        meta http-equiv="refresh" content={ "0;url=" (to) };
        a href=(to) { "To the studio" }
    };
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    let mut response = (kind, page.into_string()).into_response();
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

fn plain(status: StatusCode, why: &str) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], Body::from(format!("{why}\n")))
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: Method, uri: &str, headers: &[(&str, &str)]) -> Request {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Body::empty()).expect("a request")
    }

    fn refused(guard: &Guard, request: &Request) -> Option<StatusCode> {
        refuse(guard, request).map(|response| response.status())
    }

    #[test]
    fn only_the_link_lets_in() {
        let guard = Guard::new(5555);
        let host = ("host", "127.0.0.1:5555");
        assert_eq!(
            refused(&guard, &request(Method::GET, "/", &[host])),
            Some(StatusCode::UNAUTHORIZED)
        );
        let wrong = request(Method::GET, "/?token=x", &[host]);
        assert_eq!(refused(&guard, &wrong), Some(StatusCode::UNAUTHORIZED));
        let uri = format!("/model/A?sort=b&token={}", guard.token);
        let response = refuse(&guard, &request(Method::GET, &uri, &[host])).expect("an answer");
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        assert_eq!(response.headers()["location"], "/model/A?sort=b");
        let cookie = response.headers()["set-cookie"].to_str().expect("text");
        assert!(cookie.contains("HttpOnly; SameSite=Strict"), "{cookie}");
        let cookie = cookie.split(';').next().expect("a part");
        assert_eq!(refused(&guard, &request(Method::GET, "/", &[host, ("cookie", cookie)])), None);
    }

    #[test]
    fn a_browsers_own_link_opens_once_and_soon() {
        let guard = Guard::new(5555);
        let host = ("host", "127.0.0.1:5555");
        let uri = |link: &str| link.strip_prefix("http://127.0.0.1:5555").expect("ours").to_owned();
        let first = uri(&guard.link_once(Instant::now()));
        assert!(!first.contains(&guard.token));
        let second = uri(&guard.link_once(Instant::now()));
        let get = |uri: &str| request(Method::GET, uri, &[host]);
        assert_eq!(refused(&guard, &get(&first)), Some(StatusCode::UNAUTHORIZED), "given up");
        let response = refuse(&guard, &get(&second)).expect("an answer");
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        assert_eq!(response.headers()["location"], "/");
        assert_eq!(refused(&guard, &get(&second)), Some(StatusCode::UNAUTHORIZED), "used");
        // Whoever is in already is not asked, and the address loses the key all the same.
        let cookie = response.headers()["set-cookie"].to_str().expect("text");
        let cookie = ("cookie", cookie.split(';').next().expect("a part"));
        let again = refuse(&guard, &request(Method::GET, &second, &[host, cookie]));
        assert_eq!(again.expect("an answer").headers()["location"], "/");
        let Some(long_ago) = Instant::now().checked_sub(PATIENCE) else { return };
        let late = uri(&guard.link_once(long_ago));
        assert_eq!(refused(&guard, &get(&late)), Some(StatusCode::UNAUTHORIZED));
    }

    #[test]
    fn other_names_for_this_address_are_refused() {
        let guard = Guard::new(5555);
        let cookie = format!("{}={}", guard.cookie(), guard.token);
        for host in
            ["evil.example:5555", "127.0.0.1", "127.0.0.1:80", "", "localhost.evil.example:5555"]
        {
            let request = request(Method::GET, "/", &[("host", host), ("cookie", &cookie)]);
            assert_eq!(refused(&guard, &request), Some(StatusCode::FORBIDDEN), "{host}");
        }
        for host in ["localhost:5555", "[::1]:5555"] {
            let request = request(Method::GET, "/", &[("host", host), ("cookie", &cookie)]);
            assert_eq!(refused(&guard, &request), None, "{host}");
        }
    }

    #[test]
    fn writes_come_from_our_own_pages() {
        let guard = Guard::new(5555);
        let cookie = format!("{}={}", guard.cookie(), guard.token);
        let fine = [
            ("host", "127.0.0.1:5555"),
            ("cookie", cookie.as_str()),
            ("origin", "http://127.0.0.1:5555"),
            ("content-type", "application/json"),
        ];
        assert_eq!(refused(&guard, &request(Method::POST, "/api/changes", &fine)), None);
        for (at, value) in [(2, "http://evil.example"), (2, "null"), (3, "text/plain")] {
            let mut wrong = fine;
            wrong[at].1 = value;
            let request = request(Method::POST, "/api/changes", &wrong);
            assert_eq!(refused(&guard, &request), Some(StatusCode::FORBIDDEN), "{value}");
        }
        let without_origin = request(Method::POST, "/api/changes", &fine[..2]);
        assert_eq!(refused(&guard, &without_origin), Some(StatusCode::FORBIDDEN));
    }

    #[test]
    fn other_servers_of_this_machine_get_nothing_by_our_cookie() {
        let guard = Guard::new(5555);
        let cookie = format!("{}={}", guard.cookie(), guard.token);
        let asked_by = |site| {
            let headers =
                [("host", "127.0.0.1:5555"), ("cookie", &cookie), ("sec-fetch-site", site)];
            refused(&guard, &request(Method::GET, "/api/verify", &headers))
        };
        assert_eq!(asked_by("same-origin"), None);
        assert_eq!(asked_by("none"), None);
        assert_eq!(asked_by("same-site"), Some(StatusCode::UNAUTHORIZED));
        assert_eq!(asked_by("cross-site"), Some(StatusCode::UNAUTHORIZED));
        // The link itself may be clicked anywhere.
        let uri = format!("/?token={}", guard.token);
        let headers = [("host", "127.0.0.1:5555"), ("sec-fetch-site", "cross-site")];
        assert_eq!(refused(&guard, &request(Method::GET, &uri, &headers)), Some(StatusCode::OK));
    }

    #[test]
    fn a_link_never_leads_away() {
        let guard = Guard::new(5555);
        let uri = format!("//evil.example/?token={}", guard.token);
        let request = request(Method::GET, &uri, &[("host", "127.0.0.1:5555")]);
        let response = refuse(&guard, &request).expect("an answer");
        let to = response.headers().get("location").and_then(|to| to.to_str().ok());
        assert!(to.is_none_or(|to| to.starts_with('/') && !to.starts_with("//")), "{to:?}");
    }
}
