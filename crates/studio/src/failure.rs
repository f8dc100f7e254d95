//! What goes wrong with a request: what happened, what to do next, and the HTTP status that says whose fault it is.

use axum::http::StatusCode;

pub(crate) type Result<T> = std::result::Result<T, Failure>;

#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) status: StatusCode,
    /// Prisma's code, or the server's SQLSTATE.
    pub(crate) code: Option<String>,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

impl Failure {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, code: None, message: message.into(), help: None }
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// What was asked makes no sense.
    pub(crate) fn wrong(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// What was asked is not allowed here.
    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, message)
    }

    /// Something of ours or of the machine's.
    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, message)
    }

    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

impl From<postgres::Error> for Failure {
    fn from(error: postgres::Error) -> Self {
        // Of a statement the server's own words say most; of anything before it, Prisma's code does.
        let said = error.db().filter(|_| error.is_statement() || error.is_timeout());
        let Some(said) = said else {
            let failure = Self::new(StatusCode::BAD_GATEWAY, error.to_string());
            let code = Some(error.code().to_owned()).filter(|code| !code.is_empty());
            return Self { code, help: error.help().map(str::to_owned), ..failure };
        };
        // Of the server's errors these are its own; all others are about what it was asked.
        let status = match said.code().code().get(..2) {
            Some("08" | "53" | "57" | "58" | "XX") => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_REQUEST,
        };
        let mut message = said.message().to_owned();
        if let Some(detail) = said.detail() {
            message += "\n";
            message += detail;
        }
        let help = said.hint().map(str::to_owned);
        Self { status, code: Some(said.code().code().to_owned()), message, help }
    }
}

impl From<migrate::Error> for Failure {
    fn from(error: migrate::Error) -> Self {
        let code = error.code().map(str::to_owned);
        let help = error.help().map(str::to_owned);
        Self { code, help, ..Self::internal(error.to_string()) }
    }
}

impl From<rollout::backfill::Error> for Failure {
    fn from(error: rollout::backfill::Error) -> Self {
        Self::internal(error.to_string())
    }
}
