use super::{ConnectionUrl, SslAccept, SslMode};
use std::time::Duration;

fn url(text: &str) -> ConnectionUrl {
    text.parse().unwrap()
}

fn reason(text: &str) -> String {
    let error = text.parse::<ConnectionUrl>().unwrap_err();
    assert_eq!(error.code(), "P1013");
    assert!(error.is_invalid_url());
    error.to_string()
}

#[test]
fn reads_every_part() {
    let url = url(
        "postgresql://ad%61:p%40ss%3Aw%2Frd@db.example:6543/my%20db?schema=sales&connection_limit=3",
    );
    assert_eq!(url.user(), "ada");
    assert_eq!(url.password(), Some("p@ss:w/rd"));
    assert_eq!((url.host(), url.port()), ("db.example", 6543));
    assert_eq!((url.database(), url.schema()), ("my db", "sales"));
    assert_eq!(url.connection_limit(), Some(3));
    assert!(!url.is_local());
}

#[test]
fn says_what_is_not_said() {
    let url = url("postgres://host");
    assert_eq!((url.user(), url.password(), url.port()), ("", None, 5432));
    assert_eq!((url.database(), url.schema()), ("postgres", "public"));
    assert_eq!(url.connect_timeout(), Some(Duration::from_secs(5)));
    assert_eq!(url.pool_timeout(), Some(Duration::from_secs(10)));
    assert_eq!((url.ssl_mode(), url.ssl_accept()), (SslMode::Prefer, SslAccept::AcceptInvalid));
}

#[test]
fn empty_password_is_no_password() {
    assert_eq!(url("postgresql://ada:@host/db").password(), None);
    assert_eq!(url("postgresql://ada@host/db").password(), None);
}

#[test]
fn sockets_by_parameter_and_by_host() {
    let by_parameter =
        url("postgresql://postgres@localhost/driveflow?host=/run/my%20pg&schema=public");
    let by_host = url("postgresql://postgres@%2Frun%2Fmy%20pg/driveflow");
    for url in [&by_parameter, &by_host] {
        assert_eq!(url.host(), "/run/my pg");
        assert!(url.is_socket() && url.is_local());
    }
    assert_eq!(url("postgresql:///db?host=/run").host(), "/run");
    let made =
        ConnectionUrl::for_socket(std::path::Path::new("/run/my pg"), "postgres", "driveflow");
    assert_eq!(
        made.to_string(),
        "postgresql://postgres@localhost/driveflow?host=/run/my%20pg&schema=public"
    );
    assert_eq!(url(&made.expose()), made);
}

#[test]
fn addresses_of_this_machine_are_local() {
    for local in ["localhost", "LOCALHOST", "127.0.0.1", "127.8.9.1", "[::1]"] {
        assert!(url(&format!("postgresql://{local}/db")).is_local(), "{local}");
    }
    for remote in ["10.0.0.1", "[2001:db8::1]", "localhost.example.com"] {
        assert!(!url(&format!("postgresql://{remote}/db")).is_local(), "{remote}");
    }
    let six = url("postgresql://ada@[2001:db8::1]:99/db");
    assert_eq!((six.host(), six.port()), ("2001:db8::1", 99));
    assert_eq!(six.to_string(), "postgresql://ada@[2001:db8::1]:99/db");
}

#[test]
fn tls_parameters() {
    for (text, mode, accept) in [
        ("sslmode=disable", SslMode::Disable, SslAccept::AcceptInvalid),
        ("sslmode=require", SslMode::Require, SslAccept::AcceptInvalid),
        ("sslmode=require&sslaccept=strict", SslMode::Require, SslAccept::Strict),
        ("sslmode=verify-ca", SslMode::Require, SslAccept::Authority),
        ("sslmode=verify-full", SslMode::Require, SslAccept::Strict),
        ("sslmode=nonsense", SslMode::Prefer, SslAccept::AcceptInvalid),
    ] {
        let url = url(&format!("postgresql://h/d?{text}"));
        assert_eq!((url.ssl_mode(), url.ssl_accept()), (mode, accept), "{text}");
    }
}

#[test]
fn unknown_parameters_are_kept() {
    let text = "postgresql://h/d?foo=bar&schema=s&socket_timeout=3";
    assert_eq!(url(text).expose(), text);
    assert_eq!(
        url(text).with_schema("t").expose(),
        "postgresql://h/d?foo=bar&socket_timeout=3&schema=t"
    );
}

#[test]
fn other_database_keeps_the_rest() {
    let other = url("postgresql://ada:pw@h:1/d?schema=s&connect_timeout=0").with_database("a/b");
    assert_eq!(other.database(), "a/b");
    assert_eq!(other.connect_timeout(), None);
    assert_eq!(other.expose(), "postgresql://ada:pw@h:1/a%2Fb?schema=s&connect_timeout=0");
    assert_eq!(url(&other.expose()), other);
}

#[test]
fn no_password_is_shown() {
    let url = url("postgresql://ada:hunter2@h/d?sslpassword=hunter2&password=hunter2");
    for shown in [url.to_string(), format!("{url:?}"), url.redacted(), format!("{:#?}", Some(&url))]
    {
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(shown.contains("ada:***@h"), "{shown}");
    }
    assert!(url.expose().contains("ada:hunter2@h"));
}

#[test]
fn errors_say_what_is_wrong_and_keep_the_secret() {
    for (text, expected) in [
        (
            "mysql://ada:hunter2@h/d",
            "the URL must start with the protocol `postgresql://` or `postgres://`",
        ),
        ("", "the URL must start with the protocol"),
        ("postgresql://ada:hunter2#x@h/d", "invalid port number"),
        ("postgresql://ada:hunter2/x@h/d", "invalid port number"),
        ("postgresql://ada:hunter2?x@h/d", "invalid port number"),
        ("postgresql://ada:hun@ter/2@h/d", "has to be written as `%2F`"),
        ("postgresql://ada:hunter2@h:99999/d", "invalid port number"),
        ("postgresql://ada:hunter2@h:+1/d", "invalid port number"),
        ("postgresql://ada:hunter2@h h/d", "invalid domain character"),
        ("postgresql://ada:hunter2@[::zz]/d", "invalid IPv6 address"),
        ("postgresql://ada:hunter2%00@h/d", "a NUL character"),
        ("postgresql://ada:hunter2@h/d?schema=a%00b", "a NUL character"),
        (
            "postgresql://ada:hunter2@h/d?connect_timeout=hunter2",
            "invalid value for `connect_timeout`",
        ),
        ("postgresql://ada:hunter2@h/d?connection_limit=0", "invalid value for `connection_limit`"),
        (
            "postgresql://ada:hunter2@h/d?statement_timeout=1;drop",
            "invalid value for `statement_timeout`",
        ),
        ("postgresql://ada:hunter2@h/d?sslidentity=x.p12", "`sslidentity`"),
    ] {
        let reason = reason(text);
        assert!(reason.starts_with("The provided database string is invalid. "), "{reason}");
        assert!(reason.contains(expected), "{text}: {reason}");
        assert!(!reason.contains("hunter2"), "{reason}");
    }
}

#[test]
fn no_prefix_of_a_url_panics() {
    let text = "postgresql://ädä:p%4@[::1]:5432/db%?schema=ö&connect_timeout=5&=&x";
    for (end, _) in text.char_indices() {
        let _ = text[..end].parse::<ConnectionUrl>();
    }
}
